import CrystalFiles
import CrystalTexts
import Crystallography
import Foundation
import Testing
import Validation

/// For each clause a record that fails it and one that holds it.
///
/// Reaches `RecordClauses`, `Claim`, `ChargeBalance`, `EmptyLayer`.
@Suite("Clauses of validation") struct ValidationClauseTests {
    static let rockSalt = """
        Na1 Na 0 0 0
        Cl1 Cl 0.5 0.5 0.5
        """

    static func cif(
        _ sites: String = rockSalt, cell: Double = 5.64,
        symmetry: String = "_space_group_name_H-M_alt 'F m -3 m'",
        items: String = "", columns: [String] = []
    ) -> String {
        CrystalText.cif(
            block: "data_x", cell: "\(cell)",
            items: [symmetry, items].filter { !$0.isEmpty }.joined(separator: "\n"),
            columns: CrystalText.places + columns, sites: sites)
    }

    private func judge(
        _ text: String, expected: Int? = nil, required: Set<ValidationClause> = []
    ) throws -> ValidatedRecord {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("x.cif")
        try text.write(to: file, atomically: true, encoding: .utf8)
        var records = try CrystalRecordStream(path: file.path).makeIterator()
        let first = records.next()
        let entry = try #require(first)
        var validation = RecordValidation(expected: expected)
        validation.required = required
        return validation.validate(entry)
    }

    private func judge(_ structure: CrystalStructure) -> ValidatedRecord {
        RecordValidation().judged(CrystalRecord(structure))
    }

    private func failing(_ record: ValidatedRecord) -> [String] {
        record.clauses.filter { $0.outcome == .fails }.map(\.name)
    }

    private func outcome(_ clause: ValidationClause, _ record: ValidatedRecord) -> VerdictClause.Outcome? {
        record.clauses.first { $0.name == clause.rawValue }?.outcome
    }

    @Test("Rock salt passes; every clause is listed with its outcome")
    func sound() throws {
        let record = try judge(Self.cif())
        #expect(record.passed && record.reason.isEmpty)
        #expect(record.clauses.map(\.name) == ValidationClause.allCases.map(\.rawValue))
        #expect(outcome(.symmetry, record) == .holds)
        #expect(outcome(.contacts, record) == .holds)
        #expect(outcome(.neutrality, record) == .holds && record.oxidationStates == "Na1+ Cl1-")
        #expect(outcome(.displacements, record) == .unknown)
    }

    @Test("What cannot be read fails, and nothing else is claimed to hold")
    func readable() throws {
        let record = try judge(Self.cif("Na1 Na 0 0 oops"))
        #expect(failing(record) == ["readable"])
        #expect(record.clauses.dropFirst().allSatisfy { $0.outcome == .unknown })
    }

    @Test("Atoms that were left out fail", arguments: ["Xx", "Du"])
    func complete(symbol: String) throws {
        let record = try judge(Self.cif(Self.rockSalt + "\nX1 \(symbol) 0.25 0.25 0.25"))
        // A reader may refuse the file; what must not come out is a pass.
        #expect(!record.passed)
        #expect(["readable", "complete"].contains(failing(record).first))
    }

    @Test("Atoms without coordinates fail, an atom of occupancy 0 does not")
    func coordinates() throws {
        #expect(failing(try judge(Self.cif(Self.rockSalt + "\nO1 O ? ? ?"))) == ["complete"])
        let empty = Self.cif(
            "Na1 Na 0 0 0 1\nCl1 Cl 0.5 0.5 0.5 1\nO1 O 0.25 0.25 0.25 0", columns: ["occupancy"])
        #expect(try judge(empty).passed)
    }

