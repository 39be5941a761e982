import CrystalFiles
import Crystallography
import Foundation
import NumericalMethods
import Testing

@Suite struct POSCARFileTests {
    private static let rutile = """
        TiO2
        1.0
        4.594 0 0
        0 4.594 0
        0 0 2.959
        Ti O
        2 4
        Direct
        0 0 0
        0.5 0.5 0.5
        0.305 0.305 0
        0.695 0.695 0
        0.195 0.805 0.5
        0.805 0.195 0.5
        """

    private func parsed(_ text: String) throws -> CrystalRecord {
        try #require(try POSCARFile.parse(text, name: "POSCAR").first)
    }

    @Test func aNegativeScaleIsTheVolume() throws {
        let record = try parsed(Self.rutile.replacing("\n1.0\n", with: "\n-125\n"))
        #expect(abs(record.structure.lattice.volume - 125) < 1e-10)
        #expect(record.structure.composition.map { $0.value }.sorted() == [2, 4])
    }

    @Test func selectiveDynamicsAndItsFlagsAreSkipped() throws {
        let text = Self.rutile.replacing("Direct", with: "Selective dynamics\nDirect")
            .replacing("0.5 0.5 0.5", with: "0.5 0.5 0.5 T F T")
        #expect(try parsed(text).structure.sites == parsed(Self.rutile).structure.sites)
    }

    @Test func cartesianCoordinatesAreScaledAsTheCell() throws {
        let text = """
            x
            2.0
            3 0 0
            0 3 0
            0 0 3
            Cs Cl
            1 1
            Cartesian
            0 0 0
            1.5 1.5 1.5
            """
        let site = try #require(try parsed(text).structure.sites.last)
        #expect((site.position - SIMD3(0.5, 0.5, 0.5)).length < 1e-14)
    }

    @Test func theTitleNamesSpeciesOfVASP4() throws {
        let text = Self.rutile.replacing("TiO2", with: "O Ti").replacing("\nTi O\n", with: "\n")
        let record = try parsed(text)
        #expect(record.structure.sites.map { $0.element?.symbol } == ["O", "O", "Ti", "Ti", "Ti", "Ti"])
    }

    @Test func writingAndReadingAgainKeepsEveryBit() throws {
        let first = try parsed(Self.rutile.replacing("0.305", with: "0.30512345678901234")).structure
        let again = try parsed(POSCARFile.serialise(first)).structure
        #expect(again.lattice == first.lattice)
        #expect(again.sites.map(\.position) == first.sites.map(\.position))
    }

    @Test(arguments: [
        ("TiO2", "the file ends"), ("TiO2\n0\n1 0 0\n", "scale"),
        ("TiO2\n1\n1 0 0\n2 0 0\n0 0 1\nTi\n1\nDirect\n0 0 0", "no volume"),
        ("TiO2\n1\n1 0 0\n0 1 0\n0 0 1\nQq\n1\nDirect\n0 0 0", "no element"),
        ("TiO2\n1\n1 0 0\n0 1 0\n0 0 1\nTi\n2\nDirect\n0 0 0", "ends before"),
        ("TiO2\n1\n1 0 0\n0 1 0\n0 0 1\nTi\n1\nDirect\n0 nan 0", "three numbers"),
        ("TiO2\n1\n1 0 0\n0 1 0\n0 0 1\nTi\n999999999999\nDirect\n0 0 0", "atoms in one cell"),
    ])
    func faultsAreNamedInOneLine(text: String, reason: String) throws {
        let error = try #require(throws: CrystalFileError.self) {
            try POSCARFile.parse(text, name: "bad")
        }
        #expect(error.description.contains(reason))
        #expect(error.description.hasPrefix("bad:"))
        #expect(!error.description.contains("\n"))
    }

    @Test(.enabled(if: SharedData.isThere, "needs ../shared"))
    func everyPOSCAROfSpglibIsRead() throws {
        let files = SharedData.files(in: "spglib") { $0.contains("POSCAR") && !$0.hasSuffix("-ref") }
        #expect(files.count == 515)
        for file in files {
            let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
            let atoms = lines[5].split(separator: " ").compactMap { Int($0) }.reduce(0, +)
            let record = try CrystalFile.readFirst(file)
            #expect(record.structure.sites.count == atoms, "\(file)")
        }
    }

    @Test(.enabled(if: SharedData.isThere, "needs ../shared"))
    func repeatedTitleSymbolsAreOneSpecies() throws {
        let files = SharedData.files(in: "spglib") { $0.contains("POSCAR") && !$0.hasSuffix("-ref") }
        let hydrogen = try files.filter {
            try String(contentsOfFile: $0, encoding: .utf8).hasPrefix("H H H H")
        }
        #expect(!hydrogen.isEmpty)
        for file in hydrogen {
            #expect(try CrystalFile.readFirst(file).structure.composition.count == 1)
        }
    }
}
