import Foundation
import Publishing
import Reports
import Testing

@Suite(.enabled(if: Gnuplot.executable() != nil, "gnuplot is not installed")) struct FitPlotTests {
    @Test(arguments: FitPlot.Scale.allCases) func everyScaleGivesVectorAndPixelPicturesWithTheirSources(
        _ scale: FitPlot.Scale
    ) throws {
        try withFolder { folder in
            let files = try SampleFit.plot(scale: scale).write(to: folder, name: "fit")
            let svg = try String(contentsOf: files.svg, encoding: .utf8)
            #expect(svg.contains("</svg>"))
            #expect(svg.contains("2θ"))
            let png = try Data(contentsOf: files.png)
            #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
            #expect(png.count > 20_000)
            let rows = try String(contentsOf: files.data, encoding: .utf8).split(separator: "\n")
            #expect(rows.count == 2401)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            #expect(names == ["fit-reflections.tsv", "fit.gnuplot", "fit.png", "fit.svg", "fit.tsv"])
        }
    }

    @Test func theScriptDrawsThePictureAnewByItself() throws {
        try withFolder { folder in
            let files = try SampleFit.plot(points: 300).write(to: folder, name: "fit")
            try FileManager.default.removeItem(at: files.svg)
            try Gnuplot.run(script: files.script)
            #expect(try String(contentsOf: files.svg, encoding: .utf8).contains("</svg>"))
        }
    }

    @Test func manyPointsAreThinnedInThePictureAndKeptInTheData() throws {
        try withFolder { folder in
            let files = try SampleFit.plot(points: 50_000).write(to: folder, name: "fit")
            let rows = try String(contentsOf: files.data, encoding: .utf8).split(separator: "\n")
            #expect(rows.count == 50_001)
            #expect(try Data(contentsOf: files.svg).count < 2_500_000)
        }
    }

    @Test func titlesWithGnuplotsSpecialCharactersAreDrawnAsTheyAre() throws {
        try withFolder { folder in
            var plot = SampleFit.plot(points: 200)
            plot.title = "a_{1} \"q\" ^2 \\ @ {x} 100 % `touch ran` it's $(x)"
            plot.phases[0].name = "Al_2O3"
            let files = try plot.write(to: folder, name: "fit")
            let svg = try String(contentsOf: files.svg, encoding: .utf8)
            let texts = svg.split(separator: "\n").joined()
            #expect(texts.contains("a_{1} \"q\" ^2") || texts.contains("a_{1} &quot;q&quot; ^2"))
            #expect(texts.contains("`touch ran` it's"))
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("ran").path))
            #expect(texts.contains("Al_2O3"))
        }
    }

    @Test func emptyAndConstantPatternsAreDrawn() throws {
        try withFolder { folder in
            let flat = FitPlot(
                title: "flat", twoTheta: [10, 20, 30], observed: [0, 0, 0], calculated: [0, 0, 0])
            for scale in FitPlot.Scale.allCases {
                var plot = flat
                plot.scale = scale
                #expect(throws: Never.self) { try plot.write(to: folder, name: "flat") }
            }
        }
    }
}
