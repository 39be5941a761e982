import Foundation
import Testing

@Suite("wyckoff symmetrize")
struct SymmetrizeCommandTests {
    static func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test(
        "a CIF in the standard cell has operators, letters and one site for each orbit, and reads back the same"
    )
    func operators() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "symmetrize", CommandRun.data("starts/pbso4-1.cif"), "--space-group", "Pnma", "--json",
                    "-o",
                    "out.cif",
                ], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let object = try Self.object(run.output)
            #expect(object["number"] as? Int == 62 && object["degreesOfFreedom"] as? Int == 14)
            let text = try String(contentsOf: folder.appendingPathComponent("out.cif"), encoding: .utf8)
            #expect(text.contains("'x+1/2,y,-z+1/2'") && text.contains("_atom_site_Wyckoff_symbol"))
            #expect(text.split(separator: "\n").filter { $0.hasPrefix("O") }.count == 3)
            let again = try CommandRun(["symmetry", "out.cif", "--tolerance", "1e-5", "--json"], in: folder)
            #expect(try Self.object(again.output)["number"] as? Int == 62)
        }
    }

    @Test("--cell keep leaves order, labels and number of atoms")
    func keep() throws {
        try CommandRun.inFolder { folder in
            let start = CommandRun.data("starts/pbso4-1.cif")
            let run = try CommandRun(
                ["symmetrize", start, "--space-group", "Pnma", "--cell", "keep", "-o", "out.cif"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            func labels(_ path: String) throws -> [String] {
                try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
                    .filter { $0.contains(" Biso") || $0.hasSuffix(" 1.0") }
                    .compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) }
            }
            #expect(try labels(folder.appendingPathComponent("out.cif").path) == labels(start))
        }
    }

    @Test("--subgroup writes the subgroup's own cell with its freedom; a stranger is refused with the list")
    func subgroup() throws {
        try CommandRun.inFolder { folder in
            let file = CommandRun.data("structures/pbso4.cif")
            let run = try CommandRun(
                ["symmetrize", file, "--subgroup", "33", "--json", "-o", "out.cif"], in: folder)
            let object = try Self.object(run.output)
            #expect(object["number"] as? Int == 33 && object["degreesOfFreedom"] as? Int == 20)
            #expect(object["kind"] as? String == "translationengleiche" && object["index"] as? Int == 2)
            let refused = try CommandRun(
                ["symmetrize", file, "--subgroup", "Fm-3m", "-o", "no.cif"], in: folder)
            #expect(refused.status == 2 && refused.errors.contains("19, 26, 31, 33"))
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("no.cif").path))
        }
    }
}

extension SymmetrizeCommandTests {
    @Test("the primitive cell is written with its own operations and read back as the same crystal")
    func primitive() throws {
        try SymmetryCommandsTests.run(
            ["symmetrize", "si.vasp", "--cell", "primitive", "-o", "out.cif"]
        ) { run, folder in
            #expect(run.status == 0, "\(run.errors)")
            let text = try String(contentsOf: folder.appendingPathComponent("out.cif"), encoding: .utf8)
            #expect(text.contains("_space_group.IT_number") && !text.contains("name_H-M"))
            #expect(text.contains("48 '") && !text.contains("49 '"))
            let again = try CommandRun(["symmetry", "out.cif", "--tolerance", "1e-5", "--json"], in: folder)
            let object = try Self.object(again.output)
            #expect(object["number"] as? Int == 227 && (object["letters"] as? [String])?.count == 2)
        }
    }

