import Design
import Publishing

/// The plots of a design as its page draws them.
extension DesignReport {
    private static let frame = PlotFrame(left: 0.09, right: 0.97, top: 0.95, bottom: 0.17)

    var drawnConvergence: PlotElement {
        let points = result.progress.map { (x: Double($0.calls), y: Double($0.compositions)) }
        var plot = PlotDrawing(
            width: 1000, height: 420, frame: Self.frame, x: PlotScale(0, points.last?.x ?? 1),
            y: PlotScale(0, 1.05 * max(1, points.map(\.y).max() ?? 1)))
        plot.line(points, color: PlotColor.difference)
        plot.dots(points, color: PlotColor.difference, radius: 3)
        return plot.element(
            name: "Compositions that succeeded, by predictor calls", xTitle: "predictor calls",
            yTitle: "compositions")
    }

    /// Candidates by two of their targets, with the front where there is one.
    var drawnFront: PlotElement {
        let (first, second) = shown
        func points(_ isTaken: (DesignRow) -> Bool) -> [(x: Double, y: Double)] {
            rows.filter(isTaken).map { ($0.candidate.values[first], $0.candidate.values[second]) }
                .filter { $0.x.isFinite && $0.y.isFinite }
        }
        let all = points { _ in true }
        var plot = PlotDrawing(
            width: 1000, height: 480, frame: Self.frame, x: Self.scale(all.map(\.x)),
            y: Self.scale(all.map(\.y)))
        let front = points { $0.isOnFront == true }.sorted { $0.x < $1.x }
        if !front.isEmpty {
            plot.line(front, color: PlotColor.difference, width: 1.5)
            plot.key("front", color: PlotColor.difference, .line)
        }
        for (isSuccess, name, color) in [
            (false, "a target missed", PlotColor.calculated), (true, "success", PlotColor.difference),
        ] {
            plot.dots(points { $0.candidate.isSuccess == isSuccess }, color: color, isSquare: !isSuccess)
            plot.key(name, color: color, isSuccess ? .dot : .square)
        }
        return plot.element(
            name: "Candidates by \(evaluator.modelNames[first]) and \(evaluator.modelNames[second])",
            xTitle: quantity(first), yTitle: quantity(second))
    }

    /// With a margin of a twentieth at both ends.
    private static func scale(_ values: [Double]) -> PlotScale {
        guard let low = values.min(), let high = values.max() else { return PlotScale(0, 1) }
        let margin = 0.05 * max(high - low, 1e-6)
        return PlotScale(low - margin, high + margin)
    }
}
