import Publishing
import Reports

/// What people and pipes read: results on standard output, the rest on standard error.
enum Terminal {
    static func print(_ text: String) throws { try StandardOutput.print(text) }

    /// The same where a file may be standard output itself: it stands there alone then.
    static func print(
        _ text: String, beside output: String?, then write: () throws -> Void = {}
    ) throws {
        guard output == "/dev/stdout" else { return try print(text, then: write) }
        error(text)
        try write()
    }

    /// Prints a result, then writes files: each is done whatever becomes of the other, and what failed is thrown.
    static func print(_ text: String, then write: () throws -> Void) throws {
        let printed = Result { try print(text) }
        try write()
        try printed.get()
    }

    static func error(_ text: String) { StandardOutput.error(text + "\n") }

    /// One line on standard error; where JSON was asked for, an object on standard output too, so that a program that reads
    /// results line by line reads this one as well. A task of a campaign says it once.
    static func failure(_ error: any Error) {
        self.error("error: \(error)")
        guard !(error is StandardOutput.Failure) else { return }
        tell(FailureRow(error))
    }

    /// Of bad usage; the message has its usage beneath.
    static func misuse(_ message: String) {
        error(message.hasPrefix("Error: ") ? "e" + message.dropFirst() : message)
        tell(FailureRow(usage: message))
    }

    private static func tell(_ row: FailureRow) {
        guard Invocation.wantsJSON, !CampaignTaskSide.isTask else { return }
        do {
            try print(try JSONDialect.line(row))
        } catch {
            self.error("error: \(error)")
        }
    }

    static func warning(_ text: String) { error("warning: \(text)") }
}
