/// How a task stands.
package enum TaskState: String, Sendable, Codable, CaseIterable {
    /// Not begun, or begun by a process that has ended since.
    case pending
    /// In work.
    case running
    /// Exit status 0.
    case done
    /// Exit status 1: it ran, and the answer is "no".
    case no
    /// Bad input, a result that could not be written, a crash.
    case failed

    /// Whether it has its result, which no run changes any more.
    package var isSettled: Bool { self == .done || self == .no }
}

/// A file that a task read or wrote.
package struct TaskFile: Sendable, Hashable, Codable {
    /// As the task names it; of a result, relative to its folder.
    package var path: String
    package var sha256: String
    package var bytes: Int
}

/// What came of one run of a command.
package struct TaskOutcome: Sendable {
    package var state: TaskState
    /// nil where a signal ended it.
    package var status: Int32?
    package var signal: Int32?
    /// What it printed on standard output.
    package var output: [UInt8]
    /// What it printed on standard error.
    package var errors: String
    /// By their paths.
    package var files: [(path: String, content: [UInt8])]
    package var cost: TaskCost
}

/// What a run took: differs from run to run, and stands in no exported result.
package struct TaskCost: Sendable, Hashable, Codable {
    /// On the clock that nobody sets.
    package var seconds = 0.0
    /// Of all its threads.
    package var processorSeconds = 0.0
    /// Largest resident memory, bytes.
    package var memory = 0
    /// The machine.
    package var host = ""
    /// Runs that were begun, those that were killed with their process among them.
    package var attempts = 0
}

/// A task as the store keeps it, without what it printed and wrote.
package struct StoredTask: Sendable, Hashable {
    package var index: Int
    package var name: String
    package var command: String
    /// Everything after `wyckoff`.
    package var words: [String]
    package var seed: String?
    package var state: TaskState
    package var status: Int32?
    package var signal: Int32?
    package var errors: String
    /// Of the program that ran it; nil before.
    package var version: String?
    package var inputs: [TaskFile]
    package var cost: TaskCost

    /// Why it failed, in one line; nil where it did not.
    package var failure: String? {
        guard state == .failed else { return nil }
        let lines = errors.split(separator: "\n").map(String.init)
        let own = lines.last { $0.hasPrefix("error: ") || $0.hasPrefix("Error: ") }
        if let own { return String(own.dropFirst(7)) }
        if let signal { return "ended by signal \(signal)" }
        return lines.last ?? "exit status \(status ?? -1)"
    }
}
