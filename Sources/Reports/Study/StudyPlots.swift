import Foundation
import Publishing
import Studies

/// The bar charts of the rates and the scatter of similarity against structural distance, by gnuplot; data and
/// scripts stay beside the pictures.
struct StudyPlots {
    let summary: StudySummary
    let cells: [StudySummary.Cell]

    struct Plot {
        var picture: Picture
        var caption: String
        /// As the page draws it, one for each panel.
        var elements: [PlotElement]
    }

    init(_ summary: StudySummary, _ cells: [StudySummary.Cell]) {
        (self.summary, self.cells) = (summary, cells)
    }

    func write(to folder: URL) throws -> [Plot] {
        var plots: [Plot] = []
        let panels = distinct(cells.map(\.noise)).count
        for (name, title, rate) in [
            ("matched", "Match rate", \StudySummary.Cell.matched), ("exact", "Exact recovery", \.exact),
        ] {
            let picture = try draw(
                bars(name, title, rate, folder), name, folder, width: 1100,
                height: max(420, 260 * panels))
            plots.append(
                Plot(
                    picture: picture,
                    caption:
                        "\(title) against noise with 95 % Jeffreys intervals, all structures; null arms in grey.",
                    elements: drawnBars(title, rate)))
        }
        for (name, title, value) in [
            ("similarity", "Cosine similarity", \RecoveryMeasures.cosine),
            ("entropy", "Spectral-entropy similarity", \.entropy),
        ] {
            // gnuplot draws no plot of nothing.
            guard summary.runs.contains(where: { Self.isDrawn($0, value) }) else { continue }
            let picture = try draw(scatter(name, title, value, folder), name, folder, width: 900, height: 480)
            plots.append(
                Plot(
                    picture: picture, caption: "\(title) and structural distance of every end point.",
                    elements: [drawnScatter(title, value)]))
        }
        return plots
    }

    private func draw(_ script: String, _ name: String, _ folder: URL, width: Int, height: Int) throws
        -> Picture
    {
        let file = folder.appendingPathComponent("\(name).gnuplot")
        let picture = folder.appendingPathComponent("\(name).svg")
        let header = PlotFiles.header(name: name, width: width, height: height).joined(separator: "\n")
        try AtomicFile.write(header + "\n" + script, to: file)
        return try Picture.drawn {
            try Gnuplot.draw(
                script: file, terminal: "svg size \(width),\(height) font 'Helvetica,13'",
                definitions: "picture_given = 1", to: picture)
            return try String(contentsOf: picture, encoding: .utf8)
        }
    }

    /// One panel for each kind of noise; at a level the arms that ran there stand side by side.
    private func bars(
        _ name: String, _ title: String, _ rate: KeyPath<StudySummary.Cell, StudySummary.Rate>, _ folder: URL
    ) throws -> String {
        let arms = distinct(cells.map(\.arm))
        let panels = distinct(cells.map(\.noise))
        var blocks: [String] = []
        var plots: [String] = []
        for (row, noise) in panels.enumerated() {
            let here = cells.filter { $0.noise == noise }
            let levels = Set(here.map(\.level)).sorted()
            let count =
                Dictionary(grouping: here, by: \.level).values.map { Set($0.map(\.arm)).count }.max() ?? 1
            let width = 0.86 / Double(max(1, count))
            let drawn = arms.filter { arm in here.contains { $0.arm == arm } }
            var lines = drawn.map { arm in
                blocks.append(
                    "# \(noise) \(arm)\n"
                        + rows(arm, here, levels, width, rate).map(\.text).joined(
                            separator: "\n"))
                let source = "'\(name).tsv' index \(blocks.count - 1)"
                return
                    "\(source) using 1:2 with boxes fillstyle solid linecolor '\(ArmColor(arm).hex)' notitle, "
                    + "\(source) using 1:3:(0):($4-$3) with vectors nohead linecolor '#202020' notitle"
            }
            // The legend goes on beside every panel: all of it is higher than one.
            let share = (arms.count + panels.count - 1) / panels.count
            if row * share < arms.count {
                lines += arms[row * share..<min(arms.count, (row + 1) * share)].map {
                    "1/0 with boxes fillstyle solid linecolor '\(ArmColor($0).hex)' title \(Gnuplot.quoted($0))"
                }
            }
            let ticks = levels.enumerated().map { "\(Gnuplot.quoted("\(noise) \($0.element)")) \($0.offset)" }
            plots.append(
                """
                set boxwidth \(width * 0.92)
                set xrange [-0.5:\(Double(levels.count) - 0.5)]
                set xtics (\(ticks.joined(separator: ", "))) nomirror
                plot \(lines.joined(separator: ", \\\n     "))
                """)
        }
        try AtomicFile.write(
            blocks.joined(separator: "\n\n\n") + "\n", to: folder.appendingPathComponent("\(name).tsv"))
        return """
            set yrange [0:1.05]
            set ytics nomirror
            set grid ytics linecolor '#e0e0e0'
            set border 3
            set ylabel \(Gnuplot.quoted(title))
            set key outside right top
            set multiplot layout \(panels.count),1 margins screen 0.075,0.78,0.07,0.97 spacing screen 0.07
            \(plots.joined(separator: "\n"))
            unset multiplot
            """
    }

