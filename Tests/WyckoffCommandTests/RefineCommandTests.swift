import Foundation
import Testing

@Suite("wyckoff refine", .enabled(if: CommandRun.binary != nil, "build the product wyckoff first"))
struct RefineCommandTests {
    private let pattern = CommandRun.data("patterns/FAP.XRA")
    private let structure = CommandRun.data("structures/fluorapatite.cif")

    @Test("the command of Docs/Patterns.md reaches the Rwp that GSAS reached, and writes what it fitted")
    func fluorapatite() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "refine", pattern, structure, "--wavelength", "1.5405:1,1.5443:0.5", "--caglioti",
                    "0.001109,-0.001109,0.002773", "--range", "15:129.98", "--background-function",
                    "inverse-q",
                    "--background-terms", "3", "--free", "lattice,displacement/X,Y/coordinates,adps", "-o",
                    "fit.tsv", "--structure", "refined.cif", "--json",
                ], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            struct Summary: Decodable {
                struct Row: Decodable {
                    let name: String
                    let value: Double
                }
                let rwp: Double
                let points: Int
                let parameters: [Row]
            }
            let summary = try JSONDecoder().decode(Summary.self, from: Data(run.output.utf8))
            #expect(summary.rwp < 1.15 * 0.1005)
            #expect(summary.parameters.count == 28)
            // The columns written have that Rwp: observed and calculated, weights 1/counts.
            let rows = try String(contentsOf: folder.appending(path: "fit.tsv"), encoding: .utf8)
                .split(separator: "\n").dropFirst().map {
                    $0.split(separator: "\t").compactMap { Double($0) }
                }
            #expect(rows.count == summary.points)
            let misfit = rows.reduce(0) { $0 + pow($1[1] - $1[2], 2) / max($1[1], 1) }
            let norm = rows.reduce(0) { $0 + $1[1] * $1[1] / max($1[1], 1) }
            #expect(abs((misfit / norm).squareRoot() - summary.rwp) < 1e-5)
            let again = try CommandRun(["match", structure, "refined.cif"], in: folder)
            #expect(again.status == 0)
        }
    }

    @Test(
        "bad input is one clear line and status 2",
        arguments: [
            (["--free", "zeros"], "zeros"), (["--range", "1:2"], "--range"),
            (["--background-function", "spline"], "spline"), (["--wavelength", "0"], "wavelength"),
            (["-o", "fit.pdf"], "fit.pdf"),
            (["--free", ",", "--background-terms", "0", "--free-intensities"], "--free"),
        ])
    func badInput(options: [String], word: String) throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(["refine", pattern, structure] + options, in: folder)
            #expect(run.status == 2)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains(word), "\(run.errors)")
        }
    }
}
