import Evaluations
import Foundation
import Publishing

/// The histograms of a set beside those of its reference, drawn by the page, and by gnuplot for pictures; data and scripts stay beside them.
struct ValidationPlots {
    let statistics: SetStatistics

    struct Plot {
        var picture: Picture
        var caption: String
        /// As the page draws it, one for each panel.
        var elements: [PlotElement]
    }

    private static let frame = PlotFrame(left: 0.09, right: 0.97, top: 0.95, bottom: 0.2)
    /// Groups whose numbers stand at the axis: the first of each crystal system, and frequent ones.
    private static let namedGroups = [1, 15, 62, 123, 142, 166, 194, 225]

    func write(to folder: URL) throws -> [Plot] {
        let (own, reference) = (statistics.own, statistics.reference)
        var plots = [
            try groups(to: folder)
        ]
        for (name, title, values, others) in [
            ("density", "Density (g/cm³)", own.density, reference.density),
            (
                "degrees-of-freedom", "Free lattice parameters and coordinates", own.degreesOfFreedom,
                reference.degreesOfFreedom
            ),
            ("elements", "Elements of a record", own.elementCount, reference.elementCount),
            ("atoms", "Atoms of the cell", own.atomCount, reference.atomCount),
            (
                "energy-above-hull", "Energy above the hull (eV/atom)", statistics.aboveHull,
                SetStatistics.Distribution()
            ),
        ] where !values.values.isEmpty {
            plots.append(try numbers(name, title, values.values, others.values, to: folder))
        }
        return plots
    }

    /// Shares of the 230 groups: claimed, found, reference.
    private func groups(to folder: URL) throws -> Plot {
        let (own, reference) = (statistics.own, statistics.reference)
        let series = [
            ("claimed", own.claimedGroups, PlotColor.difference), ("found", own.groups, PlotColor.calculated),
            ("reference", reference.groups, PlotColor.observed),
        ].filter { $0.1.total > 0 }
        let lines = (1...230).map { number in
            ([String(number)]
                + series.map { String(Double($0.1.counts[number] ?? 0) / Double($0.1.total)) })
                .joined(separator: "\t")
        }
        try AtomicFile.write(
            lines.joined(separator: "\n") + "\n", to: folder.appendingPathComponent("space-groups.tsv"))
        let panels = series.enumerated().map { k, entry in
            """
            set title \(Gnuplot.quoted(entry.0)) offset 0,-0.8
            plot 'space-groups.tsv' using 1:\(k + 2) with impulses linewidth 2 linecolor '\(entry.2)' notitle
            """
        }
        let elements = series.map { name, groups, color in
            let shares = groups.counts.mapValues { Double($0) / Double(groups.total) }
            var plot = PlotDrawing(
                width: 1000, height: 300, frame: Self.frame, x: PlotScale(0, 231),
                y: PlotScale(0, 1.05 * (shares.values.max() ?? 1)))
            for (number, share) in shares.sorted(by: { $0.key < $1.key }) where share > 0 {
                plot.line([(Double(number), 0), (Double(number), share)], color: color)
            }
            plot.name(places: Self.namedGroups.map { (Double($0), "\($0)") })
            return plot.element(
                name: "Space groups, \(name)", xTitle: "space-group number, \(name)", yTitle: "share")
        }
        let picture = try draw(
            """
            set xrange [0:231]
            set yrange [0:*]
            set xtics (\(Self.namedGroups.map(String.init).joined(separator: ", "))) nomirror
            set ytics nomirror
            set border 3
            set xlabel 'Space-group number' offset 0,0.5
            set ylabel 'Share'
            set multiplot layout \(max(1, series.count)),1
            \(panels.joined(separator: "\n"))
            unset multiplot
            """, "space-groups", folder, height: 60 + 220 * max(1, series.count))
        return Plot(
            picture: picture, caption: "Space groups by their numbers: shares of the records.",
            elements: elements)
    }

    /// Bins of a histogram.
    private static let bins = 40

