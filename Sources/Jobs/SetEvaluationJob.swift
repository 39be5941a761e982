import CrystalFiles
import Evaluations
import Validation

/// Judges sets and, where it is asked for, tells which of their records are unique, novel and stable; everything that is
/// done is in a store at once.
package struct SetEvaluationJob: Job {
    /// Files, folders or sets.
    package var paths: [String]
    package var validation: RecordValidation
    package var questions = SetEvaluation.Questions()
    /// The SQLite file; nil keeps everything in memory.
    package var store: String?
    /// Whether it goes on with a store that holds records.
    package var resumes = false
    /// Records at a time; nil for the number of cores.
    package var jobs: Int?

    package init(_ paths: [String], _ validation: RecordValidation) {
        (self.paths, self.validation) = (paths, validation)
    }

    /// - Throws: `CrystalFileError` for a path that is not there, before anything is judged; `ValidationStoreError`;
    ///   `CancellationError`: what is done is in the store then.
    package func run(reporting report: @escaping JobProgress.Sink) async throws -> EvaluatedSet {
        for path in paths + questions.reference + questions.hull { _ = try CrystalRecordStream(path: path) }
        var evaluation = SetEvaluation(
            validation, questions, store: try ValidationStore(path: store, resumes: resumes))
        evaluation.jobs = jobs
        let result = try await evaluation.run(paths) { text, done, total in
            report(.step("\(text): \(done)\(total.map { " of \($0)" } ?? "")", done: done, of: total))
        }
        try Task.checkCancellation()
        return result
    }
}
