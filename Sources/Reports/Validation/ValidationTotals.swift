import Validation

/// The counts of a set, as `wyckoff validate` prints them last: `{"summary":…}`.
public struct ValidationTotals: Encodable, Sendable {
    public struct Counts: Encodable, Sendable {
        public var records: Int
        public var passed: Int
        public var failed: Int
        /// Records whose claimed group is not the one found.
        public var otherGroup: Int
        /// Records that could not be read or have no symmetry to find.
        public var unreadable: Int
        /// How often each clause failed, by its name.
        public var failures: [String: Int]
        /// How often each space-group number was found.
        public var groups: [Int: Int]
    }

    public var summary: Counts

    public init(_ total: SetValidation.Summary) {
        summary = Counts(
            records: total.records, passed: total.passed, failed: total.failed, otherGroup: total.otherGroup,
            unreadable: total.unreadable, failures: total.failures, groups: total.groups)
    }

    public var text: String {
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
