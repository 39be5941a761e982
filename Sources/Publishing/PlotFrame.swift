/// Shares of a picture's width and height between which its axes run, for what is laid over it.
public struct PlotFrame: Sendable, Hashable {
    public var left: Double
    public var right: Double
    /// From below, as gnuplot counts.
    public var top: Double
    public var bottom: Double

    public init(left: Double, right: Double, top: Double, bottom: Double) {
        (self.left, self.right, self.top, self.bottom) = (left, right, top, bottom)
    }

    /// For gnuplot.
    public var margins: [String] {
        [
            "set lmargin at screen \(left)", "set rmargin at screen \(right)",
            "set tmargin at screen \(top)", "set bmargin at screen \(bottom)",
        ]
    }

    /// Members of a JSON object, for the page's script.
    public var members: String {
        "\"left\":\(left),\"right\":\(right),\"top\":\(top),\"bottom\":\(bottom)"
    }
}