    func distinct(_ names: [String]) -> [String] {
        names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// A rate with its interval, where it stands.
    struct Bar {
        let x: Double
        let share: Double
        let interval: ClosedRange<Double>
        let trials: Int

        var text: String { "\(x) \(share) \(interval.lowerBound) \(interval.upperBound) \(trials)" }
    }

    /// Of one arm at every level at which it ran.
    func rows(
        _ arm: String, _ cells: [StudySummary.Cell], _ levels: [Double], _ width: Double,
        _ rate: KeyPath<StudySummary.Cell, StudySummary.Rate>
    ) -> [Bar] {
        levels.enumerated().compactMap { place, level in
            let arms = distinct(cells.filter { $0.level == level }.map(\.arm))
            let own = cells.filter { $0.level == level && $0.arm == arm }
            guard let k = arms.firstIndex(of: arm) else { return nil }
            let total = StudySummary.Rate(
                successes: own.reduce(0) { $0 + $1[keyPath: rate].successes },
                trials: own.reduce(0) { $0 + $1[keyPath: rate].trials })
            let x = Double(place) + (Double(k) - Double(arms.count - 1) / 2) * width
            let interval = total.interval
            return Bar(x: x, share: total.share, interval: interval, trials: total.trials)
        }
    }

    static func isDrawn(_ run: RecoveryRun, _ value: KeyPath<RecoveryMeasures, Double>) -> Bool {
        run.measures.map { $0.structuralDistance.isFinite && $0[keyPath: value].isFinite } ?? false
    }

    private func scatter(
        _ name: String, _ title: String, _ value: KeyPath<RecoveryMeasures, Double>, _ folder: URL
    ) throws -> String {
        let groups = Dictionary(
            grouping: summary.runs.filter { Self.isDrawn($0, value) }
        ) {
            $0.armName
        }
        var order: [String] = []
        for cell in cells where !order.contains(cell.arm) && groups[cell.arm] != nil {
            order.append(cell.arm)
        }
        let blocks = order.map { arm in
            "# \(arm)\n"
                + (groups[arm] ?? []).compactMap { run in
                    // The exact ends lie at 1e-14: a floor keeps the axis readable.
                    run.measures.map {
                        "\(max($0.structuralDistance, 1e-4)) \($0[keyPath: value]) \($0.matched ? 1 : 0)"
                    }
                }.joined(separator: "\n")
        }
        try AtomicFile.write(
            blocks.joined(separator: "\n\n\n") + "\n", to: folder.appendingPathComponent("\(name).tsv"))
        let plots = order.enumerated().map { k, arm in
            "'\(name).tsv' index \(k) using 1:2 with points pointtype 7 pointsize 0.35 linecolor '\(ArmColor(arm).hex)' title \(Gnuplot.quoted(arm))"
        }
        return """
            set logscale x
            set xrange [8e-5:*]
            set yrange [0:1.02]
            set xlabel 'Structural distance (values below 0.0001 drawn there)'
            set ylabel \(Gnuplot.quoted(title))
            set border 3
            set tics nomirror
            set key outside right top
            plot \(plots.joined(separator: ", \\\n     "))
            """
    }
}
