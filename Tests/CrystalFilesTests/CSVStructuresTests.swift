import CrystalFiles
import Foundation
import Testing

/// Reaches `CSVRows`.
@Suite("Structures in CSV") struct CSVStructuresTests {
    private static let cif = """
        data_x
        _cell_length_a 4.12
        _cell_length_b 4.12
        _cell_length_c 4.12
        _cell_angle_alpha 90
        _cell_angle_beta 90
        _cell_angle_gamma 90
        _symmetry_space_group_name_H-M 'P 1'
        loop_
        _atom_site_label
        _atom_site_type_symbol
        _atom_site_fract_x
        _atom_site_fract_y
        _atom_site_fract_z
        Cs1 Cs 0 0 0
        Cl1 Cl 0.5 0.5 0.5
        """
    private static let poscar =
        "Cs Cl\n1\n4.12 0 0\n0 4.12 0\n0 0 4.12\nCs Cl\n1 1\nDirect\n0 0 0\n.5 .5 .5\n"

    private func records(_ text: String, name: String = "set.csv") throws -> [CrystalRecordStream.Element] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        return Array(try CrystalRecordStream(path: file.path))
    }

    @Test("a CIF over many lines in quotes, the name and the claimed group beside it")
    func cif() throws {
        let text =
            ",material_id,formation_energy,cif,spacegroup.number\n"
            + "0,mp-1,\"-1,5\",\"\(Self.cif)\n\",221\n\n1,mp-2,0,\"\(Self.cif)\n\",225\n"
        let entries = try records(text)
        #expect(entries.count == 2)
        #expect(entries.map(\.index) == [0, 1])
        #expect(entries.map(\.line) == [2, 20])
        let first = try entries[0].result.get()
        #expect(first.name == "mp-1" && first.declaredNumber == 221)
        #expect(first.structure.sites.count == 2)
        #expect(try entries[1].result.get().declaredNumber == 225)
    }

    @Test("POSCAR and JSON columns, and Windows line ends")
    func otherColumns() throws {
        let text = "id,POSCAR\r\nx,\"\(Self.poscar)\"\r\n"
        #expect(try records(text).first?.result.get().name == "x")
        let json =
            #"{""lattice"":{""matrix"":[[4,0,0],[0,4,0],[0,0,4]]},""sites"":[{""species"":[{""element"":""Po"",""occu"":1}],""abc"":[0,0,0]}]}"#
        #expect(try records("id,structure\ny,\"\(json)\"\n").first?.result.get().structure.sites.count == 1)
    }

    @Test("a faulty row is an error with its line, and the rows after it are read")
    func faultyRows() throws {
        let text = "material_id,cif\na,\"data_x\nnothing\"\nb\nc,\"\(Self.cif)\"\n"
        let entries = try records(text)
        #expect(entries.count == 3)
        #expect(throws: CrystalFileError.self) { try entries[0].result.get() }
        #expect(throws: CrystalFileError.self) { try entries[1].result.get() }
        #expect(entries[1].line == 4)
        #expect(try entries[2].result.get().name == "c")
    }

    @Test("a quote that is never closed, and a table without structures, say so")
    func noStructures() throws {
        #expect(throws: CrystalFileError.self) {
            try records("material_id,cif\na,\"data_x\n")[0].result.get()
        }
        #expect(throws: CrystalFileError.self) { try records("a,b\n1,2\n")[0].result.get() }
    }
}
