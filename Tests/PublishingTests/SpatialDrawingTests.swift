import Publishing
import Testing

@Suite("What the reader can turn") struct SpatialDrawingTests {
    private static func drawing() -> SpatialDrawing {
        var drawing = SpatialDrawing(name: "Structure of <NaCl>")
        drawing.balls = [
            .init(at: .zero, radius: 0.5, color: "#8a6ad8", label: "Na1", group: 0),
            .init(
                at: SIMD3(2.8, 0, 0), radius: 0.4, color: "#3aa655", label: "</script>", group: 1,
                isPale: true),
        ]
        drawing.sticks = [SIMD2(0, 1)]
        drawing.edges = [(.zero, SIMD3(0, 0, 5.6))]
        drawing.marks = [(SIMD3(0, 0, 6), "c")]
        drawing.faces = [.init(corners: [.zero, SIMD3(1, 0, 0), SIMD3(0, 1, 0)], color: "#8a6ad8")]
        drawing.groups = [
            .init(name: "Na1", color: "#8a6ad8", detail: "Na1, 4a"),
            .init(name: "Cl1", color: "#3aa655", detail: "Cl1, 4b"),
        ]
        return drawing
    }

    @Test("a figure with a name, a button for each group, and data that no label can end")
    func figure() {
        let html = Self.drawing().html
        #expect(html.contains("aria-label=\"Structure of &lt;NaCl&gt;."))
        #expect(html.contains("data-group=\"0\"") && html.contains("data-group=\"1\""))
        #expect(html.contains("Polyhedra"))
        #expect(html.components(separatedBy: "</script>").count == 2)
        #expect(html.contains("[2.8,0,0,0.4,1,1,\"\\u003c/script>\",\"#3aa655\"]"))
    }

    @Test("the script stands once on a page of two drawings, and not on a page of none")
    func script() {
        var page = HTMLPage(title: "x")
        #expect(!page.html.contains("figure.space"))
        page.drawing(Self.drawing())
        page.drawing(Self.drawing())
        #expect(page.html.components(separatedBy: "document.querySelectorAll('figure.space')").count == 2)
        page.drawing(SpatialDrawing(name: "nothing"))
        #expect(page.html.components(separatedBy: "<figure class=\"space\">").count == 3)
        for word in ["http:", "https:", "src=", "url("] { #expect(!page.html.contains(word), "\(word)") }
    }

    @Test("files that were written are linked beside the page, whatever their names")
    func files() {
        var page = HTMLPage(title: "x")
        page.files([(name: "a b.cif", what: "the <structure>"), (name: "javascript:x", what: "")])
        #expect(page.html.contains("<a href=\"a%20b.cif\">a b.cif</a> the &lt;structure&gt;"))
        #expect(!page.html.contains("href=\"javascript:"))
    }

    @Test("gnuplot's titles leave the picture, and its caption names it")
    func pictureNames() {
        var page = HTMLPage(title: "x")
        let svg =
            "<svg viewBox=\"0 0 1 1\"><title>Gnuplot</title><desc>d</desc><g><title>gnuplot_plot_1</title></g></svg>"
        page.picture(.svg(svg), caption: "A \"fit\"")
        #expect(!page.html.contains("nuplot"))
        #expect(page.html.contains("role=\"img\" aria-label=\"A &quot;fit&quot;\""))
    }
}
