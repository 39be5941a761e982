import CrystalFiles
import Foundation
import Testing

@Suite struct CIFTextTests {
    private static let body = """
        _cell_length_a 5.64
        _cell_length_b 5.64
        _cell_length_c 5.64
        _cell_angle_alpha 90
        _cell_angle_beta 90
        _cell_angle_gamma 90
        _symmetry_space_group_name_H-M 'F m -3 m'
        loop_
        _atom_site_label
        _atom_site_type_symbol
        _atom_site_fract_x
        _atom_site_fract_y
        _atom_site_fract_z
        Na1 Na 0 0 0
        Cl1 Cl .5 .5 .5
        """

    @Test("a form or a letter before the first block is passed over with a warning")
    func textBeforeTheFirstBlock() throws {
        for head in [
            "_vrf_PLAT_x\n;\nPROBLEM: none\nRESPONSE: data_were good\n;\n",
            "Dear editor's office,\nhere it is.\n",
            "_publ_author_name 'A'\nloop_\n_a\n1\n2\n", "# a comment\n_x 1\n",
        ] {
            let records = try CIFFile.parse(head + "data_x\n" + Self.body, name: "t.cif")
            #expect(records.count == 1 && records[0].structure.sites.count == 8, "\(head)")
            #expect(records[0].warnings == ["what stands before the first data_ is passed over"])
        }
        let error = #expect(throws: CrystalFileError.self) {
            try CIFFile.parse("x y\n\ndata_x\n_a 'open\n", name: "t.cif")
        }
        #expect(error?.line == 4 || error?.line == 5)
    }

    @Test("a structure before the first block is not passed over")
    func structureBeforeTheFirstBlock() {
        #expect(throws: CrystalFileError.self) {
            try CIFFile.parse(Self.body + "\ndata_x\n" + Self.body, name: "t.cif")
        }
    }

    @Test("comments and blank lines before the first block are no matter")
    func commentsFirst() throws {
        let records = try CIFFile.parse("\n# c\n\n  data_x\n" + Self.body, name: "t.cif")
        #expect(records[0].warnings.isEmpty)
    }

    @Test("the name of a block may have blanks, and an item may follow it on its line")
    func blockNames() throws {
        #expect(try CIFFile.parse("data_NaCl phase 1\n" + Self.body, name: "t.cif")[0].name == "NaCl_phase_1")
        #expect(try CIFFile.parse("data_x " + Self.body, name: "t.cif")[0].name == "x")
        #expect(try CIFFile.parse("data_x # y\n" + Self.body, name: "t.cif")[0].name == "x")
    }

    @Test("CIF 2 lists, tables and triple quotes are values")
    func cif2() throws {
        let items = """
            _a.list [1 2 [3 'a]'] ]
            _a.table {'k':1 "l":[2 3]}
            _a.text '''it's "so"'''
            _a.lines \"""one
            ;two
            three\"""
            _a.plain it[1]
            """
        for head in ["#\\#CIF_2.0\n", ""] {
            let records = try CIFFile.parse(head + "data_x\n\(items)\n" + Self.body, name: "t.cif")
            #expect(records[0].structure.sites.count == 8)
        }
        #expect(throws: CrystalFileError.self) {
            try CIFFile.parse("#\\#CIF_2.0\ndata_x\n_a [1 2\n" + Self.body, name: "t.cif")
        }
    }

    @Test("the first structure of several is taken with a word")
    func severalStructures() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cif-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("two.cif")
        try Data(("data_one\n" + Self.body + "\ndata_two\n" + Self.body).utf8).write(to: file)
        let record = try CrystalFile.readFirst(file.path)
        #expect(record.warnings == ["the file holds 2 structures; the first, one, is taken"])
        let frames = folder.appendingPathComponent("two.extxyz")
        let frame = "1\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3\nFe 0 0 0\n"
        try Data((frame + frame).utf8).write(to: frames)
        #expect(try CrystalFile.readFirst(frames.path).warnings.contains { $0.contains("2 structures") })
    }
}