    private func numbers(
        _ name: String, _ title: String, _ own: [Double], _ others: [Double], to folder: URL
    ) throws -> Plot {
        let all = (own + others).sorted()
        // One value far away must not press all others into one bin.
        let low = all[Int(0.002 * Double(all.count - 1))]
        let high = all[Int((0.998 * Double(all.count - 1)).rounded(.up))]
        let isWhole = all.allSatisfy { $0 == $0.rounded() }
        let span = max(high - low, isWhole ? 1 : 1e-6)
        let width = isWhole ? max(1, (span / Double(Self.bins)).rounded(.up)) : span / Double(Self.bins)
        func shares(_ values: [Double]) -> [Double] {
            var counts = [Double](repeating: 0, count: Int(span / width) + 1)
            for value in values where value >= low && value <= high {
                counts[min(counts.count - 1, Int((value - low) / width))] += 1
            }
            return counts.map { values.isEmpty ? 0 : $0 / Double(values.count) }
        }
        let (mine, theirs) = (shares(own), shares(others))
        let middles = mine.indices.map { low + (Double($0) + (isWhole ? 0 : 0.5)) * width }
        let lines = mine.indices.map { "\(middles[$0])\t\(mine[$0])\t\(theirs[$0])" }
        try AtomicFile.write(
            lines.joined(separator: "\n") + "\n", to: folder.appendingPathComponent("\(name).tsv"))
        var curves = [
            "'\(name).tsv' using 1:2 with boxes fillstyle solid 0.6 linecolor '\(PlotColor.calculated)' title 'set'"
        ]
        if !others.isEmpty {
            curves.append(
                "'\(name).tsv' using 1:3 with histeps linewidth 2 linecolor '\(PlotColor.observed)' title 'reference'"
            )
        }
        let picture = try draw(
            """
            set boxwidth \(width)
            set yrange [0:*]
            set xtics nomirror
            set ytics nomirror
            set border 3
            set xlabel \(Gnuplot.quoted(title))
            set ylabel 'Share'
            set key outside right top
            plot \(curves.joined(separator: ", \\\n     "))
            """, name, folder, height: 360)
        return Plot(
            picture: picture, caption: "\(title): shares of the records.",
            elements: [drawn(title, middles, width, mine, others.isEmpty ? nil : theirs)])
    }

    /// Bars of the set, steps of the reference.
    private func drawn(
        _ title: String, _ middles: [Double], _ width: Double, _ mine: [Double], _ theirs: [Double]?
    ) -> PlotElement {
        let edges = (middles.first ?? 0) - width / 2...(middles.last ?? 1) + width / 2
        var plot = PlotDrawing(
            width: 1000, height: 360, frame: Self.frame, x: PlotScale(edges.lowerBound, edges.upperBound),
            y: PlotScale(0, 1.05 * ((mine + (theirs ?? [])).max() ?? 1)))
        for (middle, share) in zip(middles, mine) where share > 0 {
            plot.box(
                middle - 0.46 * width...middle + 0.46 * width, 0...share, color: PlotColor.calculated,
                opacity: 0.6)
        }
        plot.key("set", color: PlotColor.calculated, .square)
        if let theirs {
            let steps = zip(middles, theirs).flatMap { [($0 - width / 2, $1), ($0 + width / 2, $1)] }
            plot.line(steps.map { (x: $0.0, y: $0.1) }, color: PlotColor.observed)
            plot.key("reference", color: PlotColor.observed, .line)
        }
        return plot.element(name: title, xTitle: title, yTitle: "share")
    }

    private func draw(_ script: String, _ name: String, _ folder: URL, height: Int) throws -> Picture {
        let file = folder.appendingPathComponent("\(name).gnuplot")
        let picture = folder.appendingPathComponent("\(name).svg")
        try AtomicFile.write(script, to: file)
        return try Picture.drawn {
            try Gnuplot.draw(
                script: file, terminal: "svg size 900,\(height) font 'Helvetica,13'", to: picture)
            return try String(contentsOf: picture, encoding: .utf8)
        }
    }
}
