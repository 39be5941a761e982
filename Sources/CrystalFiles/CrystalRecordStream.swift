import Crystallography
import Foundation

/// The records of a set of structures, one after another: a JSONL, CSV or extended-XYZ file of any length (plain or
/// gzip), any file that `CrystalFile` reads, or a folder of such files (CSV left out: tables hold other things too). A damaged record is an error in its
/// place and never ends the stream.
public struct CrystalRecordStream: Sequence {
    /// One record of the stream, or why it could not be read.
    public struct Element: Sendable {
        /// The file that the record comes from.
        public var file: String
        /// The record's place in its file, from 0.
        public var index: Int
        /// Where the record begins, from 1, in files that are read by lines.
        public var line: Int?
        /// The record, or its error; the stream goes on behind an error where the format allows it.
        public var result: Result<CrystalRecord, CrystalFileError>
    }

    /// Those that are read, in their order.
    package let files: [String]

    /// - Throws: where the path is not there, or a folder holds no file of a known name.
    public init(path: String) throws(CrystalFileError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CrystalFileError(file: path, problem: "no such file", remedy: "check the path")
        }
        guard isFolder.boolValue else {
            files = [path]
            return
        }
        // An enumerator does not go through a link, and Foundation resolves absolute paths only.
        let folder = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        let known = names.filter { Self.isSet($0) || CrystalFile.format(ofName: $0) != nil }
        guard !known.isEmpty else {
            throw CrystalFileError(
                file: path, problem: "no crystal structure files in the folder",
                remedy: "give files named .cif, .vasp, POSCAR*, .xyz, .extxyz, .json or .jsonl")
        }
        files = known.sorted().map { (path as NSString).appendingPathComponent($0) }
    }

    private static func isSet(_ path: String) -> Bool {
        CrystalFile.format(ofName: path) == .jsonl || CrystalFile.format(ofName: path) == .extendedXYZ
    }

    /// Reads the files again from the first.
    public func makeIterator() -> Iterator { Iterator(files: files) }

    /// Reads record after record, so that a set larger than the memory passes.
    public struct Iterator: IteratorProtocol {
        private let files: [String]
        private var fileIndex = 0
        private var recordIndex = 0
        private var source: Source?

        private enum Source {
            case lines(LineReader)
            case frames(ExtendedXYZFrames)
            case table(CSVStructures)
            case records([Result<CrystalRecord, CrystalFileError>])
        }

        fileprivate init(files: [String]) {
            self.files = files
        }

        /// The part of the whole set that is read, 0 … 1.
        public var progress: Double {
            guard fileIndex < files.count else { return 1 }
            let part: Double =
                switch source {
                case .lines(let reader): reader.progress
                case .frames(let frames): frames.progress
                case .table(let table): table.progress
                case .records, nil: 0
                }
            return (Double(fileIndex) + part) / Double(files.count)
        }

        /// The next record or error; nil behind the last.
        public mutating func next() -> Element? {
            while fileIndex < files.count {
                let file = files[fileIndex]
                if source == nil {
                    switch Self.open(file) {
                    case .success(let opened): source = opened
                    case .failure(let error): source = .records([.failure(error)])
                    }
                    recordIndex = 0
                }
                if let (line, result) = nextRecord() {
                    defer { recordIndex += 1 }
                    return Element(file: file, index: recordIndex, line: line, result: result)
                }
                source = nil
                fileIndex += 1
            }
            return nil
        }

        private static func open(_ file: String) -> Result<Source, CrystalFileError> {
            do throws(CrystalFileError) {
                if CSVStructures.isNamed(file) { return .success(.table(try CSVStructures(path: file))) }
                switch CrystalFile.format(ofName: file) {
                case .jsonl: return .success(.lines(try LineReader(path: file)))
                case .extendedXYZ: return .success(.frames(try ExtendedXYZFrames(path: file)))
                case .cif:
                    let content = try FileContent(path: file)
                    return .success(.records(try CIFFile.results(content.bytes, name: file)))
                default: return .success(.records(try CrystalFile.read(file).map { .success($0) }))
                }
            } catch {
                return .failure(error)
            }
        }

        private mutating func nextRecord() -> (Int?, Result<CrystalRecord, CrystalFileError>)? {
            switch source {
            case .records(let records):
                guard recordIndex < records.count else { return nil }
                return (nil, records[recordIndex])
            case .lines(var reader):
                source = nil
                defer { source = .lines(reader) }
                return Self.nextLine(&reader)
            case .frames(var frames):
                source = nil
                defer { source = .frames(frames) }
                return frames.next().map { ($0.line, $0.result) }
            case .table(var table):
                source = nil
                defer { source = .table(table) }
                return table.next().map { ($0.line, $0.result) }
            case nil: return nil
            }
        }

        private static func nextLine(
            _ reader: inout LineReader
        ) -> (Int?, Result<CrystalRecord, CrystalFileError>)? {
            do throws(CrystalFileError) {
                while let bytes = try reader.next() {
                    guard bytes.contains(where: { $0 > 0x20 }) else { continue }
                    let (file, line) = (reader.path, reader.line)
                    let result: Result<CrystalRecord, CrystalFileError>
                    do throws(CrystalFileError) {
                        result = .success(
                            try StructureJSONFile.record(Array(bytes), file: file, line: line))
                    } catch {
                        result = .failure(error)
                    }
                    return (line, result)
                }
                return nil
            } catch {
                return (reader.line + 1, .failure(error))
            }
        }
    }
}
