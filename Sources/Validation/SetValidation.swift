import CrystalFiles
import NumericalMethods

/// Validation of a whole set in fixed order and flat memory.
public struct SetValidation: Sendable {
    public struct Summary: Sendable, Codable {
        public var records = 0
        public var passed = 0
        public var failed = 0
    }

    public var validation: RecordValidation
    /// Records read before they are shared among the cores.
    private static let batch = 64

    public init(_ validation: RecordValidation) { self.validation = validation }

    /// - Parameters:
    ///   - report: called for every record in the order of the set.
    ///   - progress: called after every batch with the number of records done.
    public func run(
        _ path: String, report: (ValidatedRecord) throws -> Void, progress: (Int) -> Void = { _ in }
    ) async throws -> Summary {
        var summary = Summary()
        var iterator = try CrystalRecordStream(path: path).makeIterator()
        while true {
            var batch: [CrystalRecordStream.Element] = []
            while batch.count < Self.batch, let entry = iterator.next() { batch.append(entry) }
            guard !batch.isEmpty else { return summary }
            let validation = validation
            for record in try await parallelMap(batch, { validation($0) }) {
                summary.records += 1
                if record.passed { summary.passed += 1 } else { summary.failed += 1 }
                try report(record)
            }
            progress(summary.records)
        }
    }
}
