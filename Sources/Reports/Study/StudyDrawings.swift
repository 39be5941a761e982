import Publishing
import Studies

/// The plots of a study as its page draws them.
extension StudyPlots {
    private static let frame = PlotFrame(left: 0.09, right: 0.97, top: 0.95, bottom: 0.2)

    /// One for each kind of noise.
    func drawnBars(
        _ title: String, _ rate: KeyPath<StudySummary.Cell, StudySummary.Rate>
    ) -> [PlotElement] {
        distinct(cells.map(\.noise)).map { noise in
            let here = cells.filter { $0.noise == noise }
            let levels = Set(here.map(\.level)).sorted()
            let count =
                Dictionary(grouping: here, by: \.level).values.map { Set($0.map(\.arm)).count }.max() ?? 1
            let width = 0.86 / Double(max(1, count))
            var plot = PlotDrawing(
                width: 1000, height: 420, frame: Self.frame,
                x: PlotScale(-0.5, Double(levels.count) - 0.5), y: PlotScale(0, 1.05))
            for arm in distinct(here.map(\.arm)) {
                let color = ArmColor(arm).hex
                for bar in rows(arm, here, levels, width, rate) where bar.share.isFinite {
                    plot.box(bar.x - 0.46 * width...bar.x + 0.46 * width, 0...bar.share, color: color)
                    plot.line(
                        [(bar.x, bar.interval.lowerBound), (bar.x, bar.interval.upperBound)],
                        color: "#202020", width: 1.5)
                }
                plot.key(arm, color: color, .square)
            }
            plot.name(places: levels.enumerated().map { (Double($0.offset), "\($0.element)") })
            return plot.element(name: "\(title), noise of \(noise)", xTitle: "noise: \(noise)", yTitle: title)
        }
    }

    /// The exact ends lie at 1e-14: a floor keeps the axis readable.
    private static let leastDistance = 1e-4

    func drawnScatter(_ title: String, _ value: KeyPath<RecoveryMeasures, Double>) -> PlotElement {
        let runs = summary.runs.filter { Self.isDrawn($0, value) }
        func distance(_ run: RecoveryRun) -> Double {
            max(run.measures?.structuralDistance ?? .nan, Self.leastDistance)
        }
        var plot = PlotDrawing(
            width: 1000, height: 480, frame: Self.frame,
            x: PlotScale(
                0.8 * Self.leastDistance, 1.2 * max(1e-3, runs.map(distance).max() ?? 1),
                isLogarithmic: true),
            y: PlotScale(0, 1.02))
        for arm in distinct(cells.map(\.arm)) {
            let own = runs.filter { $0.armName == arm }
            guard !own.isEmpty else { continue }
            let color = ArmColor(arm).hex
            plot.dots(
                own.map { (distance($0), $0.measures?[keyPath: value] ?? .nan) }, color: color, radius: 2.5,
                rim: color)
            plot.key(arm, color: color, .dot)
        }
        return plot.element(
            name: "\(title) and structural distance",
            xTitle: "structural distance (values below 0.0001 drawn there)", yTitle: title)
    }
}
