import Foundation
import Testing

@Suite("wyckoff compare", .enabled(if: CommandRun.binary != nil, "build the product wyckoff first"))
struct CompareCommandTests {
    private let structure = CommandRun.data("structures/pbso4.cif")

    private struct Printed: Decodable {
        struct Grid: Decodable {
            var points: Int
            var how: String
        }
        struct Match: Decodable { var isMatch: Bool }
        var grid: Grid
        var similarities: [String: Double?]
        var distances: [String: Double?]
        var match: Match?

        func similarity(_ name: String) -> Double? { similarities[name].flatMap { $0 } }
    }

    private static func compare(_ arguments: [String], in folder: URL) throws -> Printed {
        let run = try CommandRun(["compare", "--json"] + arguments, in: folder)
        #expect(run.status == 0, "\(run.errors)")
        return try JSONDecoder().decode(Printed.self, from: Data(run.output.utf8))
    }

    @Test("a structure and itself: every similarity 1, every distance 0, and they match")
    func itself() throws {
        try CommandRun.inFolder { folder in
            let printed = try Self.compare([structure, structure], in: folder)
            #expect(
                Set(printed.similarities.keys) == [
                    "cosine", "entropy", "pearson", "cross-correlation", "variable-cell",
                ])
            #expect(
                Set(printed.distances.keys) == ["mse", "rwp", "jensen-shannon", "wasserstein", "cdf"])
            for (name, value) in printed.similarities { #expect(abs((value ?? 0) - 1) < 1e-9, "\(name)") }
            for (name, value) in printed.distances { #expect(abs(value ?? 1) < 1e-6, "\(name)") }
            #expect(printed.match?.isMatch == true)
        }
    }

    @Test("a structure and its own pattern in a file, on another grid: alike to the grid's rounding")
    func ownPattern() throws {
        try CommandRun.inFolder { folder in
            for (name, range) in [("a.xye", "5:90:0.02"), ("b.xy", "10:80:0.013")] {
                let run = try CommandRun(["pattern", structure, "--range", range, "-o", name], in: folder)
                #expect(run.status == 0)
            }
            let same = try Self.compare(["a.xye", structure], in: folder)
            #expect(abs((same.similarity("cosine") ?? 0) - 1) < 1e-9)
            #expect(same.match == nil)
            let other = try Self.compare(["a.xye", "b.xy"], in: folder)
            #expect(other.grid.how.contains("step 0.02"))
            #expect((other.similarity("cosine") ?? 0) > 0.995)
            #expect(
                other.similarities.keys.contains("variable-cell") && other.similarity("variable-cell") == nil)
        }
    }

    @Test("the variable-cell measure forgives a strained cell, the cosine does not")
    func strainedCell() throws {
        try CommandRun.inFolder { folder in
            let made = try CommandRun(
                ["distort", structure, "--lattice", "0.02", "--coordinates", "0", "-o", "b.cif"], in: folder)
            #expect(made.status == 0)
            let printed = try Self.compare(
                [
                    "b.cif", structure, "--metric", "cosine", "--metric", "variable-cell", "--symmetry",
                    "find",
                ],
                in: folder)
            let cosine = try #require(printed.similarity("cosine"))
            let variable = try #require(printed.similarity("variable-cell"))
            #expect(variable > 0.9 && cosine < 0.8)
        }
    }

    private static let readers: [URL] = {
        let folder = CommandRun.root.appendingPathComponent("../shared/data/patterns/readers")
            .standardizedFileURL
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return (files ?? []).sorted { $0.path < $1.path }
    }()

    @Test(
        "a diffractometer's file is known by its content: under another name it reads the same, in compare and recover",
        .enabled(if: !readers.isEmpty, "the diffractometers' files are not beside the package"),
        arguments: readers)
    func otherNames(_ file: URL) throws {
        try CommandRun.inFolder { folder in
            for name in ["pattern.dat", "pattern.cif", "pattern"] {
                try FileManager.default.copyItem(at: file, to: folder.appendingPathComponent(name))
                let printed = try Self.compare([file.path, name, "--metric", "cosine"], in: folder)
                #expect(printed.grid.points > 100)
                #expect(abs((printed.similarity("cosine") ?? 0) - 1) < 1e-12)
                // The pattern is read before the start: what is missed is the start.
                let run = try CommandRun(
                    ["recover", "--pattern", name, "--start", "missing.cif", "-o", "out"], in: folder)
                #expect(run.status == 2)
                #expect(run.errors.contains("missing.cif"), "\(run.errors)")
            }
        }
    }

    @Test("an unknown metric, patterns without common range, a missing file: status 2")
    func badInput() throws {
        try CommandRun.inFolder { folder in
            for (name, range) in [("a.xy", "5:40"), ("b.xy", "50:90")] {
                let run = try CommandRun(["pattern", structure, "--range", range, "-o", name], in: folder)
                #expect(run.status == 0)
            }
            for (arguments, words) in [
                ([structure, structure, "--metric", "r2"], "unknown metric"),
                (["a.xy", "b.xy"], "in common"),
                (["none.xy", structure], "no such file"),
            ] {
                let run = try CommandRun(["compare"] + arguments, in: folder)
                #expect(run.status == 2)
                #expect(run.output.isEmpty)
                #expect(run.errors.contains(words), "\(run.errors)")
            }
        }
    }
}
