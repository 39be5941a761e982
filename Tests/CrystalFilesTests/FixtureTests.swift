import CrystalFiles
import Crystallography
import Foundation
import Testing

/// The files beside the tests: small ones of every format, and what fuzzing found (`found-…`).
///
/// Reaches `BrukerFiles`, `RigakuFiles`, `XRDMLFile`, `ZipArchive`.
@Suite struct FixtureTests {
    private static func files(_ kind: String) -> [String] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/\(kind)").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().map { folder + "/" + $0 }
    }

    private static let structures = ["cif", "poscar", "extxyz", "json"].flatMap(files)

    /// The error of a reader that refuses.
    private func refusal(_ read: () throws -> Void) -> CrystalFileError? {
        do {
            try read()
            return nil
        } catch {
            return error as? CrystalFileError
        }
    }

    @Test(arguments: structures) func everyStructureIsReadOrRefused(file: String) {
        let error = refusal { _ = try CrystalFile.readFirst(file) }
        #expect(error == nil || file.contains("/found-"))
        #expect(error?.description.contains("\n") != true)
    }

    @Test(arguments: files("pattern")) func everyPatternIsReadOrRefused(file: String) {
        let error = refusal { _ = try PowderPatternFile.read(file) }
        #expect(error == nil || file.contains("/found-"))
        #expect(error?.description.contains("\n") != true)
    }

    @Test func aWildCIFIsReadWithItsWarnings() throws {
        let file = try #require(Self.files("cif").first { $0.hasSuffix("wild.cif") })
        let record = try CrystalFile.readFirst(file)
        #expect(record.name == "one")
        #expect(record.declaredOperations?.count == 12)
        #expect(record.asymmetricSites.map(\.label) == ["Ca1", "Ca2", "M1", "O3", "D1"])
        #expect(record.structure.sites.count == 4 + 6 + 6 + 12 + 2)
        #expect(record.warnings.count == 1)
    }
}
