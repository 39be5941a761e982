import CrystalFiles
import CrystalTexts
import Crystallography
import Foundation
import NumericalMethods
import Symmetry
import Testing

/// Reaches `CIFExpansion`, `CIFSites`, `CIFOccupants`, `CIFDisplacements`, `OccupiedPlaces`.
@Suite struct CIFFileTests {
    /// A made-up structure in P -1.
    static func cif(
        cell: String = "_cell_length_a 5\n_cell_length_b 6\n_cell_length_c 7\n_cell_angle_alpha 90\n"
            + "_cell_angle_beta 90\n_cell_angle_gamma 90",
        symmetry: String = "loop_\n_symmetry_equiv_pos_as_xyz\n'x,y,z'\n'-x,-y,-z'\n",
        sites: String = "Na1 Na+ 0 0 0 1\nCl1 Cl 0.25 0.25 0.25 1\n", block: String = "data_t"
    ) -> String {
        CrystalText.cif(
            block: block, cell: "", items: "\(cell)\n\(symmetry)", columns: CrystalText.occupiedPlaces,
            sites: sites)
    }

    private func record(_ text: String) throws -> CrystalRecord {
        try #require(try CIFFile.parse(text, name: "t.cif").first)
    }

    private func reason(_ text: String) throws -> String {
        let error = try #require(throws: CrystalFileError.self) { try CIFFile.parse(text, name: "t.cif") }
        #expect(!error.description.contains("\n"))
        #expect(error.description.hasPrefix("t.cif"))
        return error.description
    }

    @Test func anOrbitHoldsOneAtomPerCosetOfItsStabilizer() throws {
        let record = try record(Self.cif())
        #expect(record.structure.sites.map(\.label) == ["Na1", "Cl1", "Cl1"])
        #expect(record.siteOfAtom == [0, 1, 1])
        #expect(record.structure.sites[2].position == SIMD3(0.75, 0.75, 0.75))
        #expect(record.structure.sites[0].occupants[0].species.charge == 1)
    }

    @Test func uncertaintiesInBracketsAndUnknownsAreRead() throws {
        let text = Self.cif(
            cell: "_cell_length_a 5.0012(3)\n_cell_length_b 6.(1)\n_cell_length_c 7\n_cell_angle_alpha 90\n"
                + "_cell_angle_beta 90.0\n_cell_angle_gamma 90.0",
            sites: "O1 ? 0.1234(12) .25 -1.5E-1 .\nO2 O ? ? ? 1\n")
        let record = try record(text)
        #expect(record.structure.lattice.lengths == SIMD3(5.0012, 6, 7))
        #expect(record.asymmetricSites.map(\.label) == ["O1"])
        #expect(record.asymmetricSites[0].position == SIMD3(0.1234, 0.25, -0.15))
        #expect(record.asymmetricSites[0].occupants[0].occupancy == 1)
        #expect(record.warnings.contains { $0.contains("O2 has no coordinates") })
    }

    @Test func windowsAndOldMacLineEndsAndUTF8ChangeNothing() throws {
        let plain = try record(Self.cif()).structure.sites
        for ending in ["\r\n", "\r"] {
            let text = "\u{FEFF}# Ångström é\n" + Self.cif() + "\n_publ_author_name 'Müller, B.'\n_x grün\n"
            let record = try record(text.replacing("\n", with: ending))
            #expect(record.structure.sites == plain)
        }
    }

    private static func fluorite(_ symmetry: String, a: String = "5.46") -> String {
        cif(
            cell: ["a", "b", "c"].map { "_cell_length_\($0) \(a)\n" }.joined()
                + "_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90",
            symmetry: symmetry, sites: "Ca1 Ca 0 0 0 1\nF1 F 0.25 0.25 0.25 1\n")
    }

    @Test(arguments: [
        "_space_group_name_Hall '-F 4 2 3'", "_symmetry_space_group_name_H-M 'F m -3 m'",
        "_space_group_IT_number 225", "_space_group_name_H-M_alt Fm-3m",
        "_symmetry_space_group_name_H-M 'F m 3 m'", "_symmetry_space_group_name_H-M Fm3m",
        "_space_group_name_H-M_alt 'F m -3 m'\n_space_group_IT_number 225",
    ])
    func withoutOperatorsTheSymbolGivesThem(symmetry: String) throws {
        let record = try record(Self.fluorite(symmetry))
        #expect(record.structure.sites.count == 12)
        #expect(record.warnings.isEmpty)
    }

    @Test func theOperatorsWinOverTheSymbolAndTheContradictionIsSaid() throws {
        let record = try record(
            Self.fluorite("_space_group_name_H-M_alt 'F m -3 m'\nloop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\n"))
        #expect(record.structure.sites.count == 2)
        #expect(record.warnings.contains { $0.contains("the operations are taken") })
    }

