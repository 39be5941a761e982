import Foundation
import Testing

/// Reaches `IndexVerdict`, `IndexingVerdictSettings`.
@Suite("wyckoff index", .enabled(if: CommandRun.binary != nil, "build the product wyckoff first"))
struct IndexCommandTests {
    private struct Answer: Decodable {
        struct Cell: Decodable {
            var lattice: String
            var a, b, c, volume, zero, probability: Double
            var z: Int?
        }
        var cells: [Cell]
    }

    private func cells(_ run: CommandRun) throws -> [Answer.Cell] {
        try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8)).cells
    }

    /// Rutile's lines (ICSD-like cell 4.594, 2.959), Cu Kα1, with their intensities.
    private let rutile = """
        # 2theta intensity sigma
        27.43 100 0.01
        36.07 45
        39.18 7
        41.23 18
        44.03 6
        54.30 50
        56.62 16
        62.74 7
        64.03 7
        69.00 17
        69.79 9

        """

    @Test("a list of rutile's lines gives its tetragonal cell with two formula units, status 0")
    func listedLines() throws {
        try CommandRun.inFolder { folder in
            try Data(rutile.utf8).write(to: folder.appendingPathComponent("lines.txt"))
            let run = try CommandRun(
                [
                    "index", "--lines", "lines.txt", "--wavelength", "1.54060", "--formula", "TiO2", "--json",
                    "--quiet",
                ],
                in: folder)
            let best = try #require(try cells(run).first)
            #expect(best.lattice == "tP")
            #expect(abs(best.a - 4.594) < 0.01)
            #expect(abs(best.c - 2.959) < 0.01)
            #expect(best.z == 2)
            #expect(run.status == 0)
        }
    }

    @Test(
        "a wavelength in another unit gives volumes that no composition has: status 1, and a clause says so")
    func impossibleVolume() throws {
        try CommandRun.inFolder { folder in
            try Data(rutile.utf8).write(to: folder.appendingPathComponent("lines.txt"))
            let run = try CommandRun(
                [
                    "index", "--lines", "lines.txt", "--wavelength", "15.4060", "--formula", "TiO2", "--json",
                    "--quiet",
                ], in: folder)
            #expect(run.status == 1)
            #expect(run.output.contains("\"composition\""))
        }
    }

    @Test(
        "lead sulfate's measured pattern gives its orthorhombic cell; index.json and index.html are written")
    func measuredPattern() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "index", CommandRun.data("patterns/pbso4-x.dat"), "--wavelength", "CuKa", "--formula",
                    "PbSO4",
                    "--json", "--quiet", "-o", "out",
                ], in: folder)
            let best = try #require(try cells(run).first)
            #expect(best.lattice == "oP")
            #expect(abs(best.volume - 318.3) < 1)
            for name in ["index.json", "index.html"] {
                let file = folder.appendingPathComponent("out/\(name)")
                #expect(FileManager.default.fileExists(atPath: file.path), "\(name)")
            }
        }
    }

    @Test(
        "bad input: one line with its remedy, status 2",
        arguments: [
            (["index"], "--lines"), (["index", "--lines", "bad.txt", "--wavelength", "1.54"], "bad.txt:2"),
            (["index", "--lines", "lines.txt"], "--wavelength"),
            (["index", "--lines", "lines.txt", "--wavelength", "1.54", "--formula", "pbSO4"], "pbSO4"),
            (["index", "--lines", "lines.txt", "--wavelength", "1.54", "--lattices", "xP"], "xP"),
            (["index", "missing.xy"], "missing.xy"),
        ])
    func badInput(words: [String], named: String) throws {
        try CommandRun.inFolder { folder in
            try Data(rutile.utf8).write(to: folder.appendingPathComponent("lines.txt"))
            try Data("27.4 100\nabc 3\n".utf8).write(to: folder.appendingPathComponent("bad.txt"))
            let run = try CommandRun(words, in: folder)
            #expect(run.status == 2)
            #expect(run.errors.contains(named))
        }
    }
}
