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
            #expect(
                lines[0].hasPrefix(
                    "rank,formula,success,A,B,C,D,E,gap,formation-energy,metal,neutral,oxidationStates,"
                        + "toleranceFactor,primitiveAtoms,judgeFormationEnergy,unique,novel,"))
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
        ["--bond-valence", "-1"], ["--bond-valence", "zero"], ["--target", "bond-valence<0"],
        ["--gap", "2.5"], ["--gap", "<-3"], ["--gap", "2±0.2", "--elements", "O"],
        ["--gap", "2±0.2", "--elements", "Xx"], ["--gap", "2±0.2", "--site", "Q=Ba"],
        ["--gap", "2±0.2", "--orbits", "Fm-3m"], ["--gap", "2±0.2", "--supercell", "3"], [],
        ["--target", "nonsense>3"], ["--predictor", "Tc=/nowhere", "--target", "Tc>3"],
        // No neutral pattern, empty sets, what nothing meets.
        ["--gap", "2±0.2", "--states", "published", "--site", "A=Na", "--site", "X=O"],
        ["--gap", "2±0.2", "--elements", ""],
        ["--gap", "2±0.2", "--elements", "-O,O"], ["--gap", "2±0.2", "--elements", "@/nowhere"],
        ["--gap", "2±0.2", "--tolerance-factor", "3:4"], ["--gap", "2±0.2", "--composition", "O=0.5"],
        ["--gap", "2±0.2", "--composition", "O>2"], ["--gap", "2±0.2", "--pareto", "4"],
        ["--bulk-modulus", "<-3"], ["--formation-energy", "<-50"],
        ["--gap", "2±0.2", "--tolerance-factor", "max"], ["--gap", "2±0.2", "--magnetic-moment", "max"],
        ["--gap", "2±0.2", "--magnetic-moment", ">2", "--judge", "none"],
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

    /// Without symmetry, and with elements that cannot be neutral: said before anything is written.
    @Test(arguments: [
        (
            "P1", "a 4.1 b 5.2 c 6.3 alpha 81 beta 94 gamma 103", ["Na 0 0 0", "Cl 0.41 0.52 0.47"],
            "no symmetry"
        ),
        ("metals", "a 4 b 4 c 4 alpha 90 beta 90 gamma 90", ["Na 0 0 0", "Mg 0.5 0.5 0.5"], "neutral"),
    ])
    func templatesThatCannotServeAreRefused(name: String, cell: String, sites: [String], word: String) throws
    {
        try CommandRun.inFolder { folder in
            var lines = ["data_\(name)"]
            let words = cell.split(separator: " ")
            for k in stride(from: 0, to: words.count, by: 2) {
                lines.append("_cell_\(k < 6 ? "length" : "angle")_\(words[k]) \(words[k + 1])")
            }
            lines += [
                "loop_", "_atom_site_type_symbol", "_atom_site_fract_x", "_atom_site_fract_y",
                "_atom_site_fract_z",
            ]
            try (lines + sites).joined(separator: "\n").appending("\n").write(
                to: folder.appendingPathComponent("template.cif"), atomically: true, encoding: .utf8)
            let run = try CommandRun(
                ["design", "--template", "template.cif", "--gap", "2±0.2", "-o", "out"], in: folder)
            #expect(run.status == 2, "\(run.output) \(run.errors)")
            #expect(run.errors.contains(word), "\(run.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("out").path))
        }
    }

    /// The front leads the table, and lists of elements come from files and by exclusion.
    @Test func aFrontIsMarkedAndListsAreRead() throws {
        try CommandRun.inFolder { folder in
            try "# toxic\nPb Cd\nHg, Tl\n".write(
                to: folder.appendingPathComponent("toxic.txt"), atomically: true, encoding: .utf8)
            let run = try CommandRun(
                [
                    "design", "--template", "rocksalt", "--gap", "max", "--bulk-modulus", "max", "--pareto",
                    "3",
                    "--exclude", "@toxic.txt", "--site", "X=-N,-P", "--site", "A=*,-Mg", "--candidates", "8",
                    "--budget", "2000",
                    "--judge", "none", "--quiet", "-o", "out",
                ], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let lines = try String(
                contentsOf: folder.appendingPathComponent("out/candidates.csv"), encoding: .utf8
            ).split(separator: "\n")
            let column = try #require(lines[0].split(separator: ",").firstIndex(of: "front"))
            let marks = lines.dropFirst().map {
                $0.split(separator: ",", omittingEmptySubsequences: false)[column] == "true"
            }
            #expect(marks.first == true && marks == marks.sorted { $0 && !$1 })
            for line in lines.dropFirst() {
                let states = line.split(separator: ",", omittingEmptySubsequences: false)[12]
                for symbol in ["Pb+", "Cd+", "Hg+", "Tl+", "N-", "P-", "Mg+"] {
                    #expect(!states.split(separator: " ").contains { $0.hasPrefix(symbol) }, "\(states)")
                }
            }
        }
    }
}

/// With the fixture of Scripts/toy-cgcnn.py: no model of the store is needed.
@Suite(.enabled(if: CommandRun.binary != nil))
struct DesignWithOwnPredictorTests {
    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("PropertyModelsTests/Fixtures/toy-cgcnn.ckpt")
        .path

    /// A task whose model is nobody's but the user's: 'Tc>10', and the report of what it is worth.
    @Test func aTaskOfAModelByItsPathIsDesignedFor() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "design", "--template", "perovskite", "--orbits", "P4mm", "--predictor",
                    "Tc=" + Self.file,
                    "--target", "Tc>14", "--bond-valence", "0.3", "--candidates", "4", "--judge", "none",
                    "--quiet", "-o", "out",
                ], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let table = try String(
                contentsOf: folder.appendingPathComponent("out/candidates.csv"), encoding: .utf8)
            #expect(table.hasPrefix("rank,formula,success,A,B,C,D,E,bond-valence,Tc,neutral"))
            for line in table.split(separator: "\n").dropFirst() {
                let cells = line.split(separator: ",", omittingEmptySubsequences: false)
                #expect(cells[2] == "true")
                #expect(try #require(Double(cells[8])) < 0.3 && #require(Double(cells[9])) > 14)
            }
            let page = try String(
                contentsOf: folder.appendingPathComponent("out/report.html"), encoding: .utf8)
            #expect(page.contains("made up") && page.contains("256"))
        }
    }

    /// A target that nothing meets: all is written, the verdict names what failed, the status is 1.
    @Test func aTargetThatNothingMeetsIsNo() throws {
        struct Clause: Decodable { var name, outcome: String }
        struct Summary: Decodable {
            var success: Double
            var clauses: [Clause]
        }
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "design", "--template", "perovskite", "--orbits", "P4mm", "--predictor",
                    "Tc=" + Self.file, "--target", "Tc>100000", "--candidates", "4", "--budget", "200",
                    "--judge", "none", "--quiet", "--json", "-o", "out",
                ], in: folder)
            #expect(run.status == 1, "\(run.errors)")
            let summary = try JSONDecoder().decode(Summary.self, from: Data(run.output.utf8))
            #expect(summary.success == 0)
            #expect(summary.clauses.first { $0.name == "success" }?.outcome == "fails")
            #expect(run.errors.contains("no candidate meets every target"))
        }
    }
}
