import Foundation
import Publishing
import Testing

@Suite("titles of vector pictures") struct SVGTitlesTests {
    private let drawn =
        "<?xml version=\"1.0\"?>\n<svg width=\"10\"><title>Gnuplot</title><desc>by gnuplot</desc><g><title>gnuplot_plot_1b</title><path d=\"M0 0\"/></g></svg>"

    @Test("gnuplot's names leave a picture, and nothing else does")
    func removed() {
        let plain = SVGTitles.removed(from: drawn)
        #expect(!plain.contains("title") && !plain.contains("desc"))
        #expect(plain.hasSuffix("<g><path d=\"M0 0\"/></g></svg>"))
        #expect(SVGTitles.removed(from: plain) == plain)
    }

    @Test("a picture has one title, its own, whatever letters that has")
    func replaced() {
        let named = SVGTitles.replaced(in: drawn, by: "a < b & c")
        #expect(named.components(separatedBy: "<title>").count == 2)
        #expect(named.contains("<svg width=\"10\">\n<title>a &lt; b &amp; c</title>"))
    }

    @Test(
        "what gnuplot draws into a file is called after the file",
        .enabled(if: Gnuplot.executable() != nil, "gnuplot is not on the PATH"))
    func file() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "wyckoff-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = folder.appending(path: "line.gnuplot")
        try Data("plot x title 'line'\n".utf8).write(to: script)
        let picture = folder.appending(path: "line.svg")
        try Gnuplot.draw(script: script, terminal: "svg size 300,200", to: picture)
        let text = try String(contentsOf: picture, encoding: .utf8)
        #expect(text.contains("<title>line</title>") && !text.contains("Gnuplot</title>"))
        #expect(!text.contains("<title>gnuplot_plot"))
    }
}
