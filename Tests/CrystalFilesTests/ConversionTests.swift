import CrystalFiles
import Crystallography
import Foundation
import NumericalMethods
import Testing

@Suite struct ConversionTests {
    /// Two atoms of every crystal file's worries: labels, charges, deuterium, B, U.
    private static var structure: CrystalStructure {
        var stream = RandomStream(seed: 7)
        var sites: [Site] = []
        for (index, symbol) in ["Fe3+", "O2-", "D", "Na"].enumerated() {
            let position = SIMD3(stream.uniform(), stream.uniform(), stream.uniform())
            var site = Site(
                label: "\(symbol.filter(\.isLetter))\(index)",
                occupants: [Occupant(Species(symbol: symbol)!)],
                position: position)
            if index == 1 { site.displacement = .isotropic(b: 0.731) }
            if index == 2 {
                site.displacement = .anisotropic(
                    u: Matrix3(rows: SIMD3(0.01, 0.001, 0), SIMD3(0.001, 0.02, 0.003), SIMD3(0, 0.003, 0.03)))
            }
            sites.append(site)
        }
        let lattice = Lattice(a: 5.13, b: 6.24, c: 7.35, alpha: 81, beta: 92.5, gamma: 113)
        return CrystalStructure(title: "a \"b\" \\ c", lattice: lattice, sites: sites)
    }

    private func largestShift(_ a: CrystalStructure, _ b: CrystalStructure) -> Double {
        zip(a.sites, b.sites).map { a.lattice.length(($0.position - $1.position).nearestImage) }.max()
            ?? .infinity
    }

    @Test(arguments: CrystalFile.Format.allCases)
    func everyFormatKeepsWhatItCanHold(format: CrystalFile.Format) throws {
        let original = Self.structure
        let folder = FileManager.default.temporaryDirectory.path
        let path = "\(folder)/\(UUID().uuidString).\(format.rawValue)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try CrystalFile.write(original, to: path)
        let again = try CrystalFile.readFirst(path).structure
        #expect(again.sites.count == original.sites.count)
        #expect(again.sites.map(\.element) == original.sites.map(\.element))
        #expect(largestShift(original, again) < 1e-12)
        #expect((again.lattice.metric - original.lattice.metric).frobeniusNorm < 1e-8)
        guard format != .poscar else { return }
        #expect(again.sites.map(\.label) == original.sites.map(\.label))
        #expect(again.sites.map(\.occupants) == original.sites.map(\.occupants))
        #expect(again.sites.map(\.displacement) == original.sites.map(\.displacement))
        if format != .cif { #expect(again.title == original.title) }
    }

    /// Formats with fractional coordinates and cell vectors; the others may move the last bit.
    @Test(arguments: [CrystalFile.Format.poscar, .json, .jsonl])
    func readingAndWritingAgainChangesNothing(format: CrystalFile.Format) throws {
        func again(_ text: String) throws -> String {
            let path =
                FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).\(format.rawValue)"
            defer { try? FileManager.default.removeItem(atPath: path) }
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            return try CrystalFile.serialise(CrystalFile.read(path), format: format)
        }
        let once = try again(CrystalFile.serialise([CrystalRecord(Self.structure)], format: format))
        #expect(try again(once) == once)
    }

    @Test func sharedSitesAreKeptOrRefusedNeverLost() throws {
        var structure = Self.structure
        structure.sites[0].occupants = [
            Occupant(Species(symbol: "Fe")!, occupancy: 0.25),
            Occupant(Species(symbol: "Mn")!, occupancy: 0.75),
        ]
        let json = try StructureJSONFile.serialise([structure])
        let record = try #require(try StructureJSONFile.parse(json, name: "t.json").first)
        #expect(record.structure.sites[0].occupants == structure.sites[0].occupants)
        #expect(throws: CrystalFileError.self) { try POSCARFile.serialise(structure) }
        #expect(throws: CrystalFileError.self) { try ExtendedXYZFile.serialise([structure]) }
        #expect(throws: CrystalFileError.self) { try StructureJSONFile.serialise([structure], style: .ase) }
    }

