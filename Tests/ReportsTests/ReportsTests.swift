import Foundation
import Reports
import Testing

private func withFolder<T>(_ body: (URL) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("wyckoff-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}

@Suite struct AtomicFileTests {
    @Test func filesAreReplacedWholeAndNothingElseIsLeft() throws {
        try withFolder { folder in
            let url = folder.appendingPathComponent("a.txt")
            try AtomicFile.write("one", to: url)
            try AtomicFile.write("two", to: url)
            #expect(try String(contentsOf: url, encoding: .utf8) == "two")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.txt"])
        }
    }

    @Test func aFolderThatIsMissingIsNamed() throws {
        try withFolder { folder in
            let url = folder.appendingPathComponent("none/a.txt")
            let error = #expect(throws: ReportError.self) { try AtomicFile.write("x", to: url) }
            #expect(error?.description.hasPrefix(url.path) == true)
        }
    }
}

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

    @Test func aBrokenScriptIsReportedWithItsName() throws {
        try withFolder { folder in
            let script = folder.appendingPathComponent("bad.gnuplot")
            try AtomicFile.write("plot nonsense(\n", to: script)
            let error = #expect(throws: ReportError.self) { try Gnuplot.run(script: script) }
            #expect(error?.description.hasPrefix(script.path) == true)
        }
    }
}

@Suite struct HTMLReportTests {
    static let svg = "<?xml version=\"1.0\"?><svg viewBox=\"0 0 1200 720\"></svg>"

    @Test func thePageNeedsNothingFromOutside() {
        let html = SampleFit.page(SampleFit.plot(), svg: Self.svg).html
        for word in ["http:", "https:", "src=", "@import", "<link", "url("] {
            #expect(!html.contains(word), "\(word)")
        }
        #expect(html.contains("<svg viewBox"))
        #expect(!html.contains("<?xml"))
    }

    @Test func everyElementIsClosed() throws {
        let html = SampleFit.page(SampleFit.plot(points: 50), svg: Self.svg).html
        var open: [Substring] = []
        let single: Set<Substring> = ["meta", "!DOCTYPE"]
        var rest = html[...]
        while let start = rest.firstIndex(of: "<") {
            let end = try #require(rest[start...].firstIndex(of: ">"))
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            let name = tag.prefix { !" /".contains($0) || $0 == "/" && tag.first == "/" }
            if single.contains(name) || tag.hasSuffix("/") { continue }
            if tag.hasPrefix("/") {
                #expect(open.popLast() == tag.dropFirst())
            } else {
                open.append(name)
                // Inside script and style a < is no tag.
                if name == "script" || name == "style" {
                    let close = try #require(rest.range(of: "</\(name)>"))
                    rest = rest[close.lowerBound...]
                }
            }
        }
        #expect(open.isEmpty)
    }

    @Test func textNeverBecomesMarkup() {
        var page = HTMLReport(title: "<script>alert(1)</script>", subtitle: "a & b \"c\"")
        page.table(ReportTable(columns: [.init("<b>")], rows: [["</td><i>"]]))
        page.paragraph("1 < 2")
        var plot = SampleFit.plot(points: 10)
        plot.phases[0].name = "</script><b>"
        page.fit(plot, .svg(Self.svg), caption: "<img>")
        let html = page.html
        for bad in ["<script>alert", "<b>", "</td><i>", "</script><b>", "<img>", "1 < 2"] {
            #expect(!html.contains(bad), "\(bad)")
        }
    }

    @Test func tablesBecomeTabSeparatedText() {
        let table = ReportTable(
            columns: [.init("name"), .init("B", unit: "Å²", alignment: .number)], rows: [["O1\tx", "1.2(3)"]])
        #expect(table.tabSeparated == "name\tB/Å²\nO1 x\t1.2(3)\n")
    }
}
