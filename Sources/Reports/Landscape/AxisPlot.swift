import Foundation
import Landscape
import Publishing

/// An objective along an axis as a curve: the truth, the minima, the basin of the truth. Or several curves over one
/// axis, as of one objective with ever sharper peaks.
package struct AxisPlot: Figure {
    package struct Curve: Sendable {
        package var name: String
        package var x: [Double]
        package var y: [Double]

        package init(name: String, x: [Double], y: [Double]) {
            (self.name, self.x, self.y) = (name, x, y)
        }
    }

    package var title: String
    /// The parameter's own name and unit: `a (Å)`.
    package var axisTitle: String
    package var valueName: String
    package var curves: [Curve]
    package var truth: Double?
    /// Position and value.
    package var minima: [SIMD2<Double>]
    package var basin: ClosedRange<Double>?
    /// Whether the curves are steps of one quantity (shades of one scale) and not things of different kinds.
    package var isOrdered: Bool

    package init(
        title: String, axisTitle: String, valueName: String, curves: [Curve], truth: Double? = nil,
        minima: [SIMD2<Double>] = [], basin: ClosedRange<Double>? = nil, isOrdered: Bool = true
    ) {
        self.isOrdered = isOrdered
        (self.title, self.axisTitle, self.valueName) = (title, axisTitle, valueName)
        (self.curves, self.truth, self.minima, self.basin) = (curves, truth, minima, basin)
    }

    package init(_ scan: AxisScan, title: String) {
        let parameter = scan.axis.parameter
        self.init(
            title: title,
            axisTitle: parameter.unit.isEmpty ? parameter.name : "\(parameter.name) (\(parameter.unit))",
            valueName: scan.objective,
            curves: [
                Curve(name: scan.objective, x: scan.samples.map(\.position), y: scan.samples.map(\.value))
            ],
            truth: parameter.value, minima: scan.minima.map { SIMD2($0.position, $0.value) },
            basin: scan.basin)
    }

    /// One axis under several conditions; minima and basins are left to a table.
    package init(_ scans: [AxisScan], names: [String], title: String) {
        let parameter = scans.first?.axis.parameter
        let unit = parameter?.unit ?? ""
        let name = parameter?.name ?? ""
        self.init(
            title: title, axisTitle: unit.isEmpty ? name : "\(name) (\(unit))",
            valueName: scans.first?.objective ?? "",
            curves: zip(scans, names).map {
                Curve(name: $1, x: $0.samples.map(\.position), y: $0.samples.map(\.value))
            }, truth: parameter?.value)
    }

    static let frame = PlotFrame(left: 0.115, right: 0.97, top: 0.9, bottom: 0.225)

    /// Writes NAME.tsv, NAME.gnuplot and, where gnuplot works, NAME.svg and NAME.png in `folder`.
    @discardableResult
    package func write(to folder: URL, name: String) throws -> PlotFiles {
        var files = PlotFiles(folder: folder, name: name)
        try AtomicFile.write(table, to: files.data)
        try AtomicFile.write(script(name), to: files.script)
        try files.draw(width: 1000, height: 540)
        return files
    }

    /// One block for each curve, two blank lines between them: gnuplot's `index`.
    private var table: String {
        curves.map { curve in
            "# \(curve.name)\n"
                + zip(curve.x, curve.y).map { "\($0)\t\($1.isFinite ? String($1) : "NaN")\n" }.joined()
        }.joined(separator: "\n\n")
    }

    var yRange: (low: Double, high: Double) {
        let finite = curves.flatMap(\.y).filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max(), high > low else { return (0, 1) }
        return (low - 0.06 * (high - low), high + 0.06 * (high - low))
    }

    var xRange: (low: Double, high: Double) {
        let all = curves.flatMap(\.x)
        guard let low = all.min(), let high = all.max(), high > low else { return (0, 1) }
        return (low, high)
    }

    private func script(_ name: String) -> String {
        let (frame, x, y) = (Self.frame, xRange, yRange)
        var lines =
            PlotFiles.header(name: name, width: 1000, height: 540) + frame.margins + [
                "set datafile separator \"\\t\"", "data = \"\(name).tsv\"",
                "set title \(Gnuplot.quoted(title)) font \",16\"",
                "set xlabel \(Gnuplot.quoted(axisTitle)) font \",15\"",
                "set ylabel \(Gnuplot.quoted(valueName)) font \",15\"",
                "set xrange [\(x.low):\(x.high)]", "set yrange [\(y.low):\(y.high)]",
                "set border 3 linecolor rgb \"#606060\"", "set tics out nomirror scale 0.6",
                "set grid linetype 1 linecolor rgb \"#ececec\" linewidth 0.5",
                "set key at screen 0.54, 0.045 center center horizontal reverse Left samplen 2 width 1 font \",13\"",
            ]
        if let basin {
            lines.append(
                "set object 1 rectangle from \(basin.lowerBound), graph 0 to \(basin.upperBound), graph 1 behind fillcolor rgb \"#E69F00\" fillstyle solid 0.18 noborder"
            )
        }
        if let truth {
            lines.append(
                "set arrow 1 from \(truth), graph 0 to \(truth), graph 1 nohead linewidth 1.2 dashtype 2 linecolor rgb \"#D55E00\""
            )
        }
        var plots: [String] = []
        if basin != nil {
            plots.append(
                "NaN with boxes fillstyle solid 0.18 noborder linecolor rgb \"#E69F00\" title \"basin of the truth\""
            )
        }
        for (k, curve) in curves.enumerated() {
            let color = color(of: k)
            let title = curves.count == 1 ? "notitle" : "title \(Gnuplot.quoted(curve.name))"
            plots.append(
                "data index \(k) using 1:2 with lines linewidth 1.8 linecolor rgb \"\(color)\" \(title)")
        }
        if !minima.isEmpty {
            lines += ["$minima << EOD"] + minima.map { "\($0.x)\t\($0.y)" } + ["EOD"]
            plots.append(
                "$minima with points pointtype 7 pointsize 0.7 linecolor rgb \"#000000\" title \"minima\"")
        }
        if truth != nil {
            plots.append(
                "NaN with lines linewidth 1.2 dashtype 2 linecolor rgb \"#D55E00\" title \"truth\"")
        }
        lines.append("plot \(plots.joined(separator: ", \\\n     "))")
        return lines.joined(separator: "\n") + "\n"
    }

    func color(of curve: Int) -> String {
        curves.count == 1
            ? PlotColor.difference
            : isOrdered ? Self.shade(curve, of: curves.count) : PlotColor.paths[curve % PlotColor.paths.count]
    }

    /// A sequence of even steps in lightness for every kind of colour vision (stops of viridis, the last one darkened
    /// for white paper).
    private static func shade(_ k: Int, of count: Int) -> String {
        let stops = ["#440154", "#46327E", "#365C8D", "#277F8E", "#1FA187", "#4AC16D", "#9FDA3A", "#D8C01E"]
        return stops[k * (stops.count - 1) / max(1, count - 1)]
    }
}
