import Foundation
import Publishing
import Reports
import Testing

@Suite struct SurfacePlotTests {
    static let plot: SurfacePlot = {
        let a = (0..<41).map { 4 + 0.05 * Double($0) }
        let c = (0..<31).map { 2 + 0.05 * Double($0) }
        let values = c.map { y in a.map { x in 1 - cos(4 * (x - 5)) * cos(3 * (y - 3)) } }
        return SurfacePlot(
            title: "U_2Ti `echo x`", x: .init(name: "a", unit: "Å", values: a),
            y: .init(name: "c", unit: "Å", values: c), values: values, valueName: "1 − cosine",
            truth: .init(x: 5, y: 3), minima: [.init(x: 5, y: 3), .init(x: 5.8, y: 2.0)],
            paths: [
                .init(
                    name: "descent",
                    points: [.init(x: 4.3, y: 2.3), .init(x: 4.5, y: 2.5), .init(x: 4.6, y: 2.6)]),
                .init(name: "wyckoff", points: [.init(x: 4.3, y: 2.3), .init(x: 5, y: 3)], isJump: true),
            ])
    }()

    @Test(
        "a map leaves every grid point in its table, and both pictures",
        .enabled(if: Gnuplot.executable() != nil))
    func files() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "surface-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try Self.plot.write(to: folder, name: "map")
        let rows = try String(contentsOf: files.data, encoding: .utf8).split(separator: "\n").dropFirst()
        #expect(rows.count == 41 * 31)
        let svg = try String(contentsOf: files.svg, encoding: .utf8)
        #expect(svg.contains("minima of the grid") && svg.contains("wyckoff"))
        let png = try Data(contentsOf: files.png)
        #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 4)
        if let kept = ProcessInfo.processInfo.environment["WYCKOFF_KEEP_PLOTS"] {
            var page = HTMLPage(title: "Map")
            page.figure(Self.plot, .svg(svg), caption: "A map.")
            try page.write(to: URL(fileURLWithPath: kept).appendingPathComponent("map.html"))
            try png.write(to: URL(fileURLWithPath: kept).appendingPathComponent("map.png"))
        }
    }

    @Test("the page holds the values that its pointer reads, as JSON")
    func hover() throws {
        var page = HTMLPage(title: "Map")
        page.figure(Self.plot, .svg("<svg></svg>"), caption: "A map.")
        let html = page.html
        let start = try #require(html.range(of: "<script type=\"application/json\">"))
        let end = try #require(html.range(of: "</script>", range: start.upperBound..<html.endIndex))
        let json = try JSONSerialization.jsonObject(with: Data(html[start.upperBound..<end.lowerBound].utf8))
        let values = try #require((json as? [String: Any])?["v"] as? [[Double]])
        #expect(values.count == 31 && values.allSatisfy { $0.count == 41 })
        #expect(abs(values[20][20]) < 1e-6)
    }
}
