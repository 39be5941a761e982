import Foundation

/// Files that appear whole or not at all.
public enum AtomicFile {
    /// Writes beside the target and renames, so that a reader never sees half a file.
    public static func write(_ text: String, to url: URL) throws {
        try write(Data(text.utf8), to: url)
    }

    public static func write(_ data: Data, to url: URL) throws {
        let folder = url.deletingLastPathComponent()
        let temporary = folder.appendingPathComponent(".\(url.lastPathComponent).\(UUID().uuidString)")
        do {
            try data.write(to: temporary)
            // POSIX rename replaces the target in one step.
            guard rename(temporary.path, url.path) == 0 else {
                throw ReportError.notWritten(file: url.path, reason: String(cString: strerror(errno)))
            }
        } catch {
            try? FileManager.default.removeItem(at: temporary)
            if let error = error as? ReportError { throw error }
            throw ReportError.notWritten(file: url.path, reason: error.localizedDescription)
        }
    }
}

/// Why a plot or a page was not made.
public enum ReportError: Error, Sendable, Hashable, CustomStringConvertible {
    case notWritten(file: String, reason: String)
    case gnuplotMissing
    case gnuplotFailed(script: String, message: String)

    public var description: String {
        switch self {
        case .notWritten(let file, let reason):
            "\(file): could not be written: \(reason)"
        case .gnuplotMissing:
            "gnuplot is not on the PATH; install it (Debian: apt-get install gnuplot-nox) and run again"
        case .gnuplotFailed(let script, let message):
            "\(script): gnuplot stopped: \(message)"
        }
    }
}
