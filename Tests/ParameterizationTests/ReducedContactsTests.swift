import CrystalFiles
import Crystallography
import NumericalMethods
import Parameterization
import Symmetry
import Testing

@Suite("Contacts and density of a reduced structure") struct ReducedContactsTests {
    private func parse(_ sites: String, cell: String, symbol: String) throws -> CrystalStructure {
        let lines = zip(
            ["length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma"],
            cell.split(separator: " ")
        ).map { "_cell_\($0) \($1)" }.joined(separator: "\n")
        let text = """
            data_x
            \(lines)
            _space_group_name_H-M_alt '\(symbol)'
            loop_
            _atom_site_label
            _atom_site_fract_x
            _atom_site_fract_y
            _atom_site_fract_z
            \(sites)
            """
        return try #require(try CIFFile.parse(text, name: "x.cif").first).structure
    }

    @Test("Orbits against atoms give what all pairs of the cell give, in the setting and in a primitive cell")
    func agrees() throws {
        let spinel = try parse(
            "Mg1 0.125 0.125 0.125\nAl1 0.5 0.5 0.5\nO1 0.2624 0.2624 0.2624",
            cell: "8.08 8.08 8.08 90 90 90",
            symbol: "F d -3 m :2")
        let whole = Contacts(spinel)
        let found = try SymmetryFinder.find(in: spinel, tolerance: 0.001)
        #expect(found.spaceGroup.number == 227)
        for cell in [StandardCell.standard, .primitive] {
            let crystal = try SymmetryFinder.standardize(spinel, found, cell: cell).structure
            let own = try SymmetryFinder.find(in: crystal, tolerance: 0.001)
            let reduced = try ReducedStructure(reducing: crystal, own)
            #expect(reduced.atoms.count == (cell == .primitive ? 14 : 56))
            let contacts = Contacts(reduced)
            #expect(abs(contacts.shortestDistance - whole.shortestDistance) < 1e-6)
            #expect(abs(contacts.shortestShare - whole.shortestShare) < 1e-6)
            #expect(abs(reduced.density - spinel.density) < 1e-9)
        }
    }
}
