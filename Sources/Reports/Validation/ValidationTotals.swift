import Validation

/// The counts of a set, as `wyckoff validate` prints them last: `{"summary":…}`.
package struct ValidationTotals: Encodable, Sendable {
    package struct Counts: Encodable, Sendable {
        package var records: Int
        package var passed: Int
        package var failed: Int
        /// Records whose claimed group is not the one found.
        package var otherGroup: Int
        /// Records that could not be read or have no symmetry to find.
        package var unreadable: Int
        /// How often each clause failed, by its name.
        package var failures: [String: Int]
        /// How often each space-group number was found.
        package var groups: [Int: Int]
    }

    package var summary: Counts

    package init(_ total: SetValidation.Summary) {
        summary = Counts(
            records: total.records, passed: total.passed, failed: total.failed, otherGroup: total.otherGroup,
            unreadable: total.unreadable, failures: total.failures, groups: total.groups)
    }

    package var text: String {
        let groups = summary.groups.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let common = groups.prefix(8).map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
        let failures = ValidationClause.allCases.compactMap { clause in
            summary.failures[clause.rawValue].map { "\(clause.rawValue) \($0)" }
        }.joined(separator: ", ")
        return """
            \(summary.records) records, \(summary.passed) pass, \(summary.failed) fail: \(summary.otherGroup) of \
            another group, \(summary.unreadable) unreadable or without a group
            \(failures.isEmpty ? "no clause fails" : "failing clauses: \(failures)")
            \(groups.count) space groups, most often \(common.isEmpty ? "none" : common)
            """
    }
}
