import Foundation
import Publishing
import Testing

/// A plot that no page has heard of.
private struct Dot: Figure {
    var name = "dot"

    func write(to folder: URL, name: String) throws -> PlotFiles { PlotFiles(folder: folder, name: name) }

    var reading: PointerReading {
        PointerReading(
            kind: "dot", prompt: "Move <here>", hasLine: true,
            data: "{\"name\":\(JSONDialect.quoted(name))}", script: "var dotScript=1;")
    }
}

/// Reaches `PageStyle`.
@Suite("a page") struct HTMLPageTests {
    private static let svg = "<?xml version=\"1.0\"?><svg viewBox=\"0 0 10 10\"></svg>"

    @Test("it takes any figure: data for each, the script once for each kind")
    func figures() {
        var page = HTMLPage(title: "Dots")
        page.figure(Dot(), .svg(Self.svg), caption: "first")
        page.figure(Dot(name: "</script>"), .svg(Self.svg), caption: "second")
        let html = page.html
        #expect(html.components(separatedBy: "<figure class=\"dot\">").count == 3)
        #expect(html.components(separatedBy: "var dotScript=1;").count == 2)
        #expect(html.contains("Move &lt;here&gt;") && html.contains("{\"name\":\"\\u003c/script>\"}"))
        #expect(html.contains("<svg viewBox") && !html.contains("<?xml"))
    }

    @Test("a picture that is missing is said in its place, and each reason once to whoever asks")
    func missing() {
        var page = HTMLPage(title: "Dots")
        page.figure(Dot(), .missing("no gnuplot"), caption: "first")
        page.picture(.missing("no gnuplot"), caption: "second")
        #expect(page.troubles == ["no gnuplot"])
        #expect(page.html.contains("Not drawn: no gnuplot. second"))
        #expect(!page.html.contains("<figure"))
    }

    @Test("sections make a list of contents as soon as there are three")
    func contents() {
        var page = HTMLPage(title: "P")
        for title in ["One", "Two"] { page.section(title) }
        #expect(!page.html.contains("<nav>"))
        page.section("Three & more")
        #expect(page.html.contains("<a href=\"#s3\">Three &amp; more</a>"))
    }

    @Test("a stacked table shows every row once, and its note")
    func stacks() {
        var page = HTMLPage(title: "P")
        page.table(
            TextTable(columns: [.init("n")], rows: (0..<7).map { ["row\($0)"] }, note: "seven"), stacks: 3)
        let html = page.html
        #expect(html.components(separatedBy: "<table>").count == 4)
        for k in 0..<7 { #expect(html.components(separatedBy: "<td>row\(k)</td>").count == 2) }
        #expect(html.contains("<p class=\"note\">seven</p>"))
    }

    @Test("a check that was not made has neither mark of the others")
    func verdict() {
        var page = HTMLPage(title: "P")
        page.verdict(
            "So", passed: false,
            checks: [.init("a", passed: true), .init("b", passed: false), .init("c", passed: nil)])
        let html = page.html
        #expect(html.contains("class=\"verdict no\""))
        #expect(html.contains("<li class=\"yes\"><span>✓</span> a</li>"))
        #expect(html.contains("<li class=\"no\"><span>✗</span> b</li>"))
        #expect(html.contains("<li class=\"open\"><span>–</span> c</li>"))
    }
}
