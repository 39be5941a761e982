import Foundation

/// A plot over linear axes that a page draws itself, as one SVG element: it needs no other program, and its letters grow
/// where the page is narrow.
package struct PlotDrawing: Sendable {
    /// A mark in the legend.
    package enum Key: Sendable, Hashable {
        case line, dashes, dot, square, area
    }

    /// Pixels of the view box.
    private let width: Double
    private let height: Double
    private let frame: PlotFrame
    private let x: PlotScale
    private let y: PlotScale
    private var body = ""
    private var keys: [(name: String, color: String, key: Key)] = []
    /// What stands at places along x instead of numbers.
    private var places: [(at: Double, name: String)]?

    /// - Parameters:
    ///   - frame: the shares of width and height between which the axes run.
    ///   - x: first and last value; logarithmic where it says so.
    package init(width: Double, height: Double, frame: PlotFrame, x: PlotScale, y: PlotScale) {
        (self.width, self.height, self.frame, self.x, self.y) = (width, height, frame, x, y)
    }

    // MARK: What is drawn

    /// Through all points; what is not finite is a gap.
    package mutating func line(
        _ points: [(x: Double, y: Double)], color: String, width: Double = 2, dashed: Bool = false
    ) {
        var path = ""
        var isOpen = false
        for point in points {
            guard point.x.isFinite, point.y.isFinite else {
                isOpen = false
                continue
            }
            path += (isOpen ? "L" : "M") + Self.pair(place(point.x, point.y))
            isOpen = true
        }
        let dashes = dashed ? " stroke-dasharray=\"7 5\"" : ""
        body += "<path d=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"\(width)\"\(dashes)/>"
    }

    package mutating func dots(
        _ points: [(x: Double, y: Double)], color: String, radius: Double = 4, isSquare: Bool = false,
        rim: String = "#ffffff"
    ) {
        for point in points where point.x.isFinite && point.y.isFinite {
            let (px, py) = place(point.x, point.y)
            let style = "fill=\"\(color)\" stroke=\"\(rim)\""
            body +=
                isSquare
                ? "<rect x=\"\(Self.text(px - radius))\" y=\"\(Self.text(py - radius))\" width=\"\(Self.text(2 * radius))\" height=\"\(Self.text(2 * radius))\" \(style)/>"
                : "<circle cx=\"\(Self.text(px))\" cy=\"\(Self.text(py))\" r=\"\(Self.text(radius))\" \(style)/>"
        }
    }

    /// From the bottom to the top between two places along x.
    package mutating func band(_ range: ClosedRange<Double>, color: String, opacity: Double) {
        box(range, y.low...y.high, color: color, opacity: opacity)
    }

    package mutating func box(
        _ across: ClosedRange<Double>, _ up: ClosedRange<Double>, color: String, opacity: Double = 1
    ) {
        let (left, bottom) = place(across.lowerBound, up.lowerBound)
        let (right, top) = place(across.upperBound, up.upperBound)
        body +=
            "<rect x=\"\(Self.text(left))\" y=\"\(Self.text(top))\" width=\"\(Self.text(right - left))\" height=\"\(Self.text(bottom - top))\" fill=\"\(color)\" fill-opacity=\"\(opacity)\"/>"
    }

    /// A line over the whole height.
    package mutating func upright(_ at: Double, color: String, dashed: Bool = true) {
        line([(at, y.low), (at, y.high)], color: color, width: 1.5, dashed: dashed)
    }

    /// Values as colours: a row for each y, a value for each x; what is not finite stays white.
    ///
    /// - Parameter range: of the colours; what lies above has the last one.
    package mutating func cells(
        x xs: [Double], y ys: [Double], values: [[Double]], range: (low: Double, high: Double)
    ) {
        let (dx, dy) = (Self.step(xs), Self.step(ys))
        var paths: [Int: String] = [:]
        for (row, up) in zip(values, ys) {
            let (top, bottom) = (place(x.low, up + dy / 2).1, place(x.low, up - dy / 2).1)
            var first = 0
            while first < row.count {
                let shade = Self.shade(row[first], range)
                var last = first
                while last + 1 < row.count, Self.shade(row[last + 1], range) == shade { last += 1 }
                if let shade {
                    let left = place(xs[first] - dx / 2, up).0
                    let right = place(xs[last] + dx / 2, up).0
                    paths[shade, default: ""] +=
                        "M\(Self.text(left)) \(Self.text(top))H\(Self.text(right))V\(Self.text(bottom))H\(Self.text(left))z"
                }
                first = last + 1
            }
        }
        for shade in paths.keys.sorted() {
            body +=
                "<path d=\"\(paths[shade] ?? "")\" fill=\"\(PlotColor.cividis(Double(shade) / Double(Self.shades - 1)))\" shape-rendering=\"crispEdges\"/>"
        }
    }

    /// The scale of `cells` at the right of the frame.
    package mutating func colorScale(_ range: (low: Double, high: Double), title: String) {
        let left = (frame.right + 0.02) * width
        let (top, bottom) = ((1 - frame.top) * height, (1 - frame.bottom) * height)
        for k in 0..<Self.shades {
            let share = Double(k) / Double(Self.shades)
            let up = bottom - (bottom - top) * (share + 1 / Double(Self.shades))
            body +=
                "<rect x=\"\(Self.text(left))\" y=\"\(Self.text(up))\" width=\"18\" height=\"\(Self.text((bottom - top) / Double(Self.shades) + 0.5))\" fill=\"\(PlotColor.cividis(Double(k) / Double(Self.shades - 1)))\"/>"
        }
        for tick in PlotScale(range.low, range.high).ticks {
            let up = bottom - (bottom - top) * (tick - range.low) / max(range.high - range.low, 1e-300)
            body += Self.label(left + 23, up + 5, PlotScale.text(tick), anchor: "start")
        }
        let middle = (top + bottom) / 2
        let across = width - 8
        body +=
            "<text x=\"\(Self.text(across))\" y=\"\(Self.text(middle))\" text-anchor=\"middle\" transform=\"rotate(-90 \(Self.text(across)) \(Self.text(middle)))\">\(HTMLPage.escaped(title))</text>"
    }

    package mutating func key(_ name: String, color: String, _ key: Key) { keys.append((name, color, key)) }

    /// Names at places along x in the stead of numbers.
    package mutating func name(places: [(at: Double, name: String)]) { self.places = places }

    // MARK: The element

    /// - Parameter name: what a screen reader says.
    package func element(name: String, xTitle: String, yTitle: String) -> PlotElement {
        let (left, right) = (frame.left * width, frame.right * width)
        let (top, bottom) = ((1 - frame.top) * height, (1 - frame.bottom) * height)
        var axes = ""
        for tick in y.ticks {
            let up = place(x.low, tick).1
            axes +=
                "<path d=\"M\(Self.text(left)) \(Self.text(up))H\(Self.text(right))\" stroke=\"#ececec\"/>"
                + Self.label(left - 7, up + 5, PlotScale.text(tick), anchor: "end")
        }
        for (at, text) in places ?? x.ticks.map({ ($0, PlotScale.text($0)) }) {
            let across = place(at, y.low).0
            axes +=
                "<path d=\"M\(Self.text(across)) \(Self.text(bottom))v6\" stroke=\"#606060\"/>"
                + Self.label(across, bottom + 22, text, anchor: "middle")
        }
        let middle = (top + bottom) / 2
        let svg = """
            <svg class="own" viewBox="0 0 \(Self.text(width)) \(Self.text(height))" role="img" aria-label="\(HTMLPage.escaped(name))">\
            <rect width="\(Self.text(width))" height="\(Self.text(height))" fill="#ffffff"/>\(axes)\(body)\
            <path d="M\(Self.text(left)) \(Self.text(top))V\(Self.text(bottom))H\(Self.text(right))" fill="none" stroke="#606060"/>\
            \(Self.label((left + right) / 2, bottom + 46, xTitle, anchor: "middle"))\
            <text x="18" y="\(Self.text(middle))" text-anchor="middle" transform="rotate(-90 18 \(Self.text(middle)))">\(HTMLPage.escaped(yTitle))</text></svg>
            """
        return PlotElement(svg: svg, legend: legend)
    }

    /// What the colours mean, for below the picture; empty where there is nothing to tell apart.
    private var legend: String {
        keys.map { "<span>\(Self.mark($0.key, $0.color))\(HTMLPage.escaped($0.name))</span>" }.joined()
    }

    private static func mark(_ key: Key, _ color: String) -> String {
        let shape =
            switch key {
            case .line: "<path d=\"M1 7h22\" stroke=\"\(color)\" stroke-width=\"2.5\"/>"
            case .dashes:
                "<path d=\"M1 7h22\" stroke=\"\(color)\" stroke-width=\"2\" stroke-dasharray=\"5 4\"/>"
            case .dot: "<circle cx=\"12\" cy=\"7\" r=\"5\" fill=\"\(color)\"/>"
            case .square: "<rect x=\"6\" y=\"1\" width=\"12\" height=\"12\" fill=\"\(color)\"/>"
            case .area:
                "<rect x=\"4\" y=\"1\" width=\"16\" height=\"12\" fill=\"\(color)\" fill-opacity=\"0.35\"/>"
            }
        return "<svg viewBox=\"0 0 24 14\" aria-hidden=\"true\">\(shape)</svg>"
    }

    // MARK: Places

    private func place(_ across: Double, _ up: Double) -> (Double, Double) {
        let s = x.share(of: across)
        let t = y.share(of: up)
        return (
            width * (frame.left + s * (frame.right - frame.left)),
            height * (1 - frame.bottom - t * (frame.top - frame.bottom))
        )
    }

    private static let shades = 48

    private static func shade(_ value: Double, _ range: (low: Double, high: Double)) -> Int? {
        guard value.isFinite else { return nil }
        let share = (value - range.low) / max(range.high - range.low, 1e-300)
        return Int(max(0, min(1, share)) * Double(shades - 1) + 0.5)
    }

    private static func step(_ values: [Double]) -> Double {
        guard let first = values.first, let last = values.last, values.count > 1 else { return 1 }
        return (last - first) / Double(values.count - 1)
    }

    private static func pair(_ point: (Double, Double)) -> String { "\(text(point.0)) \(text(point.1))" }

    private static func label(_ x: Double, _ y: Double, _ text: String, anchor: String) -> String {
        "<text x=\"\(Self.text(x))\" y=\"\(Self.text(y))\" text-anchor=\"\(anchor)\">\(HTMLPage.escaped(text))</text>"
    }

    private static func text(_ value: Double) -> String { String(format: "%.1f", value) }
}
