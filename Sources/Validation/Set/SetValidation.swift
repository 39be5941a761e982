import CrystalFiles

/// Validation of a whole set in fixed order and flat memory.
public struct SetValidation: Sendable {
    /// Counts over a set.
    public struct Summary: Sendable, Hashable {
        /// Records that were read, or tried.
        public var records = 0
        /// Records of which every clause holds.
        public var passed = 0
        /// Records of which a clause fails, or that cannot be read.
        public var failed = 0
        /// Records whose claimed group is not the one found.
        public var otherGroup = 0
        /// Records that could not be read or have no symmetry to find.
        public var unreadable = 0
        /// How often each clause failed, by its name.
        public var failures: [String: Int] = [:]
        /// How often each space-group number was found.
        public var groups: [Int: Int] = [:]

        /// Of no record.
        package init() {}

        package mutating func count(_ record: ValidatedRecord) {
            records += 1
            if record.passed { passed += 1 } else { failed += 1 }
            for clause in record.clauses where clause.outcome == .fails {
                failures[clause.name, default: 0] += 1
            }
            guard let number = record.spaceGroup?.number else {
                unreadable += 1
                return
            }
            groups[number, default: 0] += 1
            if let claimed = record.claimed, claimed != number { otherGroup += 1 }
        }

        /// Adds the counts of another part of the set.
        package mutating func add(_ other: Summary) {
            records += other.records
            passed += other.passed
            failed += other.failed
            otherGroup += other.otherGroup
            unreadable += other.unreadable
            failures.merge(other.failures, uniquingKeysWith: +)
            groups.merge(other.groups, uniquingKeysWith: +)
        }
    }

    /// How each record is judged.
    public var validation: RecordValidation
    /// Records at a time; nil for the number of cores. The answers do not depend on it.
    public var jobs: Int?

    /// A validation of many records.
    public init(_ validation: RecordValidation) { self.validation = validation }

    /// - `report`: called for every record in the order of the set.
    /// - `progress`: called after every batch with the number of records done.
    public func run(
        _ path: String, report: (ValidatedRecord) throws -> Void, progress: (Int) -> Void = { _ in }
    ) async throws -> Summary {
        var summary = Summary()
        let validation = validation
        _ = try await RecordPipeline(path: path, jobs: jobs).run({ validation.validate($0.element) }) {
            records in
            for record in records {
                summary.count(record)
                try report(record)
            }
            progress(summary.records)
        }
        guard summary.records == 0 else { return summary }
        let nothing = RecordValidation.nothing(in: path)
        summary.count(nothing)
        try report(nothing)
        return summary
    }
}
