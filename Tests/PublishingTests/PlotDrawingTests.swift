import Foundation
import Publishing
import Testing

/// Plots that a page draws itself, and tables that it sorts. Reaches `PlotElement`, `TableScript`.
@Suite struct PlotDrawingTests {
    static func plot() -> PlotDrawing {
        var plot = PlotDrawing(
            width: 1000, height: 500, frame: PlotFrame(left: 0.1, right: 0.9, top: 0.9, bottom: 0.2),
            x: PlotScale(0, 10), y: PlotScale(-1, 1))
        plot.line([(0, -1), (5, .nan), (6, 0), (10, 1)], color: "#000000")
        plot.dots([(5, 0)], color: "#ff0000")
        plot.key("<minima>", color: "#ff0000", .dot)
        return plot
    }

    @Test("ends of the axes are ends of the frame, what is no number is a gap, names are no mark-up")
    func places() {
        let element = Self.plot().element(name: "a & b", xTitle: "x", yTitle: "y")
        #expect(element.svg.contains("M100.0 400.0M580.0 225.0L900.0 50.0"))
        #expect(element.svg.contains("cx=\"500.0\" cy=\"225.0\""))
        #expect(element.svg.contains("role=\"img\" aria-label=\"a &amp; b\""))
        #expect(!element.svg.contains("gnuplot"))
        #expect(element.legend.contains("&lt;minima&gt;"))
    }

    @Test("every value of a map lies under its colour: dark is least, bright is most, nothing is white")
    func cells() {
        var plot = PlotDrawing(
            width: 400, height: 400, frame: PlotFrame(left: 0, right: 1, top: 1, bottom: 0),
            x: PlotScale(-0.5, 1.5), y: PlotScale(-0.5, 1.5))
        plot.cells(x: [0, 1], y: [0, 1], values: [[0, 1], [.nan, 0]], range: (0, 1))
        let svg = plot.element(name: "", xTitle: "", yTitle: "").svg
        #expect(
            svg.contains(
                "<path d=\"M0.0 200.0H200.0V400.0H0.0zM200.0 0.0H400.0V200.0H200.0z\" fill=\"#00224E\""))
        #expect(svg.contains("<path d=\"M200.0 200.0H400.0V400.0H200.0z\" fill=\"#FEE838\""))
        #expect(PlotColor.cividis(0.5) == "#707173")
    }

    @Test(
        "ticks stand at steps of 1, 2 or 5 inside the range, five to thirteen of them",
        arguments: [(0.0, 1.0), (-3.7, 12.2), (8.4801, 8.4823), (1e-9, 4e-9), (-1e6, 3e6)])
    func ticks(low: Double, high: Double) {
        let ticks = PlotScale(low, high).ticks
        #expect((3...13).contains(ticks.count))
        #expect(ticks.allSatisfy { $0 >= low - 1e-12 * abs(low) && $0 <= high + 1e-9 * (high - low) })
        let step = (ticks[1] - ticks[0]) / pow(10, log10(ticks[1] - ticks[0]).rounded(.down))
        #expect([1.0, 2, 5, 10].contains { abs($0 - step) < 1e-3 }, "\(ticks)")
    }

    @Test("an axis of powers of ten has its powers for ticks, and halves at its geometric mean")
    func logarithmic() {
        let scale = PlotScale(1e-4, 1, isLogarithmic: true)
        #expect(scale.ticks.count == 5)
        #expect(abs(scale.share(of: 1e-2) - 0.5) < 1e-12)
        #expect(PlotScale(2, 2).low < 2)
        #expect(PlotScale.text(-0.25) == "−0.25")
    }

    @Test("tables of six rows and more sort, one script for all of them")
    func tables() {
        func table(_ rows: Int) -> TextTable {
            TextTable(columns: [.init("n", alignment: .number)], rows: (0..<rows).map { ["\($0)"] })
        }
        var page = HTMLPage(title: "t")
        page.table(table(5))
        #expect(!page.html.contains("<table class=\"sorts\""))
        page.table(table(6))
        page.table(table(30))
        #expect(page.html.components(separatedBy: "querySelectorAll('table.sorts')").count == 2)
        #expect(page.html.components(separatedBy: "<table class=\"sorts\"").count == 3)
        #expect(page.html.contains("<th scope=\"col\""))
    }
}
