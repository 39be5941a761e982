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
            (["-o", "fit.pdf"], "fit.pdf"), (["--particle-size", "5,5"], "--particle-size"),
            (["--instrument", "nowhere.json"], "nowhere.json"),
            (["--free", "latice"], "did you mean 'lattice'"),
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

    @Test("two patterns by --with: the structure is common, all else each pattern's own")
    func together() throws {
        try CommandRun.inFolder { folder in
            let lead = CommandRun.data("structures/pbso4.cif")
            let neutrons = CommandRun.data("patterns/pbso4-n.dat")
            let run = try CommandRun(
                [
                    "refine", CommandRun.data("patterns/pbso4-x.dat"), lead, "--range", "15:120",
                    "--background-terms", "10", "--with",
                    "'\(neutrons)' --radiation neutron --wavelength 1.909 --geometry debye-scherrer "
                        + "--caglioti 0.2,-0.2,0.2 --background-terms 10", "-o", "fit.tsv", "--structure",
                    "refined.cif", "--json",
                ], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            struct Summary: Decodable {
                struct Row: Decodable {
                    let name: String
                    let rwp: Double
                }
                struct Parameter: Decodable { let name: String }
                let rwp: Double
                let patterns: [Row]
                let parameters: [Parameter]
            }
            let summary = try JSONDecoder().decode(Summary.self, from: Data(run.output.utf8))
            #expect(summary.patterns.map(\.name) == ["pattern1", "pattern2"])
            #expect(summary.patterns[0].rwp < 0.105 && summary.patterns[1].rwp < 0.05)
            let names = Set(summary.parameters.map(\.name))
            #expect(names.isSuperset(of: ["a", "O3.y", "pattern1.W", "pattern2.W", "pattern2.wavelength"]))
            #expect(names.isDisjoint(with: ["W", "pattern1.a", "pattern1.wavelength"]))
            for file in ["fit.tsv", "fit-2.tsv", "refined.cif"] {
                #expect(FileManager.default.fileExists(atPath: folder.appending(path: file).path), "\(file)")
            }
        }
    }

    @Test(
        "what is wrong with a further pattern is one clear line and status 2",
        arguments: [
            (["--with", "nowhere.dat"], "nowhere.dat"), (["--with", "a.dat --radiation gamma"], "gamma"),
            (["--with", "a.dat --free a"], "--free"), (["--with", ""], "--with"),
            (["--with", "a.dat", "--free-intensities"], "--free-intensities"),
        ])
    func badFurtherPattern(options: [String], word: String) throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(["refine", pattern, structure] + options, in: folder)
            #expect(run.status == 2)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains(word), "\(run.errors)")
        }
    }

    @Test(
        "a folder: page, JSON, a CIF of the phase, and a powder CIF that reads back as pattern and structure")
    func folder() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "refine", pattern, structure, "--range", "20:60", "--free", "lattice", "-o", "out",
                    "--json",
                ], in: folder)
            #expect(run.status < 2, "\(run.errors)")
            for file in ["report.html", "refined.json", "refined.cif", "fluorapatite.cif", "fit.tsv"] {
                let path = folder.appending(path: "out/\(file)").path
                #expect(FileManager.default.fileExists(atPath: path), "\(file)")
            }
            let again = try CommandRun(
                ["refine", "out/refined.cif", "out/fluorapatite.cif", "--free", "lattice", "--json"],
                in: folder)
            struct Summary: Decodable {
                let rwp: Double
                let points: Int
            }
            let first = try JSONDecoder().decode(Summary.self, from: Data(run.output.utf8))
            let second = try JSONDecoder().decode(Summary.self, from: Data(again.output.utf8))
            #expect(first.points == second.points && abs(first.rwp - second.rwp) < 2e-4)
        }
    }

    @Test("an instrument of GSAS's is that of its options")
    func instrument() throws {
        try CommandRun.inFolder { folder in
            let records = """
                INS   HTYPE   PXCR
                INS  1 ICONS  1.540500  1.544300       0.0         0       0.5    0       0.5
                INS  1PRCF1     3    8      0.01
                INS  1PRCF11   2.000000E+00  -2.000000E+00   5.000000E+00   0.000000E+00
                INS  1PRCF12   3.000000E+00   2.000000E+00   0.000000E+00   0.000000E+00

                """
            try records.write(to: folder.appending(path: "x.prm"), atomically: true, encoding: .utf8)
            let common = ["pattern", structure, "--range", "20:40:0.05", "-o"]
            let byFile = try CommandRun(common + ["a.xy", "--instrument", "x.prm"], in: folder)
            let byOptions = try CommandRun(
                common + [
                    "b.xy", "--wavelength", "1.5405:1,1.5443:0.5", "--caglioti",
                    "0.001109035489,-0.001109035489,0.002772588722", "--lorentz", "0.03,0.02",
                ], in: folder)
            #expect(byFile.status == 0 && byOptions.status == 0, "\(byFile.errors)")
            func numbers(_ name: String) throws -> [Double] {
                try String(contentsOf: folder.appending(path: name), encoding: .utf8).split(separator: "\n")
                    .filter { !$0.hasPrefix("#") }.compactMap {
                        $0.split(separator: " ").last.flatMap { Double($0) }
                    }
            }
            let (a, b) = (try numbers("a.xy"), try numbers("b.xy"))
            #expect(a.count == 401 && zip(a, b).allSatisfy { abs($0 - $1) < 0.02 })
        }
    }
}
