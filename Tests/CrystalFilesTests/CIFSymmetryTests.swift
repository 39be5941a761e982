import CrystalFiles
import CrystalTexts
import Crystallography
import Foundation
import NumericalMethods
import Symmetry
import Testing

/// What a CIF says of its symmetry is understood, or the file is refused; never does another crystal come out unsaid.
///
/// Reaches `CIFOperations`, `OperationTriplet`, `CIFSymmetryClaims`, `CIFReadingChoice`, `SymmetryExpansion`.
@Suite struct CIFSymmetryTests {
    private static func cif(
        _ lengths: [Double], _ angles: [Double], _ head: String, _ sites: String
    )
        -> String
    {
        let cell = (lengths + angles).map { "\($0)" }.joined(separator: " ")
        return CrystalText.cif(cell: cell, items: head, sites: sites)
    }

    private static func cif(_ lengths: [Double], _ head: String, _ sites: String) -> String {
        cif(lengths, [90, 90, 90], head, sites)
    }

    private static func cubic(_ a: Double, _ head: String, _ sites: String) -> String {
        cif([a, a, a], head, sites)
    }

    private static func record(_ text: String) throws -> CrystalRecord {
        try #require(try CIFFile.parse(text, name: "t.cif").first)
    }

    private static func refusal(_ text: String) throws -> String {
        try #require(throws: CrystalFileError.self) { try CIFFile.parse(text, name: "t.cif") }.description
    }

    private static let albite = ([8.144, 12.787, 7.16], [94.26, 116.6, 87.67])
    private static let sodiumChloride = "Na1 Na 0 0 0\nCl1 Cl .5 .5 .5"
    private static let spinel = "Mg1 Mg 0 0 0\nAl1 Al .625 .625 .625\nO1 O .3876 .3876 .3876"

    // MARK: A symbol that is not understood

    @Test("C -1 of the feldspars is a centred cell, with its number, Hall symbol or neither")
    func centredTriclinic() throws {
        for head in [
            "_symmetry_space_group_name_H-M 'C -1'\n_symmetry_Int_Tables_number 2",
            "_symmetry_space_group_name_H-M 'C -1'", "_space_group_name_Hall '-C 1'",
            "_symmetry_space_group_name_H-M 'C -1'\n_space_group_name_Hall '-C 1'\n_space_group_IT_number 2",
            "_symmetry_space_group_name_H-M C-1",
        ] {
            let record = try Self.record(
                Self.cif(Self.albite.0, Self.albite.1, head, "Na1 Na .2682 .9888 .1461"))
            #expect(record.structure.sites.count == 4, "\(head)")
            #expect(record.warnings.isEmpty, "\(record.warnings)")
        }
    }

    @Test(
        "a symmorphic group in a cell of another centring letter is generated",
        arguments: [
            ("F 4/m m m", 139, 4 * 16), ("C -4 2 m", 115, 2 * 8), ("C 4 2 2", 89, 16), ("F 4 2 2", 97, 32),
        ])
    func centredTetragonal(symbol: String, number: Int, count: Int) throws {
        let text = Self.cif(
            [9.4, 9.4, 11.8],
            "_symmetry_space_group_name_H-M '\(symbol)'\n_symmetry_Int_Tables_number \(number)",
            "Ca1 Ca .07 .19 .28")
        #expect(try Self.record(text).structure.sites.count == count)
    }

    @Test(
        "a symbol that is not understood is never replaced by the number beside it",
        arguments: [("Imma2", 225), ("F m3m bad", 225), ("B 21/c", 14), ("C 42/a", 86), ("P n n m 1", 58)])
    func unknownSymbols(symbol: String, number: Int) throws {
        let text = Self.cubic(
            5.64, "_symmetry_space_group_name_H-M '\(symbol)'\n_symmetry_Int_Tables_number \(number)",
            Self.sodiumChloride)
        #expect(try Self.refusal(text).contains("unknown space group \"\(symbol)\""))
    }

