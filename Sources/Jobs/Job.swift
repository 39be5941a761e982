/// What a command does: typed inputs, one run, a plain outcome.
///
/// A job that is cancelled throws; it never returns what it has so far as if that were all. It prints nothing and reads
/// no words that a person typed: the command does.
package protocol Job: Sendable {
    associatedtype Outcome: Sendable

    /// - Parameter report: what is going on; from one task at a time.
    /// - Throws: an error of one line, or `CancellationError` where the task was cancelled.
    func run(reporting report: @escaping JobProgress.Sink) async throws -> Outcome
}

/// What a job says while it runs: one form for all of them.
package struct JobProgress: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// Overtaken by the next one; of interest while it lasts.
        case step
        /// What was assumed, left out or doubted: to be read whether or not anybody watches.
        case remark
    }

    package typealias Sink = @Sendable (JobProgress) -> Void

    package var kind: Kind
    /// One line.
    package var text: String
    /// How many of `total` parts are done; nil where a job cannot tell.
    package var done: Int?
    package var total: Int?

    package static func step(_ text: String, done: Int? = nil, of total: Int? = nil) -> JobProgress {
        JobProgress(kind: .step, text: text, done: done, total: total)
    }

    package static func remark(_ text: String) -> JobProgress {
        JobProgress(kind: .remark, text: text)
    }
}
