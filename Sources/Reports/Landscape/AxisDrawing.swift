import Publishing

/// The curve as the page draws it.
extension AxisPlot {
    /// Of the picture on a page, whose legend stands below it.
    static let pageFrame = PlotFrame(left: 0.115, right: 0.97, top: 0.97, bottom: 0.14)

    package func drawing(name: String) -> PlotElement? {
        var plot = PlotDrawing(
            width: 1000, height: 460, frame: Self.pageFrame, x: PlotScale(xRange.low, xRange.high),
            y: PlotScale(yRange.low, yRange.high))
        if let basin {
            plot.band(basin, color: "#E69F00", opacity: 0.18)
            plot.key("basin of the truth", color: "#E69F00", .area)
        }
        if let truth {
            plot.upright(truth, color: "#D55E00")
            plot.key("truth", color: "#D55E00", .dashes)
        }
        for (k, curve) in curves.enumerated() {
            // Enough for any screen.
            let every = max(1, curve.x.count / 3000)
            plot.line(
                stride(from: 0, to: curve.x.count, by: every).map { (curve.x[$0], curve.y[$0]) },
                color: color(of: k))
            if curves.count > 1 { plot.key(curve.name, color: color(of: k), .line) }
        }
        if !minima.isEmpty {
            plot.dots(minima.map { ($0.x, $0.y) }, color: "#000000", radius: 4)
            plot.key("minima", color: "#000000", .dot)
        }
        return plot.element(name: name, xTitle: axisTitle, yTitle: valueName)
    }
}