    @Test func aseFormsAreRead() throws {
        let written = try StructureJSONFile.serialise([Self.structure], style: .ase)
        let record = try #require(try StructureJSONFile.parse(written, name: "t.json").first)
        #expect(largestShift(Self.structure, record.structure) < 1e-12)
        let encoded = """
            {"numbers": {"__ndarray__": [[2], "int64", [11, 17]]},
             "positions": {"__ndarray__": [[2, 3], "float64", [0.0, 0.0, 0.0, 2.0, 2.0, 2.0]]},
             "cell": {"array": {"__ndarray__": [[3, 3], "float64", [4.0, 0, 0, 0, 4.0, 0, 0, 0, 4.0]]},
                      "__ase_objtype__": "cell"}, "pbc": {"__ndarray__": [[3], "bool", [true, true, true]]}}
            """
        let salt = try #require(try StructureJSONFile.parse(encoded, name: "t.json").first).structure
        #expect(salt.sites.map { $0.element?.symbol } == ["Na", "Cl"])
        #expect(salt.sites[1].position == SIMD3(0.5, 0.5, 0.5))
    }

    @Test func extendedXYZReadsManyFramesAndForeignColumns() throws {
        let text = """
            2
            Lattice="4 0 0 0 4 0 0 0 4" Properties=species:S:1:pos:R:3:forces:R:3 energy=-1.5 pbc="T T T"
            Na 0 0 0 1 2 3
            Cl 2 2 2 0 0 0
            1
            Properties=Z:I:1:pos:R:3 spacegroup=225 Lattice="[0, 2, 2], [2, 0, 2], [2, 2, 0]"
            29 0 0 0

            """
        let records = try ExtendedXYZFile.parse(text, name: "t.xyz")
        #expect(records.count == 2)
        #expect(records[0].structure.sites[1].position == SIMD3(0.5, 0.5, 0.5))
        #expect(records[1].declaredNumber == 225)
        #expect(records[1].structure.sites[0].element?.symbol == "Cu")
    }

    @Test(arguments: [
        ("{", "ends early"), ("{\"a\": 1,}", "key"), ("[]", "no structure"), ("{}", "no structure"),
        ("{\"sites\": [], \"lattice\": {\"matrix\": [[1,0,0],[2,0,0],[0,0,1]]}}", "no volume"),
        (
            "{\"sites\": [{\"abc\": [0,0,0]}], \"lattice\": {\"matrix\": [[1,0,0],[0,1,0],[0,0,1]]}}",
            "no species"
        ),
        ("{\"numbers\": [999], \"positions\": [[0,0,0]], \"cell\": [[1,0,0],[0,1,0],[0,0,1]]}", "1 and 118"),
        (String(repeating: "[", count: 100_000), "nested"), ("{\"cif\": \"data_x\"}", "no cell"),
    ])
    func faultyJSONIsRefusedInOneLine(text: String, reason: String) throws {
        let error = try #require(throws: CrystalFileError.self) {
            try StructureJSONFile.parse(text, name: "t.json")
        }
        #expect(error.description.contains(reason), "\(error)")
        #expect(!error.description.contains("\n"))
    }

    @Test(arguments: [
        ("x\n", "number of atoms"), ("2\nLattice=\"1 0 0 0 1 0 0 0 1\"\nNa 0 0 0\n", "shorter"),
        ("1\nProperties=species:S:1:pos:R:3\nNa 0 0 0\n", "no cell"),
        ("1\nLattice=\"1 0 0 1 0 0 0 0 1\"\nNa 0 0 0\n", "no volume"),
        ("1\nLattice=\"1 0 0 0 1 0 0 0 1\"\nQq 0 0 0\n", "no element"),
        ("1\nLattice=\"1 0 0 0 1 0 0 0 1\"\nNa 0 0\n", "fewer columns"),
        ("1\nLattice=\"1 0 0 0 1 0 0 0 1\" Properties=pos:R\nNa 0 0 0\n", "Properties"),
    ])
    func faultyExtendedXYZIsRefusedInOneLine(text: String, reason: String) throws {
        let error = try #require(throws: CrystalFileError.self) {
            try ExtendedXYZFile.parse(text, name: "t.xyz")
        }
        #expect(error.description.contains(reason), "\(error)")
        #expect(error.description.hasPrefix("t.xyz:"))
    }
}
