import Foundation
import Testing

@Suite("wyckoff solve", .enabled(if: CommandRun.binary != nil, "build the product wyckoff first"))
struct SolveCommandTests {
    private struct Answer: Decodable {
        struct Group: Decodable { var number: Int }
        struct Best: Decodable { var spaceGroup: Group }
        struct Candidate: Decodable {
            var file: String
            var z: Int
            var rwp: Double
        }
        var solved: Bool
        var best: Best?
        var candidates: [Candidate]
    }

    private func answer(_ run: CommandRun) throws -> Answer {
        try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
    }

    @Test(
        "lead sulfate from its formula and measured pattern alone: P n m a, proven, and the structure is the published one"
    )
    func leadSulfate() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "solve", CommandRun.data("patterns/pbso4-x.dat"), "--formula", "PbSO4", "--wavelength",
                    "CuKa",
                    "--json", "--quiet", "-o", "out",
                ], in: folder)
            #expect(run.status == 0)
            let found = try answer(run)
            #expect(found.solved)
            #expect(found.best?.spaceGroup.number == 62)
            #expect(found.candidates.allSatisfy { $0.z == 4 })
            for candidate in found.candidates {
                let file = folder.appendingPathComponent("out/\(candidate.file)")
                #expect(FileManager.default.fileExists(atPath: file.path))
            }
            let match = try CommandRun(
                ["match", "out/solved.cif", CommandRun.data("structures/pbso4.cif")], in: folder)
            #expect(match.status == 0)
        }
    }

    @Test("with a wrong formula it does not know: status 1")
    func wrongFormula() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "solve", CommandRun.data("patterns/pbso4-x.dat"), "--formula", "BaSO4", "--wavelength",
                    "CuKa",
                    "--cell", "8.48,5.398,6.959", "--space-group", "Pnma", "--json", "--quiet",
                    "--time-limit", "20",
                ], in: folder)
            #expect(run.status == 1)
            #expect(try !answer(run).solved)
        }
    }

    @Test(
        "bad input: one line with its remedy, status 2",
        arguments: [
            (["--formula", "pbso4"], "--formula"),
            (["--formula", "PbSO4", "--space-group", "Pnma"], "--cell"),
            (["--formula", "PbSO4", "--z", "0"], "--z"), (["--formula", "PbSO4", "--jobs", "0"], "--jobs"),
            (
                ["--formula", "PbSO4", "--cell", "8.48,5.398,6.959", "--space-group", "Fm-3m"],
                "--space-group"
            ),
            (["--formula", "PbSO4", "--cell", "8.48,x"], "--cell"),
            (
                ["--formula", "Na0.7CoO2", "--cell", "2.83,2.83,10.88,90,90,120", "--time-limit", "5"],
                "ordered"
            ),
        ])
    func badInput(words: [String], named: String) throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                ["solve", CommandRun.data("patterns/pbso4-x.dat"), "--quiet"] + words, in: folder)
            #expect(run.status == 2)
            #expect(run.errors.contains(named))
        }
    }
}