    @Test("numbers that are none and Hall symbols that are none are refused where nothing else is stated")
    func nonsense() throws {
        for head in [
            "_space_group_IT_number 0", "_space_group_IT_number 231", "_space_group_name_Hall 'nonsense'",
            "_space_group_name_Hall 'nonsense'\n_space_group_IT_number 225",
            "_space_group_name_Hall 'P 1 (x+9223372036854775807,y,z)'",
            "_space_group_name_Hall 'P 1 (9223372036854775807x,y,z)'",
        ] {
            #expect(try Self.refusal(Self.cubic(5.64, head, Self.sodiumChloride)).contains("; "), "\(head)")
        }
        let beside = try Self.record(
            Self.cubic(
                5.64, "_space_group_name_H-M_alt 'F m -3 m'\n_space_group_name_Hall nonsense",
                Self.sodiumChloride))
        #expect(beside.structure.sites.count == 8 && beside.warnings.count == 1)
    }

    @Test(
        "a Hall symbol outside of the table generates its group",
        arguments: [
            ("-P 2ybc (x-z,y,z)", "-P 2yac", [5.0, 6, 7], [90.0, 95, 90]),
            ("C 2yb", "C 2y (x+1/4,y,z)", [5, 6, 7], [90, 95, 90]),
            ("P 2ab 2a", "P 2 2ab (x,y+1/4,z)", [5, 6, 7], [90, 90, 90]),
            ("-I 2 2 (y+z,x+z,x+y)", "", [5, 5, 5], [100, 110, 118.6]),
            ("-C 2y (1/2*x+1/2*y,1/2*x-1/2*y,-z)", "", [5, 5, 7], [95, 95, 80]),
        ])
    func generatedHallSymbols(text: String, same: String, lengths: [Double], angles: [Double]) throws {
        let operations = try #require(try HallSymbol(text).operations)
        let file = Self.cif(lengths, angles, "_space_group_name_Hall '\(text)'", "Fe1 Fe .13 .21 .34")
        // Some of the cells above do not keep their group; the operations are what is asked here.
        if let record = try? Self.record(file) {
            #expect(Set(record.declaredOperations ?? []) == Set(operations))
        }
        #expect(SpaceGroup.type(of: operations) != nil)
        if text == "C 2yb" { #expect(SpaceGroup.type(of: operations)?.number == 5) }
        if text.hasPrefix("-I") {
            #expect(operations.count == 8 && SpaceGroup.type(of: operations)?.number == 71)
        }
    }

    @Test("a Schoenflies symbol or a reference setting alone is a statement too")
    func lesserStatements() throws {
        let schoenflies = try Self.record(
            Self.cubic(5.64, "_space_group_name_Schoenflies Oh.5", Self.sodiumChloride))
        #expect(schoenflies.structure.sites.count == 8)
        #expect(
            try Self.refusal(Self.cubic(5.64, "_space_group_name_Schoenflies Qh.5", Self.sodiumChloride))
                .contains("Qh.5"))
        let against = "_space_group_name_Schoenflies Oh.5\n_space_group_IT_number 221"
        #expect(try Self.refusal(Self.cubic(5.64, against, Self.sodiumChloride)).contains("Oh.5"))
        let reference = try Self.record(
            Self.cubic(5.64, "_space_group_name_H-M_ref 'F m -3 m'", Self.sodiumChloride))
        #expect(reference.structure.sites.count == 8 && reference.warnings.count == 1)
        #expect(
            try Self.refusal(Self.cubic(5.64, "_space_group_name_H-M_ref 'F q -3 m'", Self.sodiumChloride))
                .contains("unknown space group"))
    }

    // MARK: Contradictions

    @Test("a Hall symbol against the Hermann–Mauguin symbol is refused, unless the contents confirm one")
    func hallAgainstSymbol() throws {
        let cubic = "_space_group_name_H-M_alt 'F m -3 m'\n_space_group_name_Hall '-P 4 2 3'\n"
        #expect(try Self.refusal(Self.cubic(5.64, cubic, Self.sodiumChloride)).contains("-P 4 2 3"))
        let told = try Self.record(
            Self.cubic(
                5.64, cubic + "_chemical_formula_sum 'Cl Na'\n_cell_formula_units_Z 4", Self.sodiumChloride))
        #expect(told.structure.sites.count == 8 && told.warnings.count == 1)
        let setting = Self.cif(
            [5, 6, 7], [90, 95, 90],
            "_space_group_name_H-M_alt 'P 1 21/n 1'\n_space_group_name_Hall '-P 2ybc'", "Fe1 Fe .1 .2 .3")
        #expect(try Self.refusal(setting).contains("P 1 21/n 1"))
    }

    @Test("a number against the symbol is refused, unless the contents confirm the symbol")
    func numberAgainstSymbol() throws {
        let head = "_space_group_name_H-M_alt 'F m -3 m'\n_space_group_IT_number 221\n"
        #expect(try Self.refusal(Self.cubic(5.64, head, Self.sodiumChloride)).contains("221"))
        let told = try Self.record(
            Self.cubic(5.64, head + "_exptl_crystal_density_diffrn 2.164", Self.sodiumChloride))
        #expect(told.structure.sites.count == 8 && told.warnings.contains { $0.contains("221") })
    }

    @Test("two symbols of different groups in one block are refused")
    func symbolAgainstSymbol() throws {
        let head = "_space_group_name_H-M_alt 'P m -3 m'\n_symmetry_space_group_name_H-M 'F m -3 m'"
        #expect(try Self.refusal(Self.cubic(5.64, head, Self.sodiumChloride)).contains("P m -3 m"))
        let numbers = "_space_group_IT_number 221\n_symmetry_Int_Tables_number 225"
        #expect(
            try Self.refusal(Self.cubic(5.64, numbers, Self.sodiumChloride)).contains("221 and 225 differ"))
        let agreeing = "_space_group_name_H-M_alt 'F d -3 m'\n_space_group_name_H-M_full 'F 41/d -3 2/m :1'"
        let diamond = try Self.record(Self.cubic(3.567, agreeing, "C1 C 0 0 0"))
        #expect(diamond.structure.sites.count == 8 && diamond.warnings.isEmpty)
    }

    @Test("operations win, and what says otherwise is named: Hall symbol, setting, origin, number")
    func operationsAgainstTheRest() throws {
        func list(_ operations: [SymmetryOperation]) -> String {
            "loop_\n_symmetry_equiv_pos_as_xyz\n" + operations.map { "'\($0.xyz)'" }.joined(separator: "\n")
        }
        func warnings(_ head: String, _ hall: Int, _ lengths: [Double], _ angles: [Double]) throws -> [String]
        {
            let operations = try #require(SpaceGroup(hallNumber: hall)).operations
            return try Self.record(
                Self.cif(lengths, angles, head + "\n" + list(operations), "Fe1 Fe .1 .2 .3")
            ).warnings
        }
        let monoclinic = ([5.0, 6, 7], [90.0, 95, 90])
        let hall = try warnings("_space_group_name_Hall '-P 2ybc'", 2, monoclinic.0, monoclinic.1)
        #expect(hall.count == 1 && hall[0].contains("not of the Hall symbol -P 2ybc"))
        let setting = try warnings("_space_group_name_H-M_alt 'P 1 21/c 1'", 82, monoclinic.0, monoclinic.1)
        #expect(setting.count == 1 && setting[0].contains("not of the symbol P 1 21/c 1"))
        let cube = ([8.1, 8.1, 8.1], [90.0, 90, 90])
        let origin = try warnings("_space_group_name_H-M_alt 'F d -3 m :2'", 525, cube.0, cube.1)
        #expect(origin.count == 1 && origin[0].contains("not of the symbol F d -3 m :2"))
        let number = try warnings("_space_group_IT_number 225", 525, cube.0, cube.1)
        #expect(number.count == 1 && number[0].contains("not of the number 225"))
        for agreeing in [
            "_space_group_name_H-M_alt 'F d -3 m'",
            "_space_group_name_H-M_alt Fd-3mS\n_space_group_IT_number 227",
            "_space_group_name_Hall 'F 4d 2 3 -1d'",
        ] {
            #expect(try warnings(agreeing, 525, cube.0, cube.1).isEmpty, "\(agreeing)")
        }
    }

    @Test("operations that lack the symbol's centring are refused")
    func operationsWithoutCentring() throws {
        let operations = try SpaceGroup.find("P m -3 m").operations.map { "'\($0.xyz)'" }
        let head =
            "_symmetry_space_group_name_H-M 'F m -3 m'\nloop_\n_symmetry_equiv_pos_as_xyz\n"
            + operations.joined(separator: "\n")
        #expect(try Self.refusal(Self.cubic(5.64, head, Self.sodiumChloride)).contains("lack the centring"))
    }

    @Test("a cell that the group does not keep is refused: hexagonal axes under R -3 c :R")
    func cellAgainstGroup() throws {
        let head = "_symmetry_space_group_name_H-M 'R -3 c :R'"
        let text = Self.cif([4.99, 4.99, 17.06], [90, 90, 120], head, "Ca1 Ca 0 0 0")
        #expect(try Self.refusal(text).contains("breaks the symmetry"))
        let own = try Self.record(
            Self.cif(
                [4.99, 4.99, 17.06], [90, 90, 120], "_symmetry_space_group_name_H-M 'R -3 c'", "Ca1 Ca 0 0 0")
        )
        #expect(own.structure.sites.count == 6 && own.warnings.isEmpty)
    }

    // MARK: Origin and axes

    @Test(
        "the stated origin is taken: code, words, reference setting",
        arguments: [
            "_space_group_name_H-M_alt 'F d -3 m'\n_space_group_IT_number 227\n_space_group_IT_coordinate_system_code 1",
            "_space_group_IT_number 227\n_space_group.IT_coordinate_system_code 1",
            "_space_group_name_H-M_alt 'F 41/d -3 2/m (origin choice 1)'\n_space_group_IT_number 227",
            "_space_group_name_H-M_alt 'F d -3 m [origin choice 1]'",
            "_space_group_name_H-M_alt 'Fd-3m, origin 1'",
            "_space_group_name_H-M_alt 'F d -3 m'\n_space_group.reference_setting '227:F 4d 2 3 -1d'",
            "_space_group_IT_number 227\n_space_group.reference_setting '227:F 4d 2 3 -1d'\n"
                + "_space_group.transform_Pp_abc a,b,c;0,0,0",
            "_space_group_IT_number 227\n_space_group.reference_setting '227:-F 4vw 2vw 3'\n"
                + "_space_group.transform_Pp_abc a,b,c;1/8,1/8,1/8",
            "_space_group_IT_number 227\n_space_group.reference_setting '227:-F 4vw 2vw 3'\n"
                + "_space_group.transform_Qq_xyz x-1/8,y-1/8,z-1/8",
            "_space_group_name_H-M_alt Fd-3mS", "_space_group_name_H-M_alt 'F d -3 m :1'",
        ])
    func statedOrigin(head: String) throws {
        let diamond = try Self.record(Self.cubic(3.567, head, "C1 C 0 0 0"))
        #expect(diamond.structure.sites.count == 8)
        #expect(diamond.warnings.isEmpty, "\(diamond.warnings)")
    }

    @Test("codes of cell choices and of permuted axes choose the setting, and one that is none is refused")
    func coordinateSystemCodes() throws {
        func operations(_ number: Int, _ code: String, _ angles: [Double] = [90, 90, 90]) throws
            -> [SymmetryOperation]
        {
            try Self.record(
                Self.cif(
                    [5, 6, 7], angles,
                    "_space_group_IT_number \(number)\n_space_group_IT_coordinate_system_code \(code)",
                    "Fe1 Fe .1 .2 .3")
            ).declaredOperations ?? []
        }
        for (number, code, hall) in [
            (14, "b2", 82), (14, "b1", 81), (62, "cab", 294), (50, "2cab", 236), (4, "b1", 6),
        ] {
            let wanted = try #require(SpaceGroup(hallNumber: hall)).operations
            #expect(try Set(operations(number, code)) == Set(wanted), "\(number) \(code)")
        }
        let unique = try operations(14, "c1", [90, 90, 97])
        #expect(Set(unique) == Set(try #require(SpaceGroup(hallNumber: 84)).operations))
        #expect(throws: CrystalFileError.self) { try operations(62, "b2") }
        #expect(throws: CrystalFileError.self) { try operations(62, "q7") }
    }

    @Test("where the origin is not marked formula × Z, density or multiplicities decide it")
    func unmarkedOrigin() throws {
        let head = "_space_group_name_H-M_alt 'F d -3 m'\n"
        for contents in [
            "_chemical_formula_sum 'Al2 Mg O4'\n_cell_formula_units_Z 8", "_chemical_formula_sum 'Al2 Mg O4'",
            "_exptl_crystal_density_diffrn 3.58",
        ] {
            let record = try Self.record(Self.cubic(8.0806, head + contents, Self.spinel))
            #expect(record.structure.sites.count == 56, "\(contents)")
        }
        // Nothing is stated; in origin choice 2 the oxygen would stand on the aluminium.
        #expect(try Self.record(Self.cubic(8.0806, head, Self.spinel)).structure.sites.count == 56)
        let diamond = try Self.record(
            Self.cubic(3.567, head + "_chemical_formula_sum C\n_cell_formula_units_Z 8", "C1 C 0 0 0"))
        #expect(diamond.structure.sites.count == 8)
        #expect(diamond.warnings.contains { $0.contains("choice 1") })
        let second = try Self.record(
            Self.cubic(
                3.567, head + "_chemical_formula_sum C\n_cell_formula_units_Z 8", "C1 C .125 .125 .125"))
        #expect(second.structure.sites.count == 8 && second.warnings.isEmpty)
        let multiplicity = Self.cubic(5.431, head, "Si1 Si 0 0 0 8")
            .replacing("fract_z\n", with: "fract_z\n_atom_site_symmetry_multiplicity\n")
        #expect(try Self.record(multiplicity).structure.sites.count == 8)
    }

    @Test("overlaps are looked for where atoms were moved onto special positions")
    func overlapAfterTheMove() throws {
        let text = Self.cubic(8.0806, "_space_group_name_H-M_alt 'F d -3 m :2'", Self.spinel)
        #expect(try Self.refusal(text).contains("same place"))
    }

    @Test(
        "spellings in wide use mean what they do",
        arguments: [
            ("R-3mH", 458), ("R3mH", 450), ("R32H", 444), ("R -3 c HR", 460), ("R -3 c h", 460),
            ("H -3 c", 460),
            ("H 3 2", 444), ("H 3 m", 450), ("R -3 c {hexagonal axes}", 460),
            ("R -3 c (hexagonal axes)", 460),
            ("R -3 2/c H", 460), ("R -3 c, hexagonal setting", 460),
        ])
    func hexagonalSpellings(symbol: String, hall: Int) throws {
        let record = try Self.record(
            Self.cif(
                [6, 6, 17], [90, 90, 120], "_space_group_name_H-M_alt '\(symbol)'", "Ca1 Ca .1 .23 .07"))
        let wanted = try #require(SpaceGroup(hallNumber: hall)).operations
        #expect(Set(record.declaredOperations ?? []) == Set(wanted))
        // Where a mirror is near, the atom is put on it and that is said; nothing is said of the symbol.
        #expect(record.warnings.allSatisfy { $0.contains("special position") }, "\(record.warnings)")
    }

    @Test("the cell tells which axis is unique where the symbol is short: P 21/b, B 2/b, P 21/a")
    func uniqueAxisFromTheCell() throws {
        for (symbol, angles, hall) in [
            ("P 21/b", [90.0, 90, 97], 86), ("P 21/b", [97, 90, 90], 87), ("B 2/b", [90, 90, 97], 99),
            ("P 21/a", [90, 90, 97], 84), ("P 21/a", [90, 97, 90], 83), ("C 2/m", [97, 90, 90], 70),
        ] {
            let record = try Self.record(
                Self.cif([5, 6, 7], angles, "_space_group_name_H-M_alt '\(symbol)'", "Fe1 Fe .1 .2 .3"))
            let wanted = try #require(SpaceGroup(hallNumber: hall)).operations
            #expect(Set(record.declaredOperations ?? []) == Set(wanted), "\(symbol) \(angles)")
        }
    }

    // MARK: Magnetic and modulated

    private static let magnetic = """
        1 x,y,z,+1
        2 -x,y,-z,+1
        3 -x,-y,-z,+1
        4 x,-y,z,+1
        """
    private static let centring = """
        1 x,y,z,+1
        2 x+1/2,y+1/2,z,+1
        3 x+1/2,y,z+1/2,-1
        4 x,y+1/2,z+1/2,-1
        """

    @Test(
        "a magnetic file's operations × centrings make its cell, in every spelling of the items",
        arguments: [
            ("_space_group_symop_magn_operation.xyz", "_space_group_symop_magn_centering.xyz"),
            ("_space_group_symop.magn_operation_xyz", "_space_group_symop.magn_centering_xyz"),
            ("_space_group_symop_magn_operation_xyz", "_space_group_symop_magn_centering_xyz"),
        ])
    func magneticOperations(operation: String, centring: String) throws {
        let head =
            "_parent_space_group.name_H-M_alt 'F m -3 m'\n_space_group_magn.number_BNS 15.90\n"
            + "loop_\n_n.id\n\(operation)\n\(Self.magnetic)\nloop_\n_m.id\n\(centring)\n\(Self.centring)"
        let record = try Self.record(
            Self.cif([5.9083, 5.1167, 2.9542], head, "Ni Ni 0 0 0\nO O .5 0 0"))
        #expect(record.structure.sites.count == 8)
        #expect(record.declaredOperations?.count == 16)
        #expect(record.warnings.contains { $0.contains("time reversal") })
        #expect(record.declaredNumber == nil)
    }

    @Test("operations or centrings of a magnetic group alone count, and a group without them is refused")
    func partsOfAMagneticGroup() throws {
        func count(_ head: String) throws -> Int {
            try Self.record(Self.cif([6, 5, 3], head, "Ni Ni .1 .2 .3")).structure.sites.count
        }
        #expect(try count("loop_\n_space_group_symop_magn_operation.xyz\nx,y,z,+1\n-x,-y,-z,-1") == 2)
        #expect(try count("loop_\n_space_group_symop_magn_centering.xyz\nx,y,z,+1\nx+1/2,y,z,-1") == 2)
        #expect(throws: CrystalFileError.self) { try count("_space_group_magn.name_BNS 'C_c 2/c'") }
        #expect(throws: CrystalFileError.self) {
            try count("loop_\n_space_group_symop_magn_operation.xyz\nx,y,z,+1\n-x,-y,-z,2")
        }
    }

    @Test(
        "a modulated structure is refused with the reason",
        arguments: [
            "_cell_modulation_dimension 1\n_symmetry_space_group_name_H-M 'F m -3 m'",
            "_cell_modulation_dimension 2", "_space_group_ssg_name 'Pnma(0,0,g)0s0'",
            "loop_\n_space_group_symop_ssg_operation_algebraic\nx1,x2,x3,x4\n-x1,-x2,-x3,-x4",
            "loop_\n_space_group_symop_magn_ssg_operation.algebraic\nx1,x2,x3,x4,+1",
            "loop_\n_symmetry_equiv_pos_as_xyz\nx1,x2,x3,x4\n-x1,-x2,-x3,-x4",
            "loop_\n_cell_wave_vector_seq_id\n_cell_wave_vector_x\n1 0.3",
        ])
    func modulated(head: String) throws {
        let reason = try Self.refusal(Self.cubic(5.64, head, Self.sodiumChloride))
        #expect(reason.contains("modulated") || reason.contains("superspace"))
    }

    @Test("a file that says it is not modulated is read")
    func notModulated() throws {
        let head =
            "_cell_modulation_dimension 0\n_space_group_ssg_name ?\n_symmetry_space_group_name_H-M 'F m -3 m'"
        #expect(try Self.record(Self.cubic(5.64, head, Self.sodiumChloride)).structure.sites.count == 8)
    }

    // MARK: Size

    @Test("numbers that no operation has are refused, not computed")
    func hugeNumbers() throws {
        for triplet in [
            "x+9223372036854775807,y,z", "9x+9x+9x+9x+9x+9x+9x+9x+9x+9x+9x+9x,y,z", "1/0+x,y,z",
            "x+1e400,y,z", "99999999999999999999x,y,z",
        ] {
            let head = "loop_\n_symmetry_equiv_pos_as_xyz\n'x,y,z'\n'\(triplet)'"
            #expect(
                try Self.refusal(Self.cubic(5, head, "Fe1 Fe .1 .2 .3")).contains("no symmetry operation"))
        }
    }

    @Test("the time of reading grows with the number of sites, not with its square")
    func manySites() throws {
        func seconds(_ count: Int) throws -> Double {
            let sites = (0..<count).map { i in
                "H\(i) H \(Double(i % 30) / 30) \(Double(i / 30 % 30) / 30) \(Double(i / 900) / 40)"
            }
            let text = Self.cif(
                [60, 60, 80], "_symmetry_space_group_name_H-M 'P 1'", sites.joined(separator: "\n"))
            let clock = ContinuousClock()
            let began = clock.now
            let read = try Self.record(text).structure.sites.count
            let duration = clock.now - began
            #expect(read == count)
            return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
        }
        _ = try seconds(500)
        let (small, large) = (try seconds(3_000), try seconds(24_000))
        #expect(large < 30 * small, "\(small) s, \(large) s")
    }
}
