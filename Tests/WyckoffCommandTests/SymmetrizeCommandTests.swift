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
        }
    }
}
