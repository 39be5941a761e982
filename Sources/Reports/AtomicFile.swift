import Foundation

/// Files that appear whole or not at all.
public enum AtomicFile {
    /// Writes beside the target and renames, so that a reader never sees half a file.
    public static func write(_ text: String, to url: URL) throws {
        try write(Data(text.utf8), to: url)
    }

    public static func write(_ data: Data, to url: URL) throws {
        do {
            try data.write(to: url, options: .atomic)
        } catch {
            throw ReportError.notWritten(
                file: url.path, reason: "check that the folder is there and writable")
        }
    }

    /// A folder to write into, made if it is not there.
    public static func directory(_ path: String) throws -> URL {
        let url = URL(fileURLWithPath: path, isDirectory: true)
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw ReportError.notWritten(file: path, reason: "a folder cannot be made there")
        }
        return url
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
            "\(file): cannot be written: \(reason)"
        case .gnuplotMissing:
            "gnuplot is not on the PATH; install it (Debian: apt-get install gnuplot-nox) and run again"
        case .gnuplotFailed(let script, let message):
            "\(script): gnuplot stopped: \(message)"
        }
    }
}
