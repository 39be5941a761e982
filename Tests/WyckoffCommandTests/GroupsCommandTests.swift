import Foundation
import Testing

@Suite("wyckoff groups", .enabled(if: CommandRun.binary != nil, "build the product wyckoff first"))
struct GroupsCommandTests {
    private let pattern = CommandRun.data("patterns/pbso4-x.dat")

    private struct Summary: Decodable {
        struct Group: Decodable {
            let number: Int
        }
        struct Symbol: Decodable {
            let symbol: String
            let probability: Double
            let spaceGroups: [Group]
        }
        let symbols: [Symbol]
        let decided: Bool
    }

    @Test("the symbol of PbSO4 with its groups, and the folder that tells why")
    func leadSulphate() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "groups", pattern, "--cell", "8.48,5.4,6.96", "--lattice", "oP", "--wavelength", "CuKa",
                    "--range", "15:120", "--json", "-o", "out",
                ], in: folder)
            let summary = try JSONDecoder().decode(Summary.self, from: Data(run.output.utf8))
            let best = try #require(summary.symbols.first)
            #expect(best.symbol == "P n - a")
            #expect(Set(best.spaceGroups.map(\.number)) == [33, 62])
            #expect(summary.decided == (best.probability >= 0.9))
            #expect(run.status == (summary.decided ? 0 : 1))
            for name in ["groups.json", "groups.html", "symbols.tsv"] {
                let file = folder.appending(path: "out/" + name)
                #expect(try Data(contentsOf: file).count > 500, "\(name)")
            }
        }
    }

    @Test(
        "bad input is one clear line and status 2",
        arguments: [
            (["--cell", "8.48,5.4"], "--lattice"), (["--cell", "8.48,x"], "--cell"),
            (["--cell", "8.48,5.4,6.96", "--lattice", "oX"], "--lattice"),
            (["--cell", "8.48,5.4,6.96", "--lattice", "tP"], "tP"),
            (["--cell", "8.48,5.4,6.96,90,90,200"], "angles"),
            (["--cell", "8.48,5.4,6.96", "--range", "1:2"], "--range"),
            (["--cell", "8.48,5.4,6.96", "--wavelength", "0"], "wavelength"),
        ])
    func badInput(options: [String], word: String) throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(["groups", pattern] + options, in: folder)
            #expect(run.status == 2)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains(word), "\(run.errors)")
        }
    }
}
