import CrystalFiles
import CrystalTexts
import Crystallography
import Foundation
import Testing

/// What a file says beside its atoms, or holds and no crystal has, is said, whatever the format.
///
/// Reaches `PlausibleCell`, `StatedSystem`, `StatedContent`.
@Suite struct PlausibleCellTests {
    private static let salt = "Na1 Na 0 0 0\nCl1 Cl .5 .5 .5"
    private static let group = "_space_group_name_H-M_alt 'F m -3 m'"

    private func warnings(
        _ items: String = group, cell: String = "5.64", columns: [String] = CrystalText.places,
        sites: String = salt
    ) throws -> [String] {
        let text = CrystalText.cif(cell: cell, items: items, columns: columns, sites: sites)
        return try #require(try CIFFile.parse(text, name: "t.cif").first).warnings
    }

    @Test(
        "A crystal system that is not that of the operations is said",
        arguments: [
            ("_symmetry_cell_setting monoclinic", true), ("_space_group_crystal_system hexagonal", true),
            ("_space_group_crystal_system cubic", false), ("_symmetry_cell_setting Cubic", false),
            ("_symmetry_cell_setting ?", false), ("_symmetry_cell_setting 'see text'", false),
        ])
    func crystalSystem(item: String, isSaid: Bool) throws {
        let warnings = try warnings(Self.group + "\n" + item)
        #expect(warnings.contains { $0.contains("the file calls the crystal") } == isSaid, "\(warnings)")
    }

    @Test("Trigonal, hexagonal and rhombohedral are words for one another")
    func hexagonalFamily() throws {
        for word in ["trigonal", "hexagonal", "rhombohedral"] {
            let warnings = try warnings(
                "_space_group_name_H-M_alt 'R -3 m :H'\n_symmetry_cell_setting \(word)",
                cell: "4 4 10 90 90 120", sites: "Na1 Na 0 0 0")
            #expect(warnings == [], "\(warnings)")
        }
    }

    @Test("Z that leaves no whole atoms to a formula unit is said, with a formula or without")
    func formulaUnits() throws {
        #expect(try warnings(Self.group + "\n_cell_formula_units_Z 8").contains { $0.contains("says Z 8") })
        for units in [1, 2, 4] {
            #expect(try warnings(Self.group + "\n_cell_formula_units_Z \(units)") == [])
        }
    }

    @Test("The formula weight is compared")
    func weight() throws {
        let items = Self.group + "\n_cell_formula_units_Z 4\n_chemical_formula_weight "
        #expect(try warnings(items + "58.44") == [])
        #expect(try warnings(items + "118.0").contains { $0.contains("weighs 58.4") })
    }

    @Test(
        "F(000) of the file is the sites' electrons, but for anomalous scattering; of neutrons it is something else",
        arguments: [
            ("112", false), ("113.4", false), ("224", true), ("56", true),
            ("40\n_diffrn_radiation_probe neutron", false),
        ])
    func electrons(item: String, isSaid: Bool) throws {
        let warnings = try warnings(Self.group + "\n_exptl_crystal_F_000 \(item)")
        #expect(warnings.contains { $0.contains("hold 112 electrons") } == isSaid, "\(warnings)")
    }

    @Test(
        "Moieties stand in for a sum formula that is not there",
        arguments: [
            ("'Na 1+, Cl 1-'", false), ("'Na 1+, 2(Cl 1-)'", true), ("'Na1+, 2(Cl)'", false),
            ("'K 1+, Cl 1-'", true), ("'Na Cl'", false),
            ("'see text'", false), ("'(Na Cl)n'", false),
        ])
    func moieties(item: String, isSaid: Bool) throws {
        let warnings = try warnings(Self.group + "\n_chemical_formula_moiety \(item)")
        #expect(warnings.isEmpty != isSaid, "\(warnings)")
    }

    @Test("Hydrogen that is counted beside a site and has none of its own is said to be missing")
    func attachedHydrogen() throws {
        let columns = CrystalText.places + ["attached_hydrogens"]
        let missing = try warnings(columns: columns, sites: "Na1 Na 0 0 0 0\nO1 O .5 .5 .5 2")
        #expect(missing == ["hydrogen attached to O1 (2) has no site and is not there"])
        #expect(try warnings(columns: columns, sites: "Na1 Na 0 0 0 0\nO1 O .5 .5 .5 .") == [])
    }

