import ExplainedErrors
import Foundation

/// Where results are printed: a line that does not arrive is an error, not a loss nobody sees.
package enum StandardOutput {
    package enum Failure: ExplainedError, Hashable {
        /// The reader has gone (`| head`): it has what it wanted.
        case closed
        /// A full disk, a closed descriptor.
        case notWritten(reason: String)

        /// What went wrong, where, and what to do: the parts of the one line.
        package var explanation: Explanation {
            switch self {
            case .closed: Explanation("its reader has gone", place: "standard output")
            case .notWritten(let reason):
                Explanation("cannot be written: \(reason)", place: "standard output")
            }
        }
    }

    /// Prints a text and ends its line; nothing is held back in a buffer.
    package static func print(_ text: String) throws(Failure) {
        guard let code = AtomicFile.put(Array((text + "\n").utf8), to: STDOUT_FILENO) else { return }
        throw code == EPIPE
            ? .closed : .notWritten(reason: WriteError(path: "standard output", code: code).reason)
    }

    /// On standard error; where nobody can be told any more, nothing is lost but the message.
    package static func error(_ text: String) {
        _ = AtomicFile.put(Array(text.utf8), to: STDERR_FILENO)
    }

    /// Before anything else: a file that is opened must not become standard output where that is closed, and a reader
    /// that goes must not end a command that still has files to write.
    package static func prepare() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // Takes the lowest number that is free; writing to it fails and is told.
            _ = open("/dev/null", O_RDONLY)
        }
        signal(SIGPIPE, SIG_IGN)
    }
}
