import CrystalFiles
import Crystallography
import Foundation
import NumericalMethods
import Testing

/// What goes into a file comes out of it; what a format cannot hold is said.
///
/// Reaches `JSONUnkept`.
@Suite struct FormatLossTests {
    private func read(_ text: String, _ name: String) throws -> [CrystalRecord] {
        let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString)-\(name)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return try CrystalFile.read(path)
    }

    private func rockSalt(_ labels: [String]) throws -> CrystalStructure {
        let lattice = Lattice(a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90)
        let elements = [try #require(Element(symbol: "Na")), try #require(Element(symbol: "Cl"))]
        return CrystalStructure(
            title: "t", lattice: lattice,
            sites: [
                Site(elements[0], at: .zero, label: labels[0]),
                Site(elements[1], at: SIMD3(0.5, 0.5, 0.5), label: labels[1]),
            ])
    }

    // MARK: CIF

    @Test(arguments: [
        "#1", "_x", "$a", ";a", "'a", "\"a", "loop_", "data_1", "save_", "stop_", "global_", "Na 1", "?", ".",
        "[x]",
        "]", "a'b", "a\"b", "LOOP_", "Na#1", "Data_x", "'q'", "O1;", "x_y", "save_me",
    ])
    func everyLabelThatCIFCanHoldComesBack(label: String) throws {
        let structure = try rockSalt([label, "Cl1"])
        let text = try CrystalFile.serialise([CrystalRecord(structure)], format: .cif)
        let again = try #require(try CIFFile.parse(text, name: "t.cif").first).structure
        #expect(again.sites.map(\.label) == [label, "Cl1"])
    }

    @Test(arguments: ["Ünï", "a\tb", "a\nb", "Na1′", "a' b\" c"])
    func aLabelThatCIFCannotHoldIsRenamedAndSaid(label: String) throws {
        let record = CrystalRecord(try rockSalt([label, "Cl1"]))
        let text = try CrystalFile.serialise([record], format: .cif)
        let again = try #require(try CIFFile.parse(text, name: "t.cif").first).structure
        #expect(again.sites.map(\.label) == ["Na1", "Cl1"])
        #expect(CrystalFile.losses(of: [record], in: .cif).contains { $0.contains("is written as Na1") })
    }

    private static let shared = """
        data_t
        _cell_length_a 5.0012(3)
        _cell_length_b 6
        _cell_length_c 7.100
        _cell_angle_alpha 90
        _cell_angle_beta 90
        _cell_angle_gamma 90
        loop_
        _space_group_symop_operation_xyz
        'x,y,z'
        '-x,-y,-z'
        loop_
        _atom_site_label
        _atom_site_type_symbol
        _atom_site_fract_x
        _atom_site_fract_y
        _atom_site_fract_z
        _atom_site_occupancy
        _atom_site_B_iso_or_equiv
        FeA Fe3+ 0.213(2) .25 .1 0.6(1) 0.50(4)
        MgA Mg2+ 0.213(2) .25 .1 0.4 0.7
        O1 O2- 0.009999999999999998 0.4 0.8117999999999999 1 1
        """

    @Test func aCIFOfACIFKeepsLabelsUncertaintiesAndCharges() throws {
        let record = try #require(try CIFFile.parse(Self.shared, name: "t.cif").first)
        let text = try CrystalFile.serialise([record], format: .cif)
        for part in ["FeA Fe3+ 2 0.213(2)", "MgA Mg2+ 2 0.213(2)", "5.0012(3)", "0.60(10)", "0.50(4)"] {
            #expect(text.contains(part), "\(part)\n\(text)")
        }
        #expect(text.contains("_atom_type_oxidation_number\nFe3+ 3\nMg2+ 2\nO2- -2"))
        #expect(text.contains("O1 O2- 2 0.01 0.4 0.8118"))
        #expect(text.hasSuffix("\n"))
    }

    /// Names of the core dictionary only (COMCIFS cif_core.dic).
    @Test func noItemIsWrittenThatNoDictionaryHas() throws {
        let text = CIFFile.serialise(CIFWriterTests.leadSulfate)
        #expect(!text.contains("_atom_site_site_symmetry_symbol"))
    }

    // MARK: POSCAR

    private static let blocks = """
        t
        1.0
        4 0 0
        0 4 0
        0 0 4
        Na Cl Na Cl
        1 1 1 1
        Selective dynamics
        Direct
        0 0 0 T T F
        .5 .5 .5 F F F
        0 .5 0 T T T
        .5 0 0 T T T
        """

    @Test func poscarKeepsBlocksAndTheOrderOfItsAtomsAndSaysThatFlagsAreLost() throws {
        let records = try read(Self.blocks, "POSCAR")
        #expect(records[0].structure.sites.map { $0.element?.symbol } == ["Na", "Cl", "Na", "Cl"])
        let text = try CrystalFile.serialise(records, format: .poscar)
        #expect(text.contains("\nNa Cl Na Cl\n1 1 1 1\n"))
        #expect(CrystalFile.losses(of: records, in: .poscar).contains { $0.contains("selective dynamics") })
    }

    @Test func displacementsChargesAndIsotopesAreSaidToBeMissingInAPOSCAR() throws {
        var structure = try rockSalt(["Na1", "Cl1"])
        structure.sites[0].displacement = .isotropic(b: 1)
        structure.sites[1].occupants[0].species.charge = -1
        structure.sites[1].occupants[0].species.massNumber = 37
        let losses = CrystalFile.losses(of: [CrystalRecord(structure)], in: .poscar)
        #expect(losses.count == 1)
        #expect(losses[0].contains("displacement parameters, charges, isotopes"))
        #expect(CrystalFile.losses(of: [CrystalRecord(structure)], in: .json).isEmpty)
    }

    @Test(arguments: [
        (
            "a.res",
            "TITL x\nCELL 0.71 5 5 5 90 90 90\nZERR 1 0 0 0 0 0 0\nLATT 1\nSFAC C\nUNIT 1\nC1 1 0 0 0\n"
        ),
        ("a.xsf", "CRYSTAL\nPRIMVEC\n4 0 0\n0 4 0\n0 0 4\nPRIMCOORD\n1 1\n11 0 0 0\n"), ("a.txt", "hello\n"),
        ("a.gen", "2 F\nNa Cl\n1 1 0 0 0\n2 2 .5 .5 .5\n0 0 0\n4 0 0\n0 4 0\n0 0 4\n"),
        ("a.pdb", "CRYST1 4 4 4 90 90 90 P 1\nATOM 1 C 0 0 0\nEND\n"),
    ])
    func anUnknownFileIsNotABadPOSCAR(name: String, text: String) throws {
        let error = try #require(throws: CrystalFileError.self) { try read(text, name) }
        #expect(error.problem == "not a known format")
    }

    @Test(
        "a powder pattern that is given for a structure is told from one",
        arguments: [
            (1...40).map { "\(10 + $0) \(100 * $0)" }.joined(separator: "\n"),
            (1...40).map { "\(10 + $0) \(100 * $0) 3" }.joined(separator: "\n"),
            "10.0 1.0 90.0 counts\n"
                + (0..<9).map { row in (0..<9).map { " \(100 + row * $0)" }.joined() }.joined(separator: "\n"),
        ])
    func patternInPlaceOfAStructure(text: String) throws {
        let error = try #require(throws: CrystalFileError.self) { try read(text, "a.dat") }
        #expect(error.problem.hasPrefix("no structure: it looks like a powder pattern of"), "\(error)")
        #expect(error.remedy.contains("POSCAR"))
    }

    @Test func aPOSCARWithoutATellingNameIsRead() throws {
        #expect(try read(Self.blocks, "start.txt")[0].structure.sites.count == 4)
    }

    // MARK: Extended XYZ

    @Test func whatAnExtendedXYZFrameHoldsBesideTheCrystalIsNamed() throws {
        let records = try read(
            """
            1
            Lattice="4 0 0 0 4 0 0 0 4" Properties=species:S:1:pos:R:3:forces:R:3 energy=-1 stress="0 0 0" pbc="T T F"
            Na 0 0 0 .1 0 0
            """, "a.extxyz")
        #expect(records[0].unkept == ["energy", "stress", "forces"])
        #expect(records[0].warnings.contains { $0.contains("pbc is T T F") })
        #expect(CrystalFile.losses(of: records, in: .json)[0].contains("energy, stress, forces"))
    }

    @Test(arguments: ["X", "Wat", "NH4", "Fe1x"])
    func aSpeciesOfExtendedXYZThatIsNoElementIsRefused(symbol: String) {
        #expect(throws: CrystalFileError.self) {
            try read("1\nLattice=\"4 0 0 0 4 0 0 0 4\"\n\(symbol) 0 0 0\n", "a.xyz")
        }
    }

    @Test(arguments: [CrystalFile.Format.cif, .extendedXYZ, .json, .jsonl])
    func isotopesComeBack(format: CrystalFile.Format) throws {
        var structure = try rockSalt(["A", "B"])
        structure.sites[0].occupants = [Occupant(try #require(Species(symbol: "7Li1+")))]
        structure.sites[1].occupants = [Occupant(try #require(Species(symbol: "D1-")))]
        let text = try CrystalFile.serialise([CrystalRecord(structure)], format: format)
        let again = try read(text, "a.\(format.rawValue)")[0].structure
        #expect(again.sites.map(\.occupants) == structure.sites.map(\.occupants))
        if format == .extendedXYZ { #expect(text.contains("\n H ")) }
    }

    // MARK: JSON

    private func json(_ site: String, lattice: String = "", more: String = "") throws -> CrystalRecord {
        try read(
            "{\"lattice\": {\"matrix\": [[4,0,0],[0,4,0],[0,0,4]]\(lattice)}, \"sites\": [\(site)]\(more)}",
            "a.json")[0]
    }

    @Test(arguments: [
        "{\"species\": [{\"element\": \"Na\", \"occu\": 1}, {\"element\": \"K\", \"occu\": 0.7}], \"abc\": [0,0,0]}",
        "{\"species\": [{\"element\": \"Na\", \"occu\": \"x\"}], \"abc\": [0,0,0]}",
        "{\"species\": [{\"element\": \"Na\", \"occu\": null}], \"abc\": [0,0,0]}",
        "{\"species\": [{\"element\": \"Na\", \"occu\": 1}], \"abc\": [0,0], \"xyz\": [0,0,0]}",
        "{\"species\": [{\"element\": \"Na\", \"occu\": 1}], \"abc\": null, \"xyz\": [0,0,0]}",
        "{\"species\": [{\"element\": \"Na\", \"occu\": 1}], \"abc\": [NaN,0,0], \"xyz\": [0,0,0]}",
        "{\"species\": [{\"element\": \"Na\", \"occu\": 1}], \"abc\": [0,0,0], \"xyz\": [NaN,0,0]}",
        "{\"species\": [{\"element\": \"Na\", \"occu\": 1}], \"abc\": [0,0,0], \"xyz\": [1,0,0]}",
        "{\"species\": [{\"element\": \"Wat\", \"occu\": 1}], \"abc\": [0,0,0]}",
        "{\"species\": [{\"element\": \"Na\", \"occu\": 0}], \"abc\": [0,0,0]}",
    ])
    func aSiteOfJSONThatContradictsItselfIsRefused(site: String) {
        #expect(throws: CrystalFileError.self) { try json(site) }
    }

    @Test func whatAJSONStructureHoldsBesideTheCrystalIsNamed() throws {
        let record = try json(
            "{\"species\": [{\"element\": \"Fe\", \"occu\": 1, \"oxidation_state\": 2.5, \"spin\": 5}], \"abc\": [0,0,0],"
                + " \"properties\": {\"magmom\": 3.2, \"selective_dynamics\": [true, true, false]}}",
            lattice: ", \"pbc\": [true, true, false]", more: ", \"charge\": 1")
        #expect(
            Set(record.unkept) == ["oxidation state 2.5", "spin", "magmom", "selective_dynamics", "charge"])
        #expect(record.warnings.contains { $0.contains("periodic") })
    }

    @Test func aDatabaseOfASEIsReadInATimeThatGrowsWithItsRows() throws {
        let row =
            "{\"cell\": [[4,0,0],[0,4,0],[0,0,4]], \"numbers\": [11], \"positions\": [[0,0,0]], \"energy\": -1}"
        let count = 20_000
        let rows = (1...count).map { "\"\($0)\": \(row)" }.joined(separator: ",")
        let ids = (1...count).map(String.init).joined(separator: ",")
        let start = ContinuousClock.now
        let records = try read("{\(rows), \"ids\": [\(ids)]}", "a.json")
        #expect(records.count == count && records[0].unkept == ["energy"])
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(throws: CrystalFileError.self) { try read("{\"1\": \(row), \"ids\": [1, 2]}", "a.json") }
    }
}