    @Test func anOpenOriginIsTakenWithAWarningAndDatabaseTailsCloseIt() throws {
        func diamond(_ symbol: String) throws -> CrystalRecord {
            try record(
                Self.fluorite("_space_group_name_H-M_alt '\(symbol)'")
                    .replacing("F1 F 0.25 0.25 0.25 1\n", with: ""))
        }
        let open = try diamond("F d -3 m")
        #expect(open.warnings.contains { $0.contains("choice 2") })
        #expect(open.structure.sites.count == 16)
        #expect(try diamond("F d -3 m S").structure.sites.count == 8)
        #expect(try diamond("F d -3 m :1").structure.sites.count == 8)
        #expect(try diamond("F d -3 m Z").warnings.isEmpty)
    }

    @Test func theCellTellsHexagonalFromRhombohedralAxes() throws {
        func atoms(_ cell: String) throws -> Int {
            try record(
                Self.cif(
                    cell: cell, symmetry: "_symmetry_space_group_name_H-M 'R -3 m'", sites: "Bi1 Bi 0 0 0 1\n"
                )
            ).structure.sites.count
        }
        let lengths = "_cell_length_a 4.7\n_cell_length_b 4.7\n_cell_length_c "
        #expect(
            try atoms(lengths + "12\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 120") == 3)
        #expect(
            try atoms(lengths + "4.7\n_cell_angle_alpha 57\n_cell_angle_beta 57\n_cell_angle_gamma 57") == 1)
    }

    @Test func everyBlockWithAStructureIsARecord() throws {
        let text =
            "data_global\n_publ_author 'x'\n" + Self.cif(block: "data_one") + "\n"
            + Self.cif(block: "data_two")
        #expect(try CIFFile.parse(text, name: "t.cif").map(\.name) == ["one", "two"])
    }

    @Test func aFaultyBlockBesideAGoodOneIsAWarning() throws {
        let text = Self.cif(block: "data_one") + "\n" + Self.cif(cell: "", block: "data_two")
        let records = try CIFFile.parse(text, name: "t.cif")
        #expect(records.count == 1)
        #expect(records[0].warnings.contains { $0.contains("data_two") && $0.contains("no cell") })
    }

    @Test func elementsSharingASiteAreOneSite() throws {
        let record = try record(
            Self.cif(sites: "Fe1 Fe3+ 0 0 0 0.4(1)\nMn1 Mn2+ 0 0 0 0.6\nD1 D .1 .2 .3 1\n"))
        #expect(record.structure.sites.count == 3)
        #expect(record.structure.sites[0].occupants.map(\.occupancy) == [0.4, 0.6])
        #expect(record.structure.sites[1].occupants[0].species.massNumber == 2)
    }

    @Test func displacementsAreBOrUAndTurnWithTheOperation() throws {
        let text =
            Self.cif(
                symmetry: "loop_\n_space_group_symop_operation_xyz\nx,y,z\ny,x,-z\n-x,-y,z\n-y,-x,-z\n"
            )
            .replacing("_cell_length_b 6", with: "_cell_length_b 5")
            .replacing("_atom_site_occupancy\n", with: "_atom_site_B_iso_or_equiv\n")
            + "loop_\n_atom_site_aniso_label\n"
            + ["11", "22", "33", "12", "13", "23"].map {
                "_atom_site_aniso_U_\($0)\n"
            }.joined() + "Cl1 0.01 0.02 0.03 0.001 0.002 0.003\n"
        let record = try record(text)
        #expect(record.structure.sites[0].displacement == .isotropic(b: 1))
        guard case .anisotropic(let u) = record.structure.sites[2].displacement else {
            Issue.record("no anisotropic displacement")
            return
        }
        // y,x,-z exchanges the first two axes and turns the third round.
        let expected = Matrix3(
            rows: SIMD3(0.02, 0.001, -0.003), SIMD3(0.001, 0.01, -0.002), SIMD3(-0.003, -0.002, 0.03))
        #expect((u - expected).frobeniusNorm < 1e-15)
    }

    @Test func roundedSpecialPositionsAreMadeExact() throws {
        let text = Self.cif(
            cell: "_cell_length_a 5\n_cell_length_b 5\n_cell_length_c 7\n_cell_angle_alpha 90\n"
                + "_cell_angle_beta 90\n_cell_angle_gamma 120",
            symmetry: "loop_\n_space_group_symop_operation_xyz\nx,y,z\n-y,x-y,z\n-x+y,-x,z\n",
            sites: "C1 C 0.3333 0.6667 0.1 1\n")
        let record = try record(text)
        #expect(record.structure.sites.count == 1)
        #expect((record.structure.sites[0].position - SIMD3(1 / 3.0, 2 / 3.0, 0.1)).length < 1e-12)
    }

    @Test func aStatedMultiplicityThatDoesNotHoldIsSaid() throws {
        let text = Self.cif().replacing("_atom_site_occupancy\n", with: "_atom_site_symmetry_multiplicity\n")
        let right = text.replacing("0.25 1", with: "0.25 2")
        #expect(try record(right).warnings.isEmpty)
        let wrong = text.replacing("0.25 1", with: "0.25 4")
        #expect(try record(wrong).warnings == ["Cl1 has 2 images in the cell, the file says 4"])
    }

    @Test func filesThatLieAreRefusedWithTheReason() throws {
        #expect(try reason("").contains("empty"))
        #expect(try reason(Self.cif(cell: "")).contains("no cell"))
        #expect(try reason(Self.cif(sites: "")).contains("no atom sites"))
        #expect(try reason("data_x\n_cell_length_a 5\n").contains("no atom sites"))
        #expect(try reason("data_x\n_publ_author x\n").contains("no cell and no atom sites"))
        #expect(
            try reason(Self.cif(cell: "_cell_length_a 5\n_cell_length_b 6\n_cell_length_c 0\n"))
                .contains("an edge of 0.0 Å"))
        #expect(
            try reason(
                Self.cif(
                    cell: "_cell_length_a 5\n_cell_length_b 6\n_cell_length_c 7\n"
                        + "_cell_angle_alpha 170\n_cell_angle_beta 10\n_cell_angle_gamma 20")
            ).contains("no volume"))
        #expect(
            try reason(
                Self.cif(
                    symmetry: "loop_\n_symmetry_equiv_pos_as_xyz\n'x,y,z'\n'-x,-y,-z'\n'x,-y,z+1/4'\n")
            )
            .contains("do not form a group"))
        #expect(
            try reason(Self.cif(symmetry: "loop_\n_symmetry_equiv_pos_as_xyz\n'x,y'\n"))
                .contains("no symmetry operation"))
        #expect(try reason(Self.cif(sites: "Na1 Na 0 0 0 1\nCl1 Cl 0 0 0 1\n")).contains("same place"))
        #expect(try reason(Self.cif(sites: "Na1 Na .2 .2 .2 1\nCl1 Cl .8 .8 .8 1\n")).contains("same place"))
        #expect(try reason(Self.cif(sites: "Na1 Na 0 0 0 1.5\n")).contains("occupancy"))
        #expect(try reason(Self.cif(sites: "Na1 Na 0 nan 0 1\n")).contains("not a coordinate"))
        #expect(try reason(Self.cif(sites: "Q1 Qq 0 0 0 1\n")).contains("no element"))
        #expect(try reason(Self.cif(sites: "Na1 Na 0 0 0\n")).contains("t.cif:"))
        #expect(
            try reason(Self.cif(symmetry: "_space_group_name_H-M_alt 'Q 7'")).contains("unknown space group"))
    }

    @Test(.enabled(if: SharedData.isThere, "needs ../shared"))
    func publishedFilesAreReadWithoutAWarning() throws {
        let files = SharedData.files(in: "patterns") { $0.hasSuffix(".cif") }
        #expect(files.count >= 11)
        // One of them has a U of 0.66 Å² and states Z 2 for four formula units.
        for file in files where !file.contains("sh0123") {
            for record in try CrystalFile.read(file) { #expect(record.warnings.isEmpty, "\(file)") }
        }
    }

    @Test(.enabled(if: SharedData.isThere, "needs ../shared"))
    func theGoldenAndPaperFilesHoldTheirFormula() throws {
        let files =
            SharedData.files(in: "golden") { $0.hasSuffix(".cif") }
            + SharedData.files(in: "landscape-paper") { $0.hasSuffix(".cif") }
        #expect(files.count == 32)
        for file in files {
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let record = try CrystalFile.readFirst(file)
            let line = try #require(
                text.split(separator: "\n").first { $0.hasPrefix("_chemical_formula_sum") })
            let formula = line.drop { !$0.isWhitespace }.filter { $0 != "'" && $0 != "\"" }
                .split(separator: " ")
            let composition = record.structure.composition
            let written = Dictionary(
                uniqueKeysWithValues: formula.map { word in
                    let symbol = word.prefix { $0.isLetter }
                    return (String(symbol), Double(word.dropFirst(symbol.count)) ?? 1)
                })
            let ratios = composition.map { $1 / (written[$0.symbol] ?? .nan) }
            let first = try #require(ratios.first)
            #expect(ratios.allSatisfy { abs($0 - first) < 0.02 * first }, "\(file) \(ratios) \(formula)")
        }
    }
}
