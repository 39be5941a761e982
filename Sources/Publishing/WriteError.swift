import ExplainedErrors
import Foundation

/// Why a file or folder could not be written, with what helps.
package struct WriteError: ExplainedError, Hashable {
    package let path: String
    /// One line: the system's reason and, where there is one, a remedy.
    package let reason: String

    /// - Parameter code: `errno`.
    package init(path: String, code: Int32) {
        self.init(path: path, reason: Self.reason(of: code))
    }

    package init(path: String, reason: String) {
        (self.path, self.reason) = (path, reason)
    }

    /// What went wrong, where, and what to do: the parts of the one line.
    package var explanation: Explanation { Explanation("cannot be written: \(reason)", place: path) }

    static func reason(of code: Int32) -> String {
        switch code {
        case ENOSPC, EDQUOT: "no space is left there; free some or name another place"
        case EACCES, EPERM, EROFS: "it is not writable for you; name another place"
        case ENOENT: "the folder is not there; make it first"
        case ENOTDIR: "part of the path is a file; name a folder"
        case EISDIR: "it is a folder; name a file"
        case ENAMETOOLONG: "the name is too long; give a shorter one"
        default: String(cString: strerror(code))
        }
    }
}