    @Test("Lengths in nanometres or picometres make a cell that no crystal has")
    func otherUnits() throws {
        for edge in ["0.564", "564"] {
            #expect(try warnings(cell: edge).contains { $0.contains("lengths are in Å") }, "\(edge)")
        }
        #expect(try warnings(cell: "5.64") == [])
        let box = CrystalText.poscar(vectors: "564", species: ["Na": 1, "Cl": 1], atoms: "0 0 0\n.5 .5 .5")
        let record = try #require(try POSCARFile.parse(box, name: "POSCAR").first)
        #expect(record.warnings.contains { $0.contains("lengths are in Å") })
    }

    @Test("Coordinates in Å in the place of fractions are said")
    func farCoordinates() throws {
        let far = try warnings(
            "_space_group_name_H-M_alt 'P 1'", sites: "Na1 Na 0 0 0\nCl1 Cl 2.82 2.82 2.82")
        #expect(far.contains { $0.contains("Cl1 lies 2.82 cells") })
        #expect(try warnings(sites: "Na1 Na 0 0 0\nCl1 Cl 1.5 -.5 .5") == [])
        let poscar = CrystalText.poscar(
            vectors: "5.64", species: ["Na": 1, "Cl": 1], atoms: "0 0 0\n2.82 2.82 2.82")
        let record = try #require(try POSCARFile.parse(poscar, name: "POSCAR").first)
        #expect(record.warnings.contains { $0.contains("atom 2 lies 2.82 cells") })
    }

    @Test("An atom in another one is said in every format")
    func overlaps() throws {
        let lattice = Lattice(a: 5.64, b: 5.64, c: 5.64, alpha: 90, beta: 90, gamma: 90)
        let elements = try ["Na", "Cl"].map { try #require(Element(symbol: $0)) }
        for (x, isSaid) in [(0.0, true), (0.05, true), (0.5, false)] {
            let structure = CrystalStructure(
                title: "t", lattice: lattice,
                sites: [Site(elements[0], at: .zero), Site(elements[1], at: SIMD3(x, x / 2, 0))])
            for format in [CrystalFile.Format.poscar, .extendedXYZ, .json] {
                let text = try CrystalFile.serialise([CrystalRecord(structure)], format: format)
                let read =
                    switch format {
                    case .poscar: try POSCARFile.parse(text, name: "t")
                    case .extendedXYZ: try ExtendedXYZFile.parse(text, name: "t")
                    default: try StructureJSONFile.parse(text, name: "t")
                    }
                let warnings = try #require(read.first).warnings
                #expect(warnings.contains { $0.contains("nearer than any bond") } == isSaid, "\(format) \(x)")
            }
        }
    }

    @Test(
        "Symmetry under a name that no reader has is refused: P 1 would be another crystal",
        arguments: [
            "_symmetry_space_group_name 'F m -3 m'", "_space_group_name_HM 'F m -3 m'",
            "_cod_original_sg_symbol_H-M 'F m -3 m'", "_aflow_space_group_number 225",
            "_parent_space_group.name_H-M_alt 'F m -3 m'", "loop_\n_symmetry_equiv_xyz\nx,y,z\n-x,-y,-z",
        ])
    func unreadSymmetry(item: String) throws {
        let error = try #require(throws: CrystalFileError.self) { try warnings(item) }
        #expect(error.description.contains("symmetry in an item that is not read"))
    }

    @Test(
        "Where a file says P 1 under such a name, or nothing, it is P 1",
        arguments: [
            "_cod_original_sg_symbol_H-M 'P 1'", "_symmetry_cell_setting triclinic", "",
            "_space_group_name_HM ?",
        ])
    func silentSymmetry(item: String) throws {
        #expect(try warnings(item) == ["no symmetry is stated; P 1 is taken"])
    }

    @Test(
        "A modulation by a special function, polynomials or flags of atoms is refused",
        arguments: [
            "loop_\n_atom_site_occ_special_func_atom_site_label\n_atom_site_occ_special_func_crenel_c\nNa1 .5",
            "loop_\n_atom_site_displace_Legendre_atom_site_label\n_atom_site_displace_Legendre_param_coeff\nNa1 .1",
            "loop_\n_atom_site_displace_Fourier_atom_site_label\n_atom_site_displace_Fourier_axis\nNa1 x",
        ])
    func modulation(loop: String) throws {
        let text = CrystalText.cif(cell: "5.64", items: Self.group, sites: Self.salt, loops: loop)
        let error = try #require(throws: CrystalFileError.self) { try CIFFile.parse(text, name: "t.cif") }
        #expect(error.description.contains("modulated"))
    }
}
