import Foundation
import Publishing
import Reports
import Testing

@Suite struct ReportPageTests {
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
        var page = HTMLPage(title: "<script>alert(1)</script>", subtitle: "a & b \"c\"")
        page.table(TextTable(columns: [.init("<b>")], rows: [["</td><i>"]]))
        page.paragraph("1 < 2")
        var plot = SampleFit.plot(points: 10)
        plot.phases[0].name = "</script><b>"
        page.figure(plot, .svg(Self.svg), caption: "<img>")
        let html = page.html
        for bad in ["<script>alert", "<b>", "</td><i>", "</script><b>", "<img>", "1 < 2"] {
            #expect(!html.contains(bad), "\(bad)")
        }
    }
}
