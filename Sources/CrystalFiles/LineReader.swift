import Archives
import Foundation

/// Lines of a file, plain or gzip, read in pieces: memory stays flat however long the file is.
package struct LineReader {
    /// A longer line is no record of a crystal structure.
    static let longestLine = 256 << 20

    let path: String
    /// The number of the line last returned, from 1.
    package private(set) var line = 0
    private let stream: GzipStream
    private let size: Int
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    package init(path: String) throws(CrystalFileError) {
        guard let stream = GzipStream(path: path) else {
            throw CrystalFileError(
                file: path, problem: "cannot be read", remedy: "check path and permissions")
        }
        self.stream = stream
        self.path = path
        // For the progress alone: a pipe has no size.
        size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }

    /// The part of the file that is read, 0 … 1.
    package var progress: Double {
        guard size > 0 else { return 1 }
        return min(1, Double(stream.offset) / Double(size))
    }

    /// The next line without its end; nil at the end of the file.
    ///
    /// - Throws: where the compressed data are damaged or a line has no end.
    package mutating func next() throws(CrystalFileError) -> ArraySlice<UInt8>? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let result = buffer[start..<end]
                start = end + 1
                line += 1
                return result.last == UInt8(ascii: "\r") ? result.dropLast() : result
            }
            searched = buffer.count
            if isAtEnd {
                guard start < buffer.count else { return nil }
                let result = buffer[start...]
                start = buffer.count
                line += 1
                return result
            }
            guard buffer.count - start < Self.longestLine else {
                throw CrystalFileError(
                    file: path, line: line + 1, problem: "the line does not end", remedy: "give a text file")
            }
            if start > 0 {
                buffer.removeFirst(start)
                searched -= start
                start = 0
            }
            try fill()
        }
    }

    private mutating func fill() throws(CrystalFileError) {
        let piece = 1 << 16
        let old = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: piece))
        let read = buffer.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { stream.read(into: $0 + old, count: UInt32(piece)) } ?? -1
        }
        buffer.removeLast(piece - max(0, Int(read)))
        guard read >= 0 else {
            isAtEnd = true
            throw CrystalFileError(
                file: path, line: line + 1, problem: "the compressed data are damaged or cut short",
                remedy: "give a complete file")
        }
        isAtEnd = read == 0
    }
}
