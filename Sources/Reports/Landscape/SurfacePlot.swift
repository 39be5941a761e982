import Foundation
import Publishing

/// A function of two parameters as a map: colour and contours, the truth, the minima, and the paths that were taken.
package struct SurfacePlot: Figure {
    /// A parameter and where it was sampled.
    package struct Axis: Sendable {
        /// The parameter's own name: `a`, `O1.x`.
        package var name: String
        /// `Å`, `°` or empty.
        package var unit: String
        /// Ascending.
        package var values: [Double]

        package init(name: String, unit: String, values: [Double]) {
            self.name = name
            self.unit = unit
            self.values = values
        }

        var title: String { unit.isEmpty ? name : "\(name) (\(unit))" }
    }

    /// A point of the plane.
    package struct Point: Sendable, Hashable {
        package var x: Double
        package var y: Double

        package init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// What an optimiser did, from its start to its end.
    package struct Path: Sendable {
        package var name: String
        package var points: [Point]
        /// Drawn dashed: the points between start and end were not visited.
        package var isJump: Bool

        package init(name: String, points: [Point], isJump: Bool = false) {
            self.name = name
            self.points = points
            self.isJump = isJump
        }
    }

    package var title: String
    package var x: Axis
    package var y: Axis
    /// One row for each y, one value for each x; not finite where there is none.
    package var values: [[Double]]
    /// What the colour means: `1 − cosine`.
    package var valueName: String
    package var truth: Point?
    package var minima: [Point]
    package var paths: [Path]
    /// Values above this have the last colour of the scale; nil where none has to be cut off.
    package var highestColor: Double?

    package init(
        title: String, x: Axis, y: Axis, values: [[Double]], valueName: String, truth: Point? = nil,
        minima: [Point] = [], paths: [Path] = [], highestColor: Double? = nil
    ) {
        self.highestColor = highestColor
        precondition(
            values.count == y.values.count && values.allSatisfy { $0.count == x.values.count },
            "one row for each y, one value for each x")
        (self.title, self.x, self.y, self.values) = (title, x, y, values)
        (self.valueName, self.truth, self.minima, self.paths) = (valueName, truth, minima, paths)
    }

    /// Shares of the picture between which the axes run, for whoever lays something over it.
    static let frame = PlotFrame(left: 0.115, right: 0.835, top: 0.93, bottom: 0.155)

    /// Writes NAME.tsv, NAME.gnuplot and, where gnuplot works, NAME.svg and NAME.png in `folder`.
    @discardableResult
    package func write(to folder: URL, name: String) throws -> PlotFiles {
        var files = PlotFiles(folder: folder, name: name)
        try AtomicFile.write(table, to: files.data)
        try AtomicFile.write(script(name), to: files.script)
        try files.draw(width: 1000, height: 800)
        return files
    }

    /// Rows `x y value`, a blank line after each y, as gnuplot wants a grid.
    private var table: String {
        var text = "# \(x.title)\t\(y.title)\t\(valueName)\n"
        for (row, height) in zip(values, y.values) {
            for (value, width) in zip(row, x.values) {
                text += "\(width)\t\(height)\t\(value.isFinite ? String(value) : "NaN")\n"
            }
            text += "\n"
        }
        return text
    }

    private func script(_ name: String) -> String {
        let frame = Self.frame
        let (dx, dy) = (halfStep(x.values), halfStep(y.values))
        var lines =
            PlotFiles.header(name: name, width: 1000, height: 800) + frame.margins + [
                "set datafile separator whitespace", "data = \"\(name).tsv\"",
                "set title \(Gnuplot.quoted(title)) font \",17\"",
                "set xlabel \(Gnuplot.quoted(x.title)) font \",15\"",
                "set ylabel \(Gnuplot.quoted(y.title)) font \",15\" offset 1,0",
                "set cblabel \(Gnuplot.quoted(colorTitle)) font \",14\" offset 1.2,0",
                "set xrange [\((x.values.first ?? 0) - dx):\((x.values.last ?? 1) + dx)]",
                "set yrange [\((y.values.first ?? 0) - dy):\((y.values.last ?? 1) + dy)]",
                "set tics out nomirror scale 0.6", "set border linecolor rgb \"#606060\"",
                "set palette defined (\(PlotColor.cividis))",
                "set key at screen 0.475, 0.035 center center horizontal reverse Left samplen 2 width 1 font \",13\"",
            ]
        let (low, high) = range
        lines.append("set cbrange [\(low):\(high)]")
        var plots = ["data using 1:2:3 with image notitle"]
        if !minima.isEmpty {
            lines += ["$minima << EOD"] + minima.map { "\($0.x) \($0.y)" } + ["EOD"]
            plots += [
                "$minima with points pointtype 7 pointsize 0.9 linecolor rgb \"#000000\" notitle",
                "$minima with points pointtype 7 pointsize 0.6 linecolor rgb \"#ffffff\" notitle",
                "NaN with points pointtype 6 pointsize 0.75 linewidth 1.4 linecolor rgb \"#000000\" title \"minima of the grid\"",
            ]
        }
        for (k, path) in paths.enumerated() where !path.points.isEmpty {
            lines += ["$path\(k) << EOD"] + path.points.map { "\($0.x) \($0.y)" } + ["EOD"]
            let color = PlotColor.paths[k % PlotColor.paths.count]
            let dash = path.isJump ? " dashtype 2" : ""
            plots += [
                "$path\(k) with lines linewidth 4 linecolor rgb \"#ffffff\"\(dash) notitle",
                "$path\(k) with lines linewidth 2 linecolor rgb \"\(color)\"\(dash) title \(Gnuplot.quoted(path.name))",
                "$path\(k) every ::0::0 with points pointtype 5 pointsize 0.9 linecolor rgb \"\(color)\" notitle",
                "$path\(k) every ::\(path.points.count - 1) with points pointtype 7 pointsize 0.9 linecolor rgb \"\(color)\" notitle",
            ]
        }
        if let truth {
            lines += ["$truth << EOD", "\(truth.x) \(truth.y)", "EOD"]
            plots += [
                "$truth with points pointtype 7 pointsize 1.7 linecolor rgb \"#ffffff\" notitle",
                "$truth with points pointtype 7 pointsize 1.2 linecolor rgb \"#D55E00\" title \"truth\"",
            ]
        }
        lines.append("plot \(plots.joined(separator: ", \\\n     "))")
        return lines.joined(separator: "\n") + "\n"
    }

    /// Least and greatest value drawn; a constant map still needs a scale of positive length.
    var range: (low: Double, high: Double) {
        let finite = values.joined().filter(\.isFinite)
        guard let low = finite.min(), let most = finite.max() else { return (0, 1) }
        let high = min(most, highestColor ?? most)
        return high > low ? (low, high) : (low - 0.5, low + 0.5)
    }

    /// What the colour means, and from where on it means no more than "above".
    var colorTitle: String {
        let finite = values.joined().filter(\.isFinite)
        guard let highestColor, let most = finite.max(), most > highestColor else { return valueName }
        return valueName + String(format: "; yellow: %.3g to %.3g", highestColor, most)
    }

    func halfStep(_ values: [Double]) -> Double {
        guard let first = values.first, let last = values.last, values.count > 1 else { return 0.5 }
        return (last - first) / Double(values.count - 1) / 2
    }
}