    @Test("Elements that stand in for missing ones fail")
    func standIns() throws {
        let record = CrystalRecord(
            CrystalStructure(
                lattice: Lattice(a: 2.6, b: 2.6, c: 2.6, alpha: 90, beta: 90, gamma: 90),
                sites: [Site(try #require(Element(symbol: "Cu")), at: .zero)]),
            readingWarnings: [.standInElements])
        let result = RecordValidation().judged(record)
        #expect(failing(result) == ["complete"])
    }

    @Test(
        "Statements that the crystal does not bear out fail",
        arguments: [
            // The number of another group, P 1 beside a full list, a wrong multiplicity and a wrong letter.
            ("_space_group_name_H-M_alt 'F m -3 m'\n_space_group_IT_number 221", [], rockSalt),
            (
                "_space_group_name_H-M_alt 'P 1'\nloop_\n_space_group_symop_operation_xyz\nx,y,z\n-x,-y,-z",
                [],
                rockSalt
            ),
            (
                "_space_group_name_H-M_alt 'F m -3 m'", ["site_symmetry_multiplicity"],
                "Na1 Na 0 0 0 8\nCl1 Cl 0.5 0.5 0.5 4"
            ),
            (
                "_space_group_name_H-M_alt 'F m -3 m'", ["Wyckoff_symbol"],
                "Na1 Na 0 0 0 c\nCl1 Cl 0.5 0.5 0.5 b"
            ),
        ] as [(String, [String], String)])
    func statements(symmetry: String, columns: [String], sites: String) throws {
        let record = try judge(Self.cif(sites, symmetry: symmetry, columns: columns))
        #expect(!record.passed)
        #expect(failing(record).contains("statements") || failing(record) == ["readable"])
    }

    @Test("Right letters and multiplicities pass")
    func rightStatements() throws {
        let text = Self.cif(
            "Na1 Na 0 0 0 a 4\nCl1 Cl 0.5 0.5 0.5 b 4",
            columns: ["Wyckoff_symbol", "site_symmetry_multiplicity"])
        #expect(try judge(text).passed)
    }

    @Test("A place with more than one atom, or with less than nothing, fails")
    func occupancies() throws {
        let sodium = try #require(Element(symbol: "Na"))
        let potassium = try #require(Element(symbol: "K"))
        for (first, second, fails) in [(1.0, 0.7, true), (0.5, 0.5, false), (1.2, -0.2, true)] {
            let site = Site(
                occupants: [
                    Occupant(Species(sodium), occupancy: first),
                    Occupant(Species(potassium), occupancy: second),
                ], position: .zero)
            let record = judge(
                CrystalStructure(
                    lattice: Lattice(a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90), sites: [site]))
            #expect(failing(record).contains("occupancies") == fails)
        }
    }

    @Test("Another group than the claimed one fails, a list of atoms in P 1 claims none")
    func symmetry() throws {
        #expect(failing(try judge(Self.cif(), expected: 221)) == ["symmetry"])
        let list = Self.cif(
            "Na1 Na 0 0 0\nCl1 Cl 0.5 0.5 0.5", cell: 4.1, symmetry: "_space_group_name_H-M_alt 'P 1'")
        #expect(outcome(.symmetry, try judge(list)) == .unknown)
        #expect(failing(try judge(list, expected: 1)) == ["symmetry"])
    }

    @Test("Contacts fail with the pair in words and numbers; excluding sites do not")
    func contacts() throws {
        let record = try judge(
            Self.cif("Na1 Na 0 0 0\nCl1 Cl 0.25 0 0", cell: 4, symmetry: "_space_group_name_H-M_alt 'P 1'"))
        #expect(failing(record) == ["contacts"])
        #expect(record.closestPair?.labels == ["Na1", "Cl1"])
        #expect(abs((record.closestPair?.distance ?? 0) - 1) < 1e-9)
        #expect(
            record.reason
                == "Na1 (atom 1) and Cl1 (atom 2) stand at 1.000 Å, 37 % of the sum of their covalent radii")
        let split = Self.cif(
            "Ba1 Ba 0.5 0.5 0.5 1\nO1 O 0.06 0 0 0.1667", cell: 6,
            symmetry: "_space_group_name_H-M_alt 'P m -3 m'", columns: ["occupancy"])
        #expect(try judge(split).passed)
        let crowded = Self.cif(
            "Ba1 Ba 0.5 0.5 0.5 1\nO1 O 0.06 0 0 0.5", cell: 6,
            symmetry: "_space_group_name_H-M_alt 'P m -3 m'", columns: ["occupancy"])
        #expect(failing(try judge(crowded)) == ["contacts"])
    }

    @Test("Two atoms on one place fail with a distance of 0")
    func onePlace() throws {
        let sodium = try #require(Element(symbol: "Na"))
        let record = judge(
            CrystalStructure(
                lattice: Lattice(a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90),
                sites: [Site(sodium, at: .zero), Site(sodium, at: SIMD3(1, 0, 0))]))
        #expect(failing(record).contains("contacts"))
        #expect(record.closestDistance == 0)
    }

    @Test(
        "Cells too thin for a crystal fail, the thinnest and heaviest crystals do not",
        arguments: [
            ("Si", 8, 15.0, true), ("Na", 2, 60, true), ("Na", 2, 500, true), ("Os", 1, 1.0, true),
            ("Cs", 2, 6.14, false), ("Os", 2, 3.03, false), ("H", 8, 5.3, false), ("Xe", 4, 6.13, false),
            ("He", 4, 4.4, false),
        ])
    func density(symbol: String, count: Int, edge: Double, fails: Bool) throws {
        let element = try #require(Element(symbol: symbol))
        let lattice = Lattice(a: edge, b: edge, c: edge, alpha: 90, beta: 90, gamma: 90)
        let structure = CrystalStructure(
            lattice: lattice, sites: (0..<count).map { _ in Site(element, at: .zero) })
        #expect((DensityLimits.standard.fault(of: structure) != nil) == fails)
        #expect(failing(judge(structure)).contains("density") == fails)
    }

    @Test("Stated charges that leave something over fail")
    func neutrality() throws {
        #expect(failing(try judge(Self.cif("Na1 Na1+ 0 0 0\nO1 O2- 0.5 0.5 0.5"))) == ["neutrality"])
        let neutral = try judge(Self.cif("Na1 Na1+ 0 0 0\nCl1 Cl1- 0.5 0.5 0.5"))
        #expect(outcome(.neutrality, neutral) == .holds)
        let partly = try judge(Self.cif("Na1 Na1+ 0 0 0\nCl1 Cl 0.5 0.5 0.5"))
        // Where charges are not stated for every atom, known states decide.
        #expect(outcome(.neutrality, partly) == .holds)
    }

    @Test("What no known states explain is unknown, and fails where neutrality is required")
    func requiredNeutrality() throws {
        let text = Self.cif("Na1 Na 0 0 0\nO1 O 0.5 0.5 0.5")
        #expect(outcome(.neutrality, try judge(text)) == .unknown)
        let strict = try judge(text, required: [.neutrality])
        #expect(failing(strict) == ["neutrality"])
        #expect(strict.reason.hasPrefix("neutrality is required: no known oxidation states of O, Na"))
    }

    @Test("A shared site is unknown to order, and fails where order is required")
    func requiredOrder() throws {
        let text = Self.cif(
            "Na1 Na 0 0 0 0.5\nK1 K 0 0 0 0.5\nCl1 Cl 0.5 0.5 0.5 1", columns: ["occupancy"])
        #expect(outcome(.order, try judge(text)) == .unknown)
        #expect(failing(try judge(text, required: [.order])) == ["order"])
        #expect(outcome(.order, try judge(Self.cif())) == .holds)
    }

    @Test("Elements of which no crystal has been made fail, noble gases in a compound are unknown")
    func composition() throws {
        let lattice = Lattice(a: 4.6, b: 4.6, c: 4.6, alpha: 90, beta: 90, gamma: 90)
        func pair(_ symbol: String) throws -> ValidatedRecord {
            judge(
                CrystalStructure(
                    lattice: lattice,
                    sites: [
                        Site(try #require(Element(symbol: symbol)), at: .zero),
                        Site(try #require(Element(symbol: "Cl")), at: SIMD3(0.5, 0.5, 0.5)),
                    ]))
        }
        #expect(failing(try pair("Og")) == ["composition"])
        #expect(outcome(.composition, try pair("Ar")) == .unknown)
        #expect(outcome(.composition, try pair("Na")) == .holds)
    }

    @Test("A slab in an empty cell fails, layers of a crystal do not")
    func cell() throws {
        let carbon = try #require(Element(symbol: "C"))
        for (c, fails) in [(3.35, false), (7.0, false), (18.0, true)] {
            let graphene = CrystalStructure(
                lattice: Lattice(a: 2.46, b: 2.46, c: c, alpha: 90, beta: 90, gamma: 120),
                sites: [Site(carbon, at: .zero), Site(carbon, at: SIMD3(1.0 / 3, 2.0 / 3, 0))])
            #expect(failing(judge(graphene)) == (fails ? ["cell"] : []))
        }
    }

    @Test("Displacements below nothing fail, isotropic and along a skew axis")
    func displacements() throws {
        let isotropic = Self.cif(
            "Na1 Na 0 0 0 -0.02\nCl1 Cl 0.5 0.5 0.5 0.01", columns: ["U_iso_or_equiv"])
        #expect(failing(try judge(isotropic)) == ["displacements"])
        let sound = Self.cif("Na1 Na 0 0 0 0.02\nCl1 Cl 0.5 0.5 0.5 0.01", columns: ["U_iso_or_equiv"])
        #expect(outcome(.displacements, try judge(sound)) == .holds)
        let tensor = """
            loop_
            _atom_site_aniso_label
            _atom_site_aniso_U_11
            _atom_site_aniso_U_22
            _atom_site_aniso_U_33
            _atom_site_aniso_U_12
            _atom_site_aniso_U_13
            _atom_site_aniso_U_23

            """
        let list = "_space_group_name_H-M_alt 'P 1'"
        // U12 beyond √(U11 U22) though every diagonal component is positive.
        for (u12, fails) in [(0.02, true), (0.005, false)] {
            let text = Self.cif(cell: 4.1, symmetry: list) + tensor + "Na1 0.01 0.01 0.01 \(u12) 0 0\n"
            #expect(failing(try judge(text)) == (fails ? ["displacements"] : []))
        }
    }
}
