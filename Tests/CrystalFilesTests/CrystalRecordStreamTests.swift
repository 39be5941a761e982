import CrystalFiles
import Crystallography
import Foundation
import Testing

@Suite struct CrystalRecordStreamTests {
    private func stream(_ text: String, as ending: String) throws -> [CrystalRecordStream.Element] {
        let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).\(ending)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return Array(try CrystalRecordStream(path: path))
    }

    private static let salt =
        #"{"numbers": [11, 17], "positions": [[0,0,0],[2,2,2]], "cell": [[4,0,0],[0,4,0],[0,0,4]]}"#
    private static let frame = "2\nLattice=\"4 0 0 0 4 0 0 0 4\"\nNa 0 0 0\nCl 2 2 2\n"

    private func succeeded(_ elements: [CrystalRecordStream.Element]) -> [Bool] {
        elements.map { if case .success = $0.result { true } else { false } }
    }

    @Test func aDamagedLineIsOneFailureInItsPlace() throws {
        let elements = try stream([Self.salt, "{\"oops", "", Self.salt].joined(separator: "\n"), as: "jsonl")
        #expect(succeeded(elements) == [true, false, true])
        #expect(elements.map(\.line) == [1, 2, 4])
        #expect(elements.map(\.index) == [0, 1, 2])
    }

    @Test(arguments: [
        ("Na", "Qq", [true, false, true]), ("2\nL", "3\nL", [true, false, true]),
        ("2\nL", "x\nL", [true, false, true]), ("Lattice", "Latice", [true, false, true]),
    ])
    func aDamagedFrameIsOneFailureInItsPlace(from: String, to: String, expected: [Bool]) throws {
        let damaged = Self.frame.replacing(from, with: to)
        #expect(succeeded(try stream(Self.frame + damaged + Self.frame, as: "extxyz")) == expected)
    }

    @Test func aFolderIsReadFileByFile() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, text) in [
            ("a.jsonl", Self.salt), ("b.cif", "nonsense"), ("c.xyz", Self.frame), ("d.txt", ""),
        ] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
        }
        #expect(succeeded(Array(try CrystalRecordStream(path: folder))) == [true, false, true])
        // A link to it is the folder.
        let link = folder + "-link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder)
        defer { try? FileManager.default.removeItem(atPath: link) }
        #expect(succeeded(Array(try CrystalRecordStream(path: link))) == [true, false, true])
        // By a path from where the program stands, too.
        let here = FileManager.default.currentDirectoryPath.split(separator: "/").count
        let relative = String(repeating: "../", count: here) + link.dropFirst()
        #expect(succeeded(Array(try CrystalRecordStream(path: relative))) == [true, false, true])
    }

    @Test(.enabled(if: SharedData.isThere, "needs ../shared"))
    func theCompressedPoolIsReadInPieces() throws {
        var iterator = try CrystalRecordStream(path: SharedData.path("mp20/mp20-pool.jsonl.gz"))
            .makeIterator()
        var count = 0
        while count < (SharedData.isWholeWanted ? 1497 : 100), let element = iterator.next() {
            let record = try element.result.get()
            #expect(record.name.hasPrefix("m"))
            #expect(record.structure.sites.count <= 20)
            count += 1
        }
        #expect(count == (SharedData.isWholeWanted ? 1497 : 100))
        #expect(iterator.progress > 0 && (SharedData.isWholeWanted || iterator.progress < 0.5))
    }

    @Test(.enabled(if: SharedData.isThere, "needs ../shared"))
    func orbitRecordsFillTheirConventionalCell() throws {
        let wanted = SharedData.isWholeWanted ? 14524 : 300
        var count = 0
        for element in try CrystalRecordStream(path: SharedData.path("oqmd20/oqmd20.jsonl.gz")).prefix(wanted)
        {
            let record = try element.result.get()
            #expect(record.declaredNumber != nil)
            #expect(Set(record.siteOfAtom).count == record.asymmetricSites.count)
            count += 1
        }
        #expect(count == wanted)
    }
}
