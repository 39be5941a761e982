import Foundation
import LearnedModels
import Testing

private let isInstalled = LearnedModel.propertyModels.allSatisfy(ModelStore.standard.isInstalled)

@Suite(
    .enabled(
        if: isInstalled && CommandRun.binary != nil, "the models are not installed: wyckoff models fetch"))
struct DesignCommandTests {
    @Test func aDesignWritesWhatItPromises() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "design", "--template", "perovskite", "--gap", "2.5±0.3", "--formation-energy", "<-0.5",
                    "--tolerance-factor", "0.8:1.0", "--candidates", "6", "--exclude", "Pb,Cd,Hg", "--judge",
                    "none",
                    "--quiet", "--json", "-o", "out",
                ], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.contains("\"success\":1"))
            let table = try String(
                contentsOf: folder.appendingPathComponent("out/candidates.csv"), encoding: .utf8)
            let lines = table.split(separator: "\n")
            #expect(lines.count == 7)
            #expect(lines[0].hasPrefix("rank,formula,success,A,B,C,D,E,gap,formation-energy,metal,neutral"))
            #expect(!table.contains("Pb") && !table.contains("Cd") && !table.contains("Hg"))
            let files = try FileManager.default.contentsOfDirectory(
                atPath: folder.appendingPathComponent("out").path)
            #expect(files.filter { $0.hasSuffix(".cif") }.count == 6)
            // What was written is predicted as it was promised.
            let first = try #require(files.filter { $0.hasSuffix(".cif") }.sorted().first)
            let predicted = try CommandRun(
                ["predict", "out/" + first, "--model", "gap"], in: folder)
            let promised = try #require(Double(lines[1].split(separator: ",")[8]))
            let numbers = predicted.output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
            #expect(numbers.contains { abs($0 - promised) < 1e-3 }, "\(predicted.output)")
        }
    }

    /// A model that the product does not know, by path: here the gap's own file under another name.
    @Test func aCheckpointByPathIsAPredictor() throws {
        let file = ModelStore.standard.path(
            of: try #require(LearnedModel.propertyModels.first { $0.name == "cgcnn-fermi-energy" }))
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "design", "--template", "rocksalt", "--predictor", "Tc=" + file, "--target", "Tc>3",
                    "--candidates", "3", "--judge", "none", "--quiet", "-o", "out",
                ], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let table = try String(
                contentsOf: folder.appendingPathComponent("out/candidates.csv"), encoding: .utf8)
            #expect(table.hasPrefix("rank,formula,success,A,B,C,D,E,Tc,neutral"))
        }
    }

    @Test(arguments: [
        ["--gap", "2.5"], ["--gap", "<-3"], ["--gap", "2±0.2", "--elements", "O"],
        ["--gap", "2±0.2", "--elements", "Xx"], ["--gap", "2±0.2", "--site", "Q=Ba"],
        ["--gap", "2±0.2", "--orbits", "Fm-3m"], ["--gap", "2±0.2", "--supercell", "3"], [],
        ["--target", "nonsense>3"], ["--predictor", "Tc=/nowhere", "--target", "Tc>3"],
    ])
    func badInputIsSaidBeforeTheRunAndNothingIsWritten(arguments: [String]) throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                ["design", "--template", "perovskite"] + arguments + ["-o", "out"], in: folder)
            #expect(run.status == 2, "\(run.output) \(run.errors)")
            #expect(!run.errors.isEmpty)
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("out").path))
        }
    }
}
