import Publishing

/// The map as the page draws it.
extension SurfacePlot {
    /// Of the picture on a page, whose legend stands below it.
    static let pageFrame = PlotFrame(left: 0.115, right: 0.835, top: 0.98, bottom: 0.09)

    package func drawing(name: String) -> PlotElement? {
        let (dx, dy) = (halfStep(x.values), halfStep(y.values))
        var plot = PlotDrawing(
            width: 1000, height: 740, frame: Self.pageFrame,
            x: PlotScale((x.values.first ?? 0) - dx, (x.values.last ?? 1) + dx),
            y: PlotScale((y.values.first ?? 0) - dy, (y.values.last ?? 1) + dy))
        plot.cells(x: x.values, y: y.values, values: values, range: range)
        plot.colorScale(range, title: colorTitle)
        if !minima.isEmpty {
            plot.dots(minima.map { ($0.x, $0.y) }, color: "#ffffff", radius: 5, rim: "#000000")
            plot.key("minima of the grid", color: "#808080", .dot)
        }
        for (k, path) in paths.enumerated() where !path.points.isEmpty {
            let color = PlotColor.paths[k % PlotColor.paths.count]
            let points = path.points.map { ($0.x, $0.y) }
            plot.line(points, color: "#ffffff", width: 5, dashed: path.isJump)
            plot.line(points, color: color, width: 2.5, dashed: path.isJump)
            plot.dots([points[0]], color: color, radius: 5, isSquare: true)
            plot.dots([points[points.count - 1]], color: color, radius: 5)
            plot.key(path.name, color: color, path.isJump ? .dashes : .line)
        }
        if let truth {
            plot.dots([(truth.x, truth.y)], color: "#D55E00", radius: 7)
            plot.key("truth", color: "#D55E00", .dot)
        }
        return plot.element(name: name, xTitle: x.title, yTitle: y.title)
    }
}