    @Test("--cell keep on a CIF that lists an asymmetric unit lists one again, with the operations found")
    func keptAsymmetricUnit() throws {
        try CommandRun.inFolder { folder in
            let file = CommandRun.data("structures/pbso4.cif")
            let run = try CommandRun(["symmetrize", file, "--cell", "keep", "-o", "out.cif"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let text = try String(contentsOf: folder.appendingPathComponent("out.cif"), encoding: .utf8)
            let labels = text.split(separator: "\n").compactMap { $0.split(separator: " ").first }
                .filter { ["Pb1", "S1", "O1", "O2", "O3"].contains($0) }
            #expect(labels == ["Pb1", "S1", "O1", "O2", "O3"])
            #expect(text.contains("P n m a"))
        }
    }

    @Test("the standard cell has its origin on the centre, as the table of the group has it")
    func oneStandardOrigin() throws {
        try CommandRun.inFolder { folder in
            let diamond =
                "C\n1.0\n0 1.7835 1.7835\n1.7835 0 1.7835\n1.7835 1.7835 0\nC\n2\ndirect\n0 0 0\n.25 .25 .25\n"
            try Data(diamond.utf8).write(to: folder.appendingPathComponent("c.vasp"))
            let run = try CommandRun(["symmetrize", "c.vasp", "-o", "c.cif"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let text = try String(contentsOf: folder.appendingPathComponent("c.cif"), encoding: .utf8)
            #expect(text.contains("'F d -3 m :2'") && text.contains("'-F 4vw 2vw 3'"))
            let again = try CommandRun(["symmetry", "c.cif"], in: folder)
            #expect(again.output.contains("F d -3 m") && again.errors.isEmpty)
            let parameters = try CommandRun(["parameters", "c.cif"], in: folder)
            #expect(parameters.output.contains("F d -3 m (227), choice 2, C 8a"))
            let lowered = try CommandRun(
                ["symmetrize", "c.vasp", "--subgroup", "I41/amd", "--json", "-o", "i.cif"], in: folder)
            #expect(try Self.object(lowered.output)["choice"] as? String == "2", "\(lowered.errors)")
            let subgroup = try String(contentsOf: folder.appendingPathComponent("i.cif"), encoding: .utf8)
            #expect(subgroup.contains("'I 41/a m d :2'") && subgroup.contains("'-I 4bd 2'"))
            let back = try CommandRun(["symmetry", "i.cif"], in: folder)
            #expect(back.output.contains("F d -3 m (227)") && back.errors.isEmpty)
        }
    }
}

extension SymmetrizeCommandTests {
    /// P4/mmm with the oxygen moved along z (P4mm), and a little along x (Pm).
    private static func polarCell(x: Double, z: Double) -> String {
        """
        polar
        1.0
        4 0 0
        0 4 0
        0 0 6
        Fe Ti O
        1 1 1
        Direct
        0 0 0
        0.5 0.5 0
        \(0.5 + x / 4) 0.5 \(0.5 + z / 6)
        """
    }

    @Test("a group that is on no rung of the ladder is reached from one that contains it")
    func descends() throws {
        try CommandRun.inFolder { folder in
            try Self.polarCell(x: 0.03, z: 0.2).write(
                to: folder.appendingPathComponent("pm.vasp"), atomically: true, encoding: .utf8)
            let ladder = try CommandRun(["symmetry", "pm.vasp", "--ladder"], in: folder)
            #expect(ladder.output.contains("P 4 m m (99)") && !ladder.output.contains("P m m 2 (25) from"))
            let run = try CommandRun(
                ["symmetrize", "pm.vasp", "--space-group", "Pmm2", "--json", "-o", "out.cif"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let object = try Self.object(run.output)
            #expect(object["number"] as? Int == 25 && object["from"] as? String != nil)
            #expect((object["maxDisplacement"] as? Double ?? 1) < 0.031)
            let again = try CommandRun(["symmetry", "out.cif", "--json"], in: folder)
            let number = try Self.object(again.output)["number"] as? Int
            // Once the rest of the distortion is gone the atoms stand in P4mm; the file has no more than was asked.
            #expect(number == 25 || number == 99)
            let refused = try CommandRun(
                ["symmetrize", "pm.vasp", "--space-group", "Fm-3m", "-o", "no.cif"], in: folder)
            #expect(refused.status == 1 && refused.errors.contains("not on the ladder and no subgroup"))
        }
    }

    @Test("a structure that has the subgroup itself stays in its cell, and that is said")
    func identityFirst() throws {
        try CommandRun.inFolder { folder in
            try Self.polarCell(x: 0, z: 0.2).write(
                to: folder.appendingPathComponent("p4mm.vasp"), atomically: true, encoding: .utf8)
            let run = try CommandRun(
                ["symmetrize", "p4mm.vasp", "--subgroup", "P4mm", "--json", "-o", "out.cif"], in: folder)
            #expect(run.status == 0 && run.errors.contains("has P 4 m m (99) itself"))
            let object = try Self.object(run.output)
            #expect(object["number"] as? Int == 99 && object["atoms"] as? Int == 3)
            let larger = try CommandRun(
                ["symmetrize", "p4mm.vasp", "--subgroup", "P4mm", "--way", "2", "--json", "-o", "big.cif"],
                in: folder)
            #expect(larger.status == 0, "\(larger.errors)")
            #expect(try Self.object(larger.output)["atoms"] as? Int ?? 0 >= 6)
        }
    }
}
