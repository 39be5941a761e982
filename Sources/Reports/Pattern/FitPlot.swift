import Foundation
import Publishing

/// Observed and calculated pattern, their difference, and where the reflections are.
package struct FitPlot: Figure {
    package enum Scale: String, Sendable, CaseIterable {
        case linear
        /// Weak reflections are seen beside strong ones, and counting noise has the same height everywhere.
        case squareRoot
        case logarithmic
    }

    /// A phase's name and its reflections.
    package struct Phase: Sendable {
        package var name: String
        /// Degrees 2θ.
        package var positions: [Double]
        /// `1 1 0`, as many as positions, or none.
        package var labels: [String]

        package init(name: String, positions: [Double], labels: [String] = []) {
            self.name = name
            self.positions = positions
            self.labels = labels
        }
    }

    package var title: String
    /// Degrees 2θ, ascending.
    package var twoTheta: [Double]
    /// As many as 2θ each.
    package var observed: [Double]
    package var calculated: [Double]
    /// Drawn where given, as many as 2θ.
    package var background: [Double]?
    package var phases: [Phase]
    package var scale: Scale
    /// What stands beside the intensity axis.
    package var intensityUnit: String
    /// Ranges of 2θ that were not fitted: greyed.
    package var excluded: [ClosedRange<Double>]
    /// Standard uncertainties of the observed, 0 for points without weight; nil where they are none of counting.
    package var sigma: [Double]?

    package init(
        title: String, twoTheta: [Double], observed: [Double], calculated: [Double],
        background: [Double]? = nil, phases: [Phase] = [], scale: Scale = .linear,
        intensityUnit: String = "counts", excluded: [ClosedRange<Double>] = []
    ) {
        precondition(
            observed.count == twoTheta.count && calculated.count == twoTheta.count
                && (background?.count ?? twoTheta.count) == twoTheta.count, "columns of unequal length")
        self.title = title
        self.twoTheta = twoTheta
        self.observed = observed
        self.calculated = calculated
        self.background = background
        self.phases = phases
        self.scale = scale
        self.intensityUnit = intensityUnit
        self.excluded = excluded
    }

    /// Shares of the picture's width between which the 2θ axis runs, for whoever lays something over it.
    package static let horizontalExtent = 0.095...0.975

    /// Writes NAME.tsv, NAME-reflections.tsv, NAME.gnuplot and, where gnuplot works, NAME.svg and NAME.png in `folder`.
    @discardableResult
    package func write(to folder: URL, name: String) throws -> PlotFiles {
        var files = PlotFiles(folder: folder, name: name)
        func file(_ suffix: String) -> URL { folder.appendingPathComponent(name + suffix) }
        try AtomicFile.write(table(rows: Array(twoTheta.indices)), to: files.data)
        try AtomicFile.write(reflectionTable, to: file("-reflections.tsv"))
        // A vector picture with more points than its pixels can show helps nobody.
        let drawn = drawnRows(limit: 8000)
        let isThinned = drawn.count < twoTheta.count
        if isThinned { try AtomicFile.write(table(rows: drawn), to: file("-drawn.tsv")) }
        try AtomicFile.write(
            script(name: name, data: name + (isThinned ? "-drawn.tsv" : ".tsv")), to: files.script)
        try files.draw(width: 1200, height: 720)
        return files
    }

    /// Writes one file: a picture (.svg, .png) or the columns (.tsv); it appears whole or not at all.
    ///
    /// - Throws: where gnuplot is missing or fails, after the columns have been written beside: NAME.tsv.
    package func write(to file: URL) throws {
        guard file.pathExtension.lowercased() != "tsv" else {
            try AtomicFile.write(table(rows: Array(twoTheta.indices)), to: file)
            return
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "wyckoff-plot-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // A temporary folder that stays is no failure of the plot.
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try write(to: folder, name: "fit")
        if let trouble = files.picture.trouble {
            let columns = file.deletingPathExtension().appendingPathExtension("tsv")
            try AtomicFile.write(table(rows: Array(twoTheta.indices)), to: columns)
            throw PictureError.notDrawn(picture: file.path, columns: columns.path, reason: trouble)
        }
        let picture = file.pathExtension.lowercased() == "png" ? files.png : files.svg
        try AtomicFile.write(try Data(contentsOf: picture), to: file)
    }

    private func table(rows: [Int]) -> String {
        var text =
            "# 2theta/deg\tobserved\tcalculated\tdifference\(background == nil ? "" : "\tbackground")\n"
        for i in rows {
            text +=
                "\(Self.short(twoTheta[i], 5))\t\(Self.short(observed[i], 4))\t\(Self.short(calculated[i], 4))"
            text += "\t\(Self.short(observed[i] - calculated[i], 4))"
            if let background { text += "\t\(Self.short(background[i], 4))" }
            text += "\n"
        }
        return text
    }

    private var reflectionTable: String {
        var text = "# 2theta/deg\tphase\thkl\n"
        for (k, phase) in phases.enumerated() {
            for (i, position) in phase.positions.enumerated() {
                text += "\(Self.short(position, 5))\t\(k)\t\(i < phase.labels.count ? phase.labels[i] : "")\n"
            }
        }
        return text
    }

    /// At most about `limit` rows: of each stretch the first and those of least and greatest intensity.
    private func drawnRows(limit: Int) -> [Int] {
        let count = twoTheta.count
        guard count > limit else { return Array(0..<count) }
        let stretches = limit / 4
        var kept: [Int] = []
        for k in 0..<stretches {
            let range = k * count / stretches..<(k + 1) * count / stretches
            var chosen: Set<Int> = [range.lowerBound]
            for values in [observed, calculated] {
                if let low = range.min(by: { values[$0] < values[$1] }) { chosen.insert(low) }
                if let high = range.max(by: { values[$0] < values[$1] }) { chosen.insert(high) }
            }
            kept += chosen.sorted()
        }
        return kept
    }

    private func script(name: String, data: String) -> String {
        let finite = observed.indices.filter { observed[$0].isFinite && calculated[$0].isFinite }
        let (low, high) = (twoTheta.first ?? 0, twoTheta.last ?? 1)
        let bottom = finite.map { min(observed[$0], calculated[$0]) }.min() ?? 0
        // A pattern without any intensity still needs an axis of positive length.
        let highest = finite.map { max(observed[$0], calculated[$0]) }.max() ?? 0
        let top = highest > max(bottom, 0) ? highest : max(bottom, 0) + 1
        let strip = phases.isEmpty ? 0.0 : min(0.035 * Double(phases.count) + 0.01, 0.2)
        let (extent, differenceTop) = (Self.horizontalExtent, 0.27)
        let patternBottom = differenceTop + 0.012 + strip
        var lines = PlotFiles.header(name: name, width: 1200, height: 720)
        lines += [
            "set datafile separator \"\\t\"", "data = \"\(data)\"",
            "set multiplot", "set lmargin at screen \(extent.lowerBound)",
            "set rmargin at screen \(extent.upperBound)",
            "set xrange [\(low):\(high)]",
            "set border 3 linecolor rgb \"#606060\"",
            "set tics nomirror out scale 0.6 textcolor rgb \"#303030\"",
            "set mxtics 5", "set grid x linetype 1 linecolor rgb \"#ececec\" linewidth 0.5",
        ]
        for (k, range) in excluded.enumerated() {
            lines.append(
                "set object \(k + 1) rectangle from first \(range.lowerBound), graph 0 to first \(range.upperBound), graph 1 fillcolor rgb \"#f0f0f0\" fillstyle solid noborder behind"
            )
        }
        lines += [
            "# observed and calculated", "set tmargin at screen 0.93",
            "set bmargin at screen \(patternBottom)",
            "set title \(Gnuplot.quoted(title)) font \",17\" offset 0,-0.3", "set format x \"\"",
            "set ylabel \(Gnuplot.quoted("Intensity (\(intensityUnit))")) offset 0.5,0 font \",15\"",
            "set key top right noautotitle samplen 2 spacing 1.15 font \",14\"",
        ]
        switch scale {
        case .linear:
            lines.append("set yrange [\(min(0, bottom)):\(top * 1.06)]")
            lines.append(top >= 1e5 ? "set format y \"%.0s%c\"" : "set format y \"%g\"")
        case .squareRoot:
            lines.append("set nonlinear y via (y > 0 ? sqrt(y) : 0) inverse y*y")
            lines.append("set yrange [0:\(top * 1.08)]")
            lines.append("set ytics (\(Self.squareRootTics(top).joined(separator: ", ")))")
        case .logarithmic:
            let floor = finite.map { observed[$0] }.filter { $0 > 0 }.min() ?? top / 1000
            lines += [
                "set logscale y", "set yrange [\(floor * 0.8):\(top * 1.5)]", "set format y \"10^{%T}\"",
            ]
        }
        var curves = [
            "data using 1:2 with points pointtype 7 pointsize 0.3 linecolor rgb \"\(PlotColor.observed)\" title \"observed\""
        ]
        if background != nil {
            curves.append(
                "data using 1:5 with lines linewidth 1.2 dashtype 2 linecolor rgb \"\(PlotColor.background)\" title \"background\""
            )
        }
        curves.append(
            "data using 1:3 with lines linewidth 1.3 linecolor rgb \"\(PlotColor.calculated)\" title \"calculated\""
        )
        lines += [
            "plot \(curves.joined(separator: ", \\\n     "))", "unset title", "unset logscale y",
            "unset nonlinear y", "set ytics auto", "set format y \"%g\"",
        ]
        if !phases.isEmpty {
            lines += [
                "# reflections, a row a phase", "set tmargin at screen \(patternBottom - 0.006)",
                "set bmargin at screen \(differenceTop + 0.006)", "unset ylabel", "unset ytics", "unset grid",
                "set border 0", "unset xtics", "set yrange [\(-Double(phases.count) + 0.5):0.5]",
                "set key off",
            ]
            for (k, phase) in phases.enumerated() {
                // On the left, in the margin where the axes' tick labels stand.
                lines.append(
                    "set label \(k + 1) \(Gnuplot.quoted(phase.name)) at screen \(extent.lowerBound - 0.006), first \(-k) right font \",12\" textcolor rgb \"\(Self.color(k))\""
                )
            }
            let marks = phases.indices.filter { !phases[$0].positions.isEmpty }.map { k in
                "\"\(name)-reflections.tsv\" using ($2 == \(k) ? $1 : NaN):(\(-k) - 0.32):(0):(0.64) with vectors nohead linewidth 1 linecolor rgb \"\(Self.color(k))\""
            }
            if !marks.isEmpty { lines.append("plot \(marks.joined(separator: ", \\\n     "))") }
            lines += phases.indices.map { "unset label \($0 + 1)" }
        }
        let differences = finite.map { abs(observed[$0] - calculated[$0]) }.max() ?? 1
        let reach = max(differences * 1.08, 1e-12)
        lines += [
            "# difference", "set tmargin at screen \(differenceTop)", "set bmargin at screen 0.1",
            "set border 3 linecolor rgb \"#606060\"",
            "set xtics auto nomirror out scale 0.6 textcolor rgb \"#303030\"", "set mxtics 5",
            "set format x \"%g\"",
            "set grid x linetype 1 linecolor rgb \"#ececec\" linewidth 0.5",
            "set xlabel \"2θ (°)\" font \",15\" offset 0,0.2",
            "set ylabel \"obs. − calc.\" offset 0.5,0 font \",14\"", "set yrange [\(-reach):\(reach)]",
            "set ytics autofreq \(Self.step(reach)) nomirror out scale 0.6 textcolor rgb \"#303030\"",
            reach >= 1e5 ? "set format y \"%.0s%c\"" : "set format y \"%g\"", "set key off",
            "plot 0 with lines linewidth 0.8 linecolor rgb \"#a0a0a0\", data using 1:4 with lines linewidth 1 linecolor rgb \"\(PlotColor.difference)\"",
            "unset multiplot",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    static func color(_ phase: Int) -> String { PlotColor.phases[phase % PlotColor.phases.count] }

    /// A round step that puts three marks on −reach…reach.
    private static func step(_ reach: Double) -> Double {
        let decade = pow(10, log10(reach).rounded(.down))
        return [5, 2, 1].map { $0 * decade }.first { $0 <= reach * 0.9 } ?? decade / 2
    }

    private static func squareRootTics(_ top: Double) -> [String] {
        let round = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 10]
        var tics: [String] = []
        for share in [0.0625, 0.25, 0.5625, 1] {
            let decade = pow(10, log10(share * top).rounded(.down))
            let nearest = round.min { abs($0 * decade - share * top) < abs($1 * decade - share * top) } ?? 1
            let text = FitPlot.short(nearest * decade, 6)
            if tics.last != text { tics.append(text) }
        }
        return tics
    }

    /// Decimal text of at most `digits` places without trailing zeros.
    static func short(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return "NaN" }
        let power = pow(10, Double(digits))
        let scaled = (value * power).rounded()
        guard abs(scaled) < 9e15 else { return String(value) }
        var text = String(format: "%.\(digits)f", scaled / power)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text == "-0" ? "0" : text
    }
}
