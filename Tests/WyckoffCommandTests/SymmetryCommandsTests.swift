import Foundation
import Testing

@Suite("Symmetry commands", .serialized)
struct SymmetryCommandsTests {
    static let structure = """
        Si
        5.43
        1 0 0
        0 1 0
        0 0 1
        Si
        8
        direct
        0 0 0
        0 .5 .5
        .5 0 .5
        .5 .5 0
        .25 .25 .25
        .25 .75 .75
        .75 .25 .75
        .75 .75 .25

        """

    static func run(_ arguments: [String], check: (CommandRun, URL) throws -> Void) throws {
        try CommandRun.inFolder { folder in
            try structure.write(
                to: folder.appendingPathComponent("si.vasp"), atomically: true, encoding: .utf8)
            try check(try CommandRun(arguments, in: folder), folder)
        }
    }

    static func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func symmetryPrintsOneObjectForEachFile() throws {
        try Self.run(["symmetry", "si.vasp", "si.vasp", "--json"]) { run, _ in
            #expect(run.status == 0)
            let lines = run.output.split(separator: "\n")
            #expect(lines.count == 2)
            let object = try Self.object(String(try #require(lines.first)))
            #expect(
                Set(object.keys) == [
                    "file", "number", "hallNumber", "international", "choice", "pointGroup", "crystalFamily",
                    "tolerance", "letters", "siteSymmetry", "orbits", "maxDisplacement", "rms",
                ])
            #expect(object["number"] as? Int == 227)
            #expect((object["letters"] as? [String])?.count == 8)
        }
    }

    @Test func parametersOfSiliconAreOneLength() throws {
        try Self.run(["parameters", "si.vasp", "--json"]) { run, _ in
            #expect(run.status == 0)
            let object = try Self.object(run.output)
            #expect(object["degreesOfFreedom"] as? Int == 1)
            let first = (object["parameters"] as? [[String: Any]])?.first
            #expect(
                Set(first?.keys.map { $0 } ?? []) == ["name", "value", "unit", "lower", "upper", "formula"])
        }
    }

    @Test func validationThatFailsExitsWithOne() throws {
        try Self.run(["validate", "si.vasp", "--expect", "225", "--quiet"]) { run, _ in
            #expect(run.status == 1)
            #expect(run.output.contains("225") && run.output.contains("227"))
        }
        try Self.run(["validate", "si.vasp", "--expect", "227"]) { run, _ in #expect(run.status == 0) }
    }

    @Test func badInputIsOneLineAndWritesNothing() throws {
        try Self.run(["convert", "missing.cif", "out.vasp"]) { run, folder in
            #expect(run.status == 2)
            #expect(run.errors.contains("missing.cif"))
            #expect(run.errors.split(separator: "\n").count == 1)
            let out = folder.appendingPathComponent("out.vasp").path
            #expect(!FileManager.default.fileExists(atPath: out))
        }
    }

    @Test func writingCommandsWriteWhatOthersRead() throws {
        for command in [
            ["symmetrize", "si.vasp", "--cell", "keep", "-o", "out.vasp"],
            ["shake", "si.vasp", "--amplitude", "0.05", "--lattice", "0.02", "-o", "out.vasp"],
            ["convert", "si.vasp", "out.vasp"],
        ] {
            try Self.run(command) { run, folder in
                #expect(run.status == 0, "\(run.errors)")
                let again = try CommandRun(["symmetry", "out.vasp", "--json"], in: folder)
                #expect(try Self.object(again.output)["number"] as? Int == 227)
            }
        }
    }

    @Test func spaceGroupTableOfPnma() throws {
        try Self.run(["spacegroup", "Pnma", "--json"]) { run, _ in
            let object = try Self.object(run.output)
            #expect(object["number"] as? Int == 62)
            #expect((object["operations"] as? [String])?.count == 8)
            #expect((object["wyckoffPositions"] as? [Any])?.count == 4)
        }
    }
}
