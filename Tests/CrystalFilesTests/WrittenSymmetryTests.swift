import CrystalFiles
import Crystallography
import Foundation
import Symmetry
import Testing

/// What a written CIF says of its symmetry is one thing: symbol, Hall symbol, number and operations.
@Suite struct WrittenSymmetryTests {
    private static func read(_ symmetry: String, cell: String, sites: String) throws -> CrystalRecord {
        let lines = zip(
            ["length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma"],
            cell.split(separator: " ")
        ).map { "_cell_\($0) \($1)" }
        let columns = ["label", "type_symbol", "fract_x", "fract_y", "fract_z"].map { "_atom_site_\($0)" }
        let text =
            (["data_t"] + lines + [symmetry, "loop_"] + columns + [sites]).joined(separator: "\n") + "\n"
        return try #require(try CIFFile.parse(text, name: "t.cif").first)
    }

    @Test("a symbol alone comes out with its Hall symbol and number, and marked origin")
    func convertedSymbols() throws {
        let record = try Self.read(
            "_space_group_name_H-M_alt P4/nmmS", cell: "3.567 3.567 7 90 90 90",
            sites: "Fe1 Fe 0 0 0\nS1 S 0 .5 .3")
        let text = CIFFile.serialise(SymmetricCIF(record))
        #expect(text.contains("'P 4/n m m :1'") && text.contains("'P 4ab 2ab -1ab'"))
        #expect(text.contains("_space_group_IT_number            129"))
        let again = try #require(try CIFFile.parse(text, name: "u.cif").first)
        #expect(again.warnings.isEmpty && again.structure.sites.count == record.structure.sites.count)
    }

    @Test("a contradicted symbol is not handed on")
    func contradictedSymbols() throws {
        let record = try Self.read(
            "_space_group_name_H-M_alt 'P 1 21/c 1'\n_space_group_IT_number 62\nloop_\n_symmetry_equiv_pos_as_xyz\n"
                + "x,y,z\n-x,-y,-z", cell: "5 6 7 90 95 90", sites: "Fe1 Fe .1 .2 .3")
        #expect(record.warnings.count == 1)
        let again = try #require(
            try CIFFile.parse(CIFFile.serialise(SymmetricCIF(record)), name: "u.cif").first)
        #expect(again.declaredSymbol == "P -1" && again.declaredNumber == 2 && again.warnings.isEmpty)
    }

    @Test("operations in no table have the group's number under its newer name and no symbol")
    func untabulatedSettings() throws {
        let record = try Self.read(
            "_space_group_name_Hall '-I 2 2 (y+z,x+z,x+y)'",
            cell: "4.3874821937 4.3874821937 4.3874821937 125.7617144532 110.5270374375 93.7231247607",
            sites: "Fe1 Fe 0 0 0\nO1 O 0 .2 .2")
        #expect(record.structure.sites.count == 3)
        let text = CIFFile.serialise(SymmetricCIF(record))
        #expect(text.contains("_space_group.IT_number            71"))
        #expect(!text.contains("_space_group_IT_number") && !text.contains("name_H"))
        let again = try #require(try CIFFile.parse(text, name: "u.cif").first)
        #expect(again.warnings.isEmpty && again.structure.sites.count == 3)
    }
}
