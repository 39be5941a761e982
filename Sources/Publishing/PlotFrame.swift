/// Shares of a picture's width and height between which its axes run, for what is laid over it.
package struct PlotFrame: Sendable, Hashable {
    package var left: Double
    package var right: Double
    /// From below, as gnuplot counts.
    package var top: Double
    package var bottom: Double

    package init(left: Double, right: Double, top: Double, bottom: Double) {
        (self.left, self.right, self.top, self.bottom) = (left, right, top, bottom)
    }

    /// For gnuplot.
    package var margins: [String] {
        [
            "set lmargin at screen \(left)", "set rmargin at screen \(right)",
            "set tmargin at screen \(top)", "set bmargin at screen \(bottom)",
        ]
    }

    /// Members of a JSON object, for the page's script.
    package var members: String {
        "\"left\":\(left),\"right\":\(right),\"top\":\(top),\"bottom\":\(bottom)"
    }
}
