import Crystallography

/// The frames of an extended-XYZ file one by one. After a damaged frame it goes on at the next line that is a
/// number of atoms with `Lattice=` in the line after it.
struct ExtendedXYZFrames {
    private var reader: LineReader
    private var returned: [(text: String, line: Int)] = []

    init(path: String) throws(CrystalFileError) {
        reader = try LineReader(path: path)
    }

    var progress: Double { reader.progress }

    /// nil at the end of the file; the line is where the frame begins.
    mutating func next() -> (line: Int, result: Result<CrystalRecord, CrystalFileError>)? {
        var first: (text: String, line: Int)?
        do throws(CrystalFileError) {
            repeat { first = try nextLine() } while first?.text.allSatisfy(\.isWhitespace) ?? false
            guard let first else { return nil }
            return (first.line, .success(try frame(first)))
        } catch {
            return (first?.line ?? reader.line, .failure(error))
        }
    }

    private mutating func nextLine() throws(CrystalFileError) -> (text: String, line: Int)? {
        if let line = returned.popLast() { return line }
        guard let bytes = try reader.next() else { return nil }
        return (TextCheck.string(Array(bytes)), reader.line)
    }

    private mutating func frame(
        _ first: (text: String, line: Int)
    ) throws(CrystalFileError) -> CrystalRecord {
        let count: Int
        do throws(CrystalFileError) {
            count = try ExtendedXYZFile.atomCount(first.text, line: first.line, file: reader.path)
        } catch {
            try skipToFrame()
            throw error
        }
        var lines: [(text: String, line: Int)] = []
        // One line more than the frame has shows whether its last line is the head of the next frame.
        while let line = try nextLine() {
            if let last = lines.last, lines.count > 1, Self.begins(last.text, line.text) {
                returned = [line, last]
                lines.removeLast()
                break
            }
            guard lines.count <= count else {
                returned = [line]
                break
            }
            lines.append(line)
        }
        guard lines.count == count + 1 else {
            throw CrystalFileError(
                file: reader.path, line: first.line,
                problem: "\(count) atoms are announced, \(max(0, lines.count - 1)) follow",
                remedy: "correct the number of atoms or complete the frame")
        }
        return try ExtendedXYZFile.record(
            lines.map(\.text), firstLine: first.line + 1, file: reader.path)
    }

    private static func begins(_ count: String, _ header: String) -> Bool {
        header.contains("Lattice=") && Int(count.filter { !$0.isWhitespace }) != nil
    }

    private mutating func skipToFrame() throws(CrystalFileError) {
        var last: (text: String, line: Int)?
        while let line = try nextLine() {
            if let last, Self.begins(last.text, line.text) {
                returned = [line, last]
                return
            }
            last = line
        }
    }
}
