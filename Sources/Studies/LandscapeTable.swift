import Foundation
import Publishing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The file of a landscape study, a line an axis, added to as the study goes on: whatever stops it, what was finished is
/// there and what was half written is done again.
package final class LandscapeTable: Sendable {
    package let path: String
    /// What was finished when the table was opened.
    package let rows: [LandscapeStudy.Row]
    /// Lines that were no row, and rows of structures that had not all of theirs: taken out, to be done again.
    package let dropped: Int
    private let descriptor: Int32

    /// Opens the table, makes it where it is not there, and takes out what a stopped run left half done.
    ///
    /// - Parameter axes: how many rows a structure has under each setting; nil where that is not known, as for one that
    ///   this study does not hold.
    package init(path: String, axes: (_ structure: String) -> Int?) throws {
        self.path = path
        let first = try Self.locked(path)
        do {
            let (lines, rows, dropped) = Self.kept(try Self.contents(path), axes)
            (self.rows, self.dropped) = (rows, dropped)
            let text = lines.map { $0 + "\n" }.joined()
            if text != (try Self.contents(path)) {
                try AtomicFile.write(Array(text.utf8), to: path)
                // The renamed file is another one: it is locked before the old one is let go.
                descriptor = try Self.locked(path)
                close(first)
            } else {
                descriptor = first
            }
        } catch {
            close(first)
            throw StudyError.store(path: path, reason: Self.reason(error))
        }
    }

    deinit { close(descriptor) }

    /// Adds the rows of one structure and waits until the disk has them.
    package func append(_ rows: [LandscapeStudy.Row]) throws {
        let text = rows.map { Self.line($0) + "\n" }.joined()
        var failure = AtomicFile.put(Array(text.utf8), to: descriptor)
        if failure == nil, fsync(descriptor) != 0 { failure = errno }
        if let failure {
            throw StudyError.store(
                path: path, reason: "cannot be written: \(WriteError(path: path, code: failure).reason)")
        }
    }

    private static let header = LandscapeStudy.Row.columns.joined(separator: "\t")

    private static func line(_ row: LandscapeStudy.Row) -> String { row.fields.joined(separator: "\t") }

    private static func contents(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }

    /// The lines that stay, the header first.
    private static func kept(_ text: String, _ axes: (String) -> Int?) -> (
        lines: [String], rows: [LandscapeStudy.Row], dropped: Int
    ) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // What stands behind the last newline was being written.
        let torn = lines.popLast() ?? ""
        lines.removeAll { $0 == header || $0.isEmpty }
        let rows = lines.compactMap(LandscapeStudy.Row.init(line:))
        let counts = Dictionary(grouping: rows) { "\($0.structure)\t\($0.setting)" }.mapValues(\.count)
        let whole = rows.filter { row in
            axes(row.structure).map { (counts["\(row.structure)\t\(row.setting)"] ?? 0) >= $0 } ?? true
        }
        return (
            [header] + whole.map(line), whole, lines.count - whole.count + (torn.isEmpty ? 0 : 1)
        )
    }

    private static func locked(_ path: String) throws -> Int32 {
        let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT, 0o666)
        guard descriptor >= 0 else {
            throw StudyError.store(path: path, reason: WriteError(path: path, code: errno).reason)
        }
        // Where locks are not to be had (some network folders) it goes on without.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
            close(descriptor)
            throw StudyError.store(
                path: path, reason: "another run is writing it; wait for that or name another directory")
        }
        return descriptor
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as WriteError: "cannot be written: \(error.reason)"
        case StudyError.store(_, let reason): reason
        default: "cannot be read (\(error))"
        }
    }
}
