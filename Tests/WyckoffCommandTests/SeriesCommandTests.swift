import Foundation
import Testing

/// Patterns of one sample, one after the other.
@Suite("wyckoff refine --series", .enabled(if: CommandRun.binary != nil, "build wyckoff first"))
struct SeriesCommandTests {
    private static let zincite = CommandRun.data("structures/zincite.cif")
    private static let temperatures = [300, 400, 500]

    /// A cell that grows by 2·10⁻⁵ a kelvin.
    private static func length(_ temperature: Int) -> Double {
        3.2495 * (1 + 2e-5 * Double(temperature - 300))
    }

    private static func counted(in folder: URL) throws {
        let text = try String(contentsOfFile: zincite, encoding: .utf8)
        for temperature in temperatures {
            let line = String(format: "_cell_length_a %.6f", length(temperature))
            let grown = text.replacing(/_cell_length_a\s+\S+/, with: line)
                .replacing(/_cell_length_b\s+\S+/, with: line.replacing("_a ", with: "_b "))
            try Data(grown.utf8).write(to: folder.appending(path: "zno-\(temperature)K.cif"))
            let made = try CommandRun(
                [
                    "pattern", "zno-\(temperature)K.cif", "--range", "25:90", "--noise", "20000",
                    "--background", "100", "--seed", "\(temperature)", "-o", "zno-\(temperature)K.xye",
                ], in: folder)
            #expect(made.status == 0, "\(made.errors)")
        }
    }

    private struct Series: Decodable {
        struct Pattern: Decodable {
            struct Row: Decodable {
                let name: String
                let value: Double
                let uncertainty: Double?
            }
            let pattern: String
            let value: Double
            let trouble: String?
            let holds: Bool
            let parameters: [Row]
        }
        let quantity: String
        let patterns: [Pattern]
    }

    @Test("a cell that grows is followed, temperatures come from the names, and the folder holds everything")
    func grows() throws {
        try CommandRun.inFolder { folder in
            try Self.counted(in: folder)
            let run = try CommandRun(
                [
                    "refine", "zno-300K.xye", Self.zincite, "--series", "zno-400K.xye", "zno-500K.xye",
                    "--series-name", "T (K)", "--background-terms", "1", "--free", "lattice/X,W/adps", "-o",
                    "out", "--quiet",
                ], in: folder)
            #expect(run.status == 0, "\(run.errors)\(run.output)")
            #expect(run.output.contains("T (K)") && run.output.contains("zno-500K.xye"))
            let data = try Data(contentsOf: folder.appending(path: "out/series.json"))
            let series = try JSONDecoder().decode(Series.self, from: data)
            #expect(series.quantity == "T (K)")
            #expect(series.patterns.map(\.value) == Self.temperatures.map(Double.init))
            for (pattern, temperature) in zip(series.patterns, Self.temperatures) {
                let a = try #require(pattern.parameters.first { $0.name == "a" })
                let uncertainty = try #require(a.uncertainty)
                #expect(abs(a.value - Self.length(temperature)) < 5 * uncertainty + 1e-5, "\(a.value)")
            }
            let page = try String(contentsOf: folder.appending(path: "out/report.html"), encoding: .utf8)
            #expect(page.contains("a (Å) over T (K)") && page.contains("href=\"3-zno-500K/report.html\""))
            for file in ["series.tsv", "1-zno-300K/refined.cif", "3-zno-500K/report.html"] {
                #expect(FileManager.default.fileExists(atPath: folder.appending(path: "out/" + file).path))
            }
        }
    }

    @Test("one that fails is said, the others go on, and the status is 1")
    func oneFails() throws {
        try CommandRun.inFolder { folder in
            try Self.counted(in: folder)
            // Nothing but a background far from every line.
            let flat = (0..<200).map { "\(5 + 0.02 * Double($0)) 100 10" }.joined(separator: "\n")
            try Data(flat.utf8).write(to: folder.appending(path: "zno-450K.xye"))
            let run = try CommandRun(
                [
                    "refine", "zno-300K.xye", Self.zincite, "--series", "zno-450K.xye", "zno-500K.xye",
                    "--background-terms", "1", "--free", "lattice/X,W/adps", "--json",
                ], in: folder)
            #expect(run.status == 1, "\(run.errors)")
            let series = try JSONDecoder().decode(Series.self, from: Data(run.output.utf8))
            #expect(series.patterns.map { $0.trouble == nil } == [true, false, true])
            #expect(run.errors.contains("zno-450K.xye: no reflection"))
        }
    }

    @Test(
        "values are counted, and options of a series stand with one",
        arguments: [
            ["--series-values", "1,2"], ["--series", "b.xye", "--series-values", "1"],
            ["--series", "b.xye", "--structure", "x.cif"],
        ])
    func refused(options: [String]) throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(["refine", "a.xye", Self.zincite] + options, in: folder)
            #expect(run.status == 2 && run.errors.contains("--series"), "\(run.errors)")
        }
    }
}
