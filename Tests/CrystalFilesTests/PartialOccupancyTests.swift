import CrystalFiles
import CrystalTexts
import Foundation
import Testing

/// Lists of atoms that say more, or less, than their atoms: refused or said, never another crystal.
///
/// Reaches `PartialOccupancy`, `PymatgenRecord`, `ExtendedXYZFile`, `POSCARFile`.
@Suite struct PartialOccupancyTests {
    private static let cell = #"Lattice="5.64 0 0 0 5.64 0 0 0 5.64""#

    private func frame(
        _ info: String = "", columns: String = "species:S:1:pos:R:3", rows: [String]? = nil
    ) throws -> CrystalRecord {
        let rows = rows ?? ["Na 0 0 0", "Cl 2.82 2.82 2.82"]
        let text = "2\n\(Self.cell) Properties=\(columns) \(info)\n" + rows.joined(separator: "\n") + "\n"
        return try #require(try ExtendedXYZFile.parse(text, name: "t.xyz").first)
    }

    private func json(_ text: String) throws -> CrystalRecord {
        try #require(try StructureJSONFile.parse(text, name: "t.json").first)
    }

    private func ase(_ more: String) -> String {
        #"{"numbers":[11,17],"positions":[[0,0,0],[2.82,2.82,2.82]],"cell":[[5.64,0,0],[0,5.64,0],[0,0,5.64]]"#
            + more + "}"
    }

    private func pymatgen(lattice: String = "", site: String = "", record: String = "") -> String {
        #"{"lattice":{"matrix":[[5.64,0,0],[0,5.64,0],[0,0,5.64]]"# + lattice
            + #"},"sites":[{"species":[{"element":"Na","occu":1}],"abc":[0,0,0]"# + site
            + #"},{"species":[{"element":"Cl","occu":1}],"abc":[0.5,0.5,0.5]}]"# + record + "}"
    }

    @Test("Occupancies that ASE keeps aside are refused where they are no whole atoms")
    func aside() throws {
        let mixed = #""occupancy":{"0":{"Na":0.5,"K":0.5},"1":{"Cl":1}}"#
        let whole = #""occupancy":{"0":{"Na":1.0},"1":{"Cl":1}}"#
        #expect(throws: CrystalFileError.self) { try json(ase(#","info":{\#(mixed)}"#)) }
        #expect(throws: CrystalFileError.self) { try json(ase(#","data":{\#(mixed)}"#)) }
        #expect(try json(ase(#","info":{\#(whole)}"#)).structure.sites.count == 2)
        let quoted = #"occupancy="_JSON {\"0\": {\"Na\": 0.5, \"K\": 0.5}}""#
        #expect(throws: CrystalFileError.self) { try frame(quoted) }
        #expect(try frame(#"occupancy="_JSON {\"0\": {\"Na\": 1.0}}""#).structure.sites.count == 2)
    }

    @Test(
        "Columns and properties of another name are refused likewise",
        arguments: ["occ", "occupancies", "site_occupancy"])
    func otherNames(name: String) throws {
        let columns = "species:S:1:pos:R:3:\(name):R:1"
        #expect(throws: CrystalFileError.self) {
            try frame(columns: columns, rows: ["Na 0 0 0 0.5", "Cl 2.82 2.82 2.82 1"])
        }
        let whole = try frame(columns: columns, rows: ["Na 0 0 0 1", "Cl 2.82 2.82 2.82 1.0"])
        #expect(whole.structure.sites.count == 2)
        #expect(throws: CrystalFileError.self) {
            try json(pymatgen(site: #","properties":{"\#(name)":0.5}"#))
        }
    }

    @Test("Lengths in another unit than Å are refused")
    func units() throws {
        let error = try #require(throws: CrystalFileError.self) { try frame("unit=bohr") }
        #expect(error.description.contains("lengths in bohr"))
        #expect(try frame("unit=angstrom").structure.sites.count == 2)
    }

    @Test(
        "Rows with more columns than are announced, and an atomic number beside another symbol, are refused")
    func rows() {
        #expect(throws: CrystalFileError.self) { try frame(rows: ["Na 0 0 0", "Cl 2.82 2.82 2.82 1"]) }
        #expect(throws: CrystalFileError.self) {
            try frame(columns: "species:S:1:Z:I:1:pos:R:3", rows: ["Na 11 0 0 0", "Cl 19 2.82 2.82 2.82"])
        }
        #expect(throws: CrystalFileError.self) {
            try frame(columns: "Z:I:1:pos:R:3", rows: ["11 0 0 0", "0 2.82 2.82 2.82"])
        }
    }

    @Test("A cell that is written twice and differs is refused")
    func twoCells() throws {
        #expect(throws: CrystalFileError.self) { try json(pymatgen(lattice: #","a":6.0"#)) }
        #expect(throws: CrystalFileError.self) { try json(pymatgen(lattice: #","gamma":120"#)) }
        #expect(try json(pymatgen(lattice: #","a":5.64,"gamma":90.0"#)).warnings == [])
    }

    @Test("Of several structures in one object the taken one is named")
    func severalInOneObject() throws {
        let record = try json(#"{"structure":\#(pymatgen()),"initial_structure":\#(pymatgen())}"#)
        #expect(record.warnings.contains { $0.contains("\"structure\" is taken, not that under \"initial_") })
        #expect(try json(#"{"structure":\#(pymatgen())}"#).warnings == [])
    }

    @Test("A POSCAR with more atoms than it announces is refused; velocities are none")
    func moreAtoms() throws {
        func poscar(_ atoms: String) throws -> CrystalRecord {
            let text = CrystalText.poscar(vectors: "5.64", species: ["Na": 1, "Cl": 1], atoms: atoms)
            return try #require(try POSCARFile.parse(text, name: "POSCAR").first)
        }
        let error = try #require(throws: CrystalFileError.self) {
            try poscar("0 0 0\n.5 .5 .5\n.25 .25 .25")
        }
        #expect(error.description.contains("more atoms than the 2"))
        #expect(try poscar("0 0 0\n.5 .5 .5\n\n0 0 0\n0 0 0").unkept == ["velocities"])
    }

    @Test("Another element behind an atom than in its species line is said, and so are species of the title")
    func species() throws {
        func warnings(_ atoms: String) throws -> [String] {
            let text = CrystalText.poscar(vectors: "5.64", species: ["Na": 1, "Cl": 1], atoms: atoms)
            return try #require(try POSCARFile.parse(text, name: "POSCAR").first).warnings
        }
        #expect(try warnings("0 0 0 Na1\n.5 .5 .5 Cl") == [])
        #expect(try warnings("0 0 0 T F T\n.5 .5 .5 T T T") == [])
        #expect(
            try warnings("0 0 0 Na\n.5 .5 .5 # K2")
                == ["atom 2 is Cl by the species line, K by what stands behind it"])
        let old = "Na Cl\n1.0\n5.64 0 0\n0 5.64 0\n0 0 5.64\n1 1\nDirect\n0 0 0\n.5 .5 .5\n"
        #expect(
            try #require(try POSCARFile.parse(old, name: "POSCAR").first).warnings
                == ["the species are those of the title, Na Cl"])
    }
}
