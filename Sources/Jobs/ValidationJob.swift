import CrystalFiles
import Crystallography
import Validation

/// Checks what other programs produced, record by record, in flat memory.
package struct ValidationJob: Job {
    /// Files, folders or sets.
    package var paths: [String]
    package var validation: RecordValidation
    /// Records at a time; nil for the number of cores.
    package var jobs: Int?
    /// Records between two lines of progress.
    private static let stride = 1024

    package init(_ paths: [String], _ validation: RecordValidation) {
        (self.paths, self.validation) = (paths, validation)
    }

    package func run(reporting report: @escaping JobProgress.Sink) async throws -> SetValidation.Summary {
        try await run(reporting: report) { _ in }
    }

    /// - Parameter record: gets the verdict on every record, in the order of the set.
    /// - Throws: `CrystalFileError` for a path that is not there, before anything is checked; `CancellationError`; what
    ///   `record` throws.
    package func run(
        reporting report: @escaping JobProgress.Sink, record: (ValidatedRecord) throws -> Void
    ) async throws -> SetValidation.Summary {
        for path in paths { _ = try CrystalRecordStream(path: path) }
        var set = SetValidation(validation)
        set.jobs = jobs
        var total = SetValidation.Summary()
        for path in paths {
            total.add(
                try await set.run(path, report: record) { count in
                    if count % Self.stride == 0 {
                        report(.step("\(path): \(count) records", done: count))
                    }
                })
            try Task.checkCancellation()
        }
        return total
    }
}
