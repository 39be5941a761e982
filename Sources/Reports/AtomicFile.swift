import Archives
import Foundation

/// Files that appear whole or not at all.
public enum AtomicFile {
    /// Writes beside the target and renames, so that a reader never sees half a file.
    public static func write(_ text: String, to url: URL) throws {
        try write(Data(text.utf8), to: url)
    }

    public static func write(_ data: Data, to url: URL) throws {
        try naming { () throws(WriteError) in try WholeFile.write([UInt8](data), to: url.path) }
    }

    /// A folder to write into, made if it is not there.
    public static func directory(_ path: String) throws -> URL {
        try probe(folder: path)
        let url = URL(fileURLWithPath: path, isDirectory: true)
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw ReportError.notWritten(file: path, reason: "a folder cannot be made there")
        }
        return url
    }

    /// Whether a file could be written there, asked before the work whose result it is to hold; nothing is left.
    public static func probe(file path: String) throws {
        try naming { () throws(WriteError) in try WholeFile.probe(file: path) }
    }

    /// Whether a folder is there or could be made, and could take files; nothing is left.
    public static func probe(folder path: String) throws {
        try naming { () throws(WriteError) in try WholeFile.probe(folder: path) }
    }

    private static func naming(_ body: () throws(WriteError) -> Void) throws(ReportError) {
        do throws(WriteError) {
            try body()
        } catch {
            throw .notWritten(file: error.path, reason: error.reason)
        }
    }
}

/// Why a plot or a page was not made.
public enum ReportError: Error, Sendable, Hashable, CustomStringConvertible {
    case notWritten(file: String, reason: String)
    case gnuplotMissing
    case gnuplotFailed(script: String, message: String)
    /// A picture that was asked for by name; its columns stand beside it.
    case notDrawn(picture: String, columns: String, reason: String)

    public var description: String {
        switch self {
        case .notWritten(let file, let reason):
            "\(file): cannot be written: \(reason)"
        case .gnuplotMissing:
            "gnuplot is not on the PATH; install it (Debian: apt-get install gnuplot-nox) and run again"
        case .gnuplotFailed(let script, let message):
            "\(script): gnuplot stopped: \(message)"
        case .notDrawn(let picture, let columns, let reason):
            "\(picture): not drawn, its columns are in \(columns): \(reason)"
        }
    }
}
