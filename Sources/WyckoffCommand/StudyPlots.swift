import Foundation
import Reports
import Studies

/// The bar charts of the rates and the scatter of similarity against structural distance, by gnuplot; data and
/// scripts stay beside the pictures.
struct StudyPlots {
    let summary: StudySummary
    let cells: [StudySummary.Cell]

    struct Picture {
        var svg: String
        var caption: String
    }

    init(_ summary: StudySummary, _ cells: [StudySummary.Cell]) {
        (self.summary, self.cells) = (summary, cells)
    }

    func write(to folder: URL) throws -> [Picture] {
        var pictures: [Picture] = []
        for (name, title, rate) in [
            ("matched", "Match rate", \StudySummary.Cell.matched), ("exact", "Exact recovery", \.exact),
        ] {
            let svg = try draw(bars(name, title, rate, folder), name, folder, width: 1100, height: 420)
            pictures.append(
                Picture(
                    svg: svg,
                    caption:
                        "\(title) against noise with 95 % Jeffreys intervals, all structures; null arms in grey."
                ))
        }
        for (name, title, value) in [
            ("similarity", "Cosine similarity", \RecoveryMeasures.cosine),
            ("entropy", "Spectral-entropy similarity", \.entropy),
        ] {
            let svg = try draw(scatter(name, title, value, folder), name, folder, width: 900, height: 480)
            pictures.append(
                Picture(svg: svg, caption: "\(title) and structural distance of every end point."))
        }
        return pictures
    }

    private func draw(_ script: String, _ name: String, _ folder: URL, width: Int, height: Int) throws
        -> String
    {
        let file = folder.appendingPathComponent("\(name).gp")
        try AtomicFile.write(script, to: file)
        try Gnuplot.run(
            script: file,
            prelude: "set terminal svg size \(width),\(height) font 'Helvetica,13'\nset output '\(name).svg'")
        return try String(contentsOf: folder.appendingPathComponent("\(name).svg"), encoding: .utf8)
    }

    private static let colors = ["#D55E00", "#E69F00", "#CC79A7", "#F0E442", "#8C564B", "#000000", "#BCBD22"]

    private static func color(_ arm: String, _ index: Int) -> String {
        switch arm {
        case "nothing": "#B8B8B8"
        case "project-once": "#808080"
        case "wyckoff": "#0072B2"
        case "wyckoff-space-group": "#009E73"
        case "wyckoff-family": "#56B4E9"
        default: colors[index % colors.count]
        }
    }

    private func bars(
        _ name: String, _ title: String, _ rate: KeyPath<StudySummary.Cell, StudySummary.Rate>, _ folder: URL
    ) throws -> String {
        var arms: [String] = []
        var levels: [String] = []
        for cell in cells {
            if !arms.contains(cell.arm) { arms.append(cell.arm) }
            let level = "\(cell.noise) \(cell.level)"
            if !levels.contains(level) { levels.append(level) }
        }
        // Bars of one arm are a block: x, rate, lower, upper.
        let width = 0.8 / Double(max(1, arms.count))
        var blocks: [String] = []
        for (k, arm) in arms.enumerated() {
            var lines = ["# \(arm)"]
            for (l, level) in levels.enumerated() {
                let here = cells.filter { $0.arm == arm && "\($0.noise) \($0.level)" == level }
                guard !here.isEmpty else { continue }
                let total = StudySummary.Rate(
                    successes: here.reduce(0) { $0 + $1[keyPath: rate].successes },
                    trials: here.reduce(0) { $0 + $1[keyPath: rate].trials })
                let x = Double(l) + (Double(k) - Double(arms.count - 1) / 2) * width
                lines.append(
                    "\(x) \(total.share) \(total.interval.lowerBound) \(total.interval.upperBound) \(total.trials)"
                )
            }
            blocks.append(lines.joined(separator: "\n"))
        }
        try AtomicFile.write(
            blocks.joined(separator: "\n\n\n") + "\n", to: folder.appendingPathComponent("\(name).dat"))
        let ticks = levels.enumerated().map { "\(Gnuplot.quoted($0.element)) \($0.offset)" }.joined(
            separator: ", ")
        let plots = arms.enumerated().flatMap { k, arm in
            [
                "'\(name).dat' index \(k) using 1:2 with boxes fillstyle solid linecolor '\(Self.color(arm, k))' title \(Gnuplot.quoted(arm))",
                "'\(name).dat' index \(k) using 1:2:3:4 with yerrorbars pointtype 7 pointsize 0.2 linecolor '#202020' notitle",
            ]
        }
        return """
            set boxwidth \(width * 0.92)
            set yrange [0:1.05]
            set xrange [-0.6:\(Double(levels.count) - 0.4)]
            set xtics (\(ticks)) nomirror\(levels.count > 5 ? " rotate by 35 right" : "")
            set ytics nomirror
            set grid ytics linecolor '#e0e0e0'
            set border 3
            set ylabel \(Gnuplot.quoted(title))
            set key outside right top
            plot \(plots.joined(separator: ", \\\n     "))
            """
    }

    private func scatter(
        _ name: String, _ title: String, _ value: KeyPath<RecoveryMeasures, Double>, _ folder: URL
    ) throws -> String {
        let groups = Dictionary(
            grouping: summary.runs.filter { $0.measures?.structuralDistance.isFinite == true }
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
            blocks.joined(separator: "\n\n\n") + "\n", to: folder.appendingPathComponent("\(name).dat"))
        let plots = order.enumerated().map { k, arm in
            "'\(name).dat' index \(k) using 1:2 with points pointtype 7 pointsize 0.35 linecolor '\(Self.color(arm, k))' title \(Gnuplot.quoted(arm))"
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
