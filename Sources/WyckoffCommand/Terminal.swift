import Publishing
import Reports

/// What people and pipes read: results on standard output, the rest on standard error.
enum Terminal {
    static func print(_ text: String) throws { try StandardOutput.print(text) }

    /// Prints a result, then writes files: each is done whatever becomes of the other, and what failed is thrown.
    static func print(_ text: String, then write: () throws -> Void) throws {
        let printed = Result { try print(text) }
        try write()
        try printed.get()
    }

    static func error(_ text: String) { StandardOutput.error(text + "\n") }

    static func warning(_ text: String) { error("warning: \(text)") }
}
