import Foundation
import Patterns
import Publishing

/// A calculated pattern with the reflections of its phases below.
package struct PatternPlot: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        case svg
        case png
    }

    package var title: String
    /// Degrees 2θ.
    package var twoTheta: [Double]
    package var intensity: [Double]
    package var phases: [FitPlot.Phase]

    package init(title: String, twoTheta: [Double], intensity: [Double], phases: [FitPlot.Phase]) {
        self.title = title
        self.twoTheta = twoTheta
        self.intensity = intensity
        self.phases = phases
    }

    package init(_ crystals: [PatternCrystal], _ result: PatternSimulation.Result) {
        let names = crystals.map { crystal in
            let title = crystal.structure.title
            return title.isEmpty ? URL(fileURLWithPath: crystal.file).lastPathComponent : title
        }
        self.init(
            title: names.joined(separator: " + ")
                + String(format: ", λ %.5g Å", result.model.instrument.radiation.wavelength),
            twoTheta: result.twoTheta, intensity: result.calculated,
            phases: crystals.indices.map { k in
                FitPlot.Phase(
                    name: crystals.count > 1 ? names[k] : "",
                    positions: result.reflections.filter { $0.phase == k }.map(\.twoTheta))
            })
    }

    /// Draws by gnuplot; the file appears whole or not at all.
    ///
    /// - Throws: where gnuplot is missing or fails, after the profile has been written beside: NAME.tsv.
    package func write(to url: URL, format: Format) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "wyckoff-plot-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // A temporary folder that stays is no failure of the plot.
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = folder.appendingPathComponent("pattern.gnuplot")
        try AtomicFile.write(profileTable, to: folder.appendingPathComponent("profile.tsv"))
        try AtomicFile.write(reflectionTable, to: folder.appendingPathComponent("reflections.tsv"))
        try AtomicFile.write(self.script, to: script)
        let terminal =
            switch format {
            case .svg:
                "svg size 1200,600 dynamic enhanced font \"Helvetica,15\" background \"#ffffff\""
            case .png:
                "pngcairo size 2400,1200 enhanced font \"Sans,14\" fontscale 2 linewidth 2 background \"#ffffff\""
            }
        let file = folder.appendingPathComponent("pattern.\(format.rawValue)")
        let picture = try Picture.drawn {
            try Gnuplot.draw(script: script, terminal: terminal, to: file)
            return ""
        }
        if let trouble = picture.trouble {
            let columns = url.deletingPathExtension().appendingPathExtension("tsv")
            try AtomicFile.write(profileTable, to: columns)
            throw PictureError.notDrawn(picture: url.path, columns: columns.path, reason: trouble)
        }
        try AtomicFile.write(try Data(contentsOf: file), to: url)
    }

    private var profileTable: String {
        var text = ""
        for i in twoTheta.indices { text += "\(twoTheta[i])\t\(intensity[i])\n" }
        return text
    }

    private var reflectionTable: String {
        var text = ""
        for (k, phase) in phases.enumerated() {
            for position in phase.positions { text += "\(position)\t\(k)\n" }
        }
        return text
    }

    private var script: String {
        let top = max(intensity.max() ?? 1, 1e-300)
        let strip = 0.06 + 0.035 * Double(phases.count)
        var lines = [
            "set encoding utf8", "set datafile separator \"\\t\"", "set multiplot",
            "set lmargin at screen 0.085", "set rmargin at screen 0.98",
            "set xrange [\(twoTheta.first ?? 0):\(twoTheta.last ?? 1)]",
            "set border 3 linecolor rgb \"#606060\"",
            "set tics nomirror out scale 0.6 textcolor rgb \"#303030\"", "set mxtics 5",
            "set tmargin at screen 0.93", "set bmargin at screen \(0.1 + strip)",
            "set grid x linetype 1 linecolor rgb \"#ececec\" linewidth 0.5",
            "set title \(Gnuplot.quoted(title)) font \",17\" offset 0,-0.3", "set format x \"\"",
            "set ylabel \"Intensity\" offset 0.5,0 font \",15\"",
            "set yrange [\(min(0, intensity.min() ?? 0)):\(top * 1.06)]",
            top >= 1e5 ? "set format y \"%.0s%c\"" : "set format y \"%g\"", "set key off",
            "plot \"profile.tsv\" using 1:2 with lines linewidth 1.3 linecolor rgb \"\(PlotColor.calculated)\"",
            "unset title", "unset ylabel", "unset ytics", "unset grid",
            "set border 1 linecolor rgb \"#606060\"",
            "set tmargin at screen \(0.09 + strip)", "set bmargin at screen 0.12", "set format x \"%g\"",
            "set xlabel \"2θ (°)\" font \",15\" offset 0,0.2",
            "set yrange [\(-Double(phases.count) + 0.5):0.5]",
        ]
        var marks: [String] = []
        for (k, phase) in phases.enumerated() {
            let color = PlotColor.phases[(k + 4) % PlotColor.phases.count]
            lines.append(
                "set label \(k + 1) \(Gnuplot.quoted(phase.name)) at screen 0.079, first \(-k) right font \",12\" textcolor rgb \"\(color)\""
            )
            guard !phase.positions.isEmpty else { continue }
            marks.append(
                "\"reflections.tsv\" using ($2 == \(k) ? $1 : NaN):(\(-k) - 0.32):(0):(0.64) with vectors nohead linewidth 1 linecolor rgb \"\(color)\""
            )
        }
        lines.append(marks.isEmpty ? "plot NaN" : "plot \(marks.joined(separator: ", \\\n     "))")
        lines.append("unset multiplot")
        return lines.joined(separator: "\n") + "\n"
    }
}
