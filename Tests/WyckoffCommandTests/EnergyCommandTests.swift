import Energies
import Foundation
import LearnedModels
import Testing

@Suite(
    "wyckoff energy, relax and models",
    .enabled(if: CommandRun.binary != nil, "build the product wyckoff first"))
struct EnergyCommandTests {
    static let isInstalled = LearnedModel.potentials.allSatisfy { ModelStore.standard.isInstalled($0) }
    private let structure = CommandRun.data("structures/pbso4.cif")

    private func object(_ run: CommandRun) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    }

    @Test("models list names every model and says where it is")
    func list() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(["models", "list"], in: folder)
            #expect(run.status == 0)
            for model in LearnedModel.all { #expect(run.output.contains(model.name + "\t")) }
        }
    }

    @Test("a damaged model is refused by its checksum: one line, status 2")
    func damagedModel() throws {
        try CommandRun.inFolder { folder in
            let store = ModelStore(folder: folder.appendingPathComponent("wyckoff/models"))
            try FileManager.default.createDirectory(at: store.folder, withIntermediateDirectories: true)
            try Data("no model".utf8).write(to: URL(fileURLWithPath: store.path(of: .chgnet)))
            let process = try CommandRun(
                ["energy", structure], in: folder, environment: ["XDG_DATA_HOME": folder.path])
            #expect(process.status == 2)
            #expect(process.output.isEmpty)
            #expect(process.errors.split(separator: "\n").count == 1)
            #expect(process.errors.contains("chgnet-0.3.0.pth.tar"))
        }
    }

    @Test("without the model the command says how to get it")
    func missingModel() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                ["relax", structure], in: folder, environment: ["XDG_DATA_HOME": folder.path])
            #expect(run.status == 2)
            #expect(run.errors.contains("wyckoff models fetch"))
        }
    }

    @Test(
        "a free atom and a strange element: one line each that names the file; the files after them are answered",
        .enabled(if: isInstalled, "the models are not installed: wyckoff models fetch"))
    func otherFilesGoOn() throws {
        try CommandRun.inFolder { folder in
            for (name, element) in [("free.xyz", "Po"), ("strange.xyz", "Og")] {
                let text =
                    "1\nLattice=\"30 0 0 0 30 0 0 0 30\" Properties=species:S:1:pos:R:3\n\(element) 0 0 0\n"
                try Data(text.utf8).write(to: folder.appendingPathComponent(name))
            }
            let run = try CommandRun(["energy", "free.xyz", "strange.xyz", structure, "--json"], in: folder)
            #expect(run.status == 2)
            // On standard output an object each, in the order of the files.
            let rows = try run.output.split(separator: "\n").map {
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
            }
            #expect(rows.map { $0["error"] != nil } == [true, true, false])
            #expect(rows.last?["atoms"] as? Int == 24)
            let lines = run.errors.split(separator: "\n")
            #expect(lines.count == 3)
            #expect(lines[0].hasPrefix("error: free.xyz: atom 1 has no neighbour"))
            #expect(lines[1].hasPrefix("error: strange.xyz: chgnet was not trained on Og"))
        }
    }

    @Test(
        "energy prints the energies, forces and the gradient in the named parameters; r2SCAN's differ",
        .enabled(if: isInstalled, "the models are not installed: wyckoff models fetch"))
    func energy() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(["energy", structure, "--json"], in: folder)
            #expect(run.status == 0)
            let summary = try object(run)
            let perAtom = try #require(summary["energyPerAtom"] as? Double)
            #expect(abs(perAtom * 24 - (summary["energy"] as? Double ?? 0)) < 1e-6)
            #expect((summary["forces"] as? [[Double]])?.count == 24)
            #expect(
                (summary["gradient"] as? [[String: Any]])?.compactMap { $0["name"] as? String }.first == "a")
            let other = try object(
                CommandRun(["energy", structure, "--json", "--potential", "chgnet-r2scan"], in: folder))
            #expect(abs((other["energyPerAtom"] as? Double ?? perAtom) - perAtom) > 0.1)
        }
    }

    @Test(
        "relax converges, holds the group, and writes the CIF with its symmetry and every step",
        .enabled(if: isInstalled, "the models are not installed: wyckoff models fetch"))
    func relax() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                ["relax", structure, "--json", "-o", "out.cif", "--trajectory", "steps.extxyz"], in: folder)
            #expect(run.status == 0)
            let summary = try object(run)
            #expect(summary["groupHeld"] as? Bool == true)
            #expect(summary["number"] as? Int == 62)
            #expect(summary["foundNumber"] as? Int == 62)
            #expect((summary["largestForce"] as? Double ?? 1) <= 0.01)
            let before = try #require(summary["startEnergyPerAtom"] as? Double)
            #expect((summary["energyPerAtom"] as? Double ?? 0) < before)
            let cif = try String(
                contentsOf: folder.appendingPathComponent("out.cif"), encoding: .utf8)
            #expect(cif.contains("P n m a"))
            let again = try CommandRun(["relax", "out.cif", "--json"], in: folder)
            #expect(try object(again)["evaluations"] as? Int == 1)
            let steps = try String(
                contentsOf: folder.appendingPathComponent("steps.extxyz"), encoding: .utf8)
            #expect(steps.components(separatedBy: "energy=").count > 3)
        }
    }

    @Test("a limit on the evaluations: status 1, the last step is written and says so")
    func limit() throws {
        guard Self.isInstalled else { return }
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                ["relax", structure, "--max-evaluations", "2", "-o", "out.cif", "--json"], in: folder)
            #expect(run.status == 1)
            #expect(try object(run)["outcome"] as? String == "evaluationLimit")
            #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("out.cif").path))
        }
    }

    @Test(
        "bad usage: status 2, nothing on standard output, nothing written",
        arguments: [
            ["--fmax", "0"], ["--fix-cell", "--fix-positions"], ["--fix-cell", "--pressure", "3"],
            ["--elastic", "--fix-cell"], ["--elastic", "--fix-positions"],
            ["--elastic", "--elastic-strain", "0"],
            ["--potential", "nothing"], ["--potential", "ipi:unix"], ["-o", "out.unknown"],
        ])
    func badUsage(_ options: [String]) throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(["relax", structure] + options, in: folder)
            #expect(run.status == 2)
            #expect(run.output.isEmpty)
            #expect(!run.errors.isEmpty)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
    }

    @Test("without a client the i-PI potential says so in time: status 2")
    func noClient() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "relax", structure, "--potential", "ipi:unix:wyckoff-\(UUID().uuidString.prefix(8))",
                    "--time-limit", "0.3",
                ], in: folder)
            #expect(run.status == 2)
            #expect(run.errors.contains("no client connected"))
        }
    }
}
