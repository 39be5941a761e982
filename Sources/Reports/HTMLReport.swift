import Crystallography
import Foundation

/// A page of its own: text, tables, pictures and styles in one file that needs no network.
public struct HTMLReport: Sendable {
    /// One figure that is seen first: `Rwp` `9.8` `%`.
    public struct Figure: Sendable {
        public var label: String
        public var value: String
        public var unit: String
        /// What it means, shown small; empty for none.
        public var note: String

        public init(_ label: String, _ value: String, unit: String = "", note: String = "") {
            self.label = label
            self.value = value
            self.unit = unit
            self.note = note
        }
    }

    /// A check and how it went.
    public struct Check: Sendable {
        public var text: String
        /// nil where it was not made.
        public var passed: Bool?

        public init(_ text: String, passed: Bool?) {
            self.text = text
            self.passed = passed
        }
    }

    public var title: String
    public var subtitle: String
    /// Stands at the foot: version, seed, command.
    public var footer: String
    private var body = ""
    private var contents: [(anchor: String, title: String)] = []
    private var usesFitScript = false
    private var usesSurfaceScript = false
    private var usesCurveScript = false
    /// Why pictures are missing, each reason once, for whoever does not read the page.
    public private(set) var troubles: [String] = []

    public init(title: String, subtitle: String = "", footer: String = "") {
        self.title = title
        self.subtitle = subtitle
        self.footer = footer
    }

    /// A heading; the page's list of contents is made of these.
    public mutating func section(_ title: String) {
        let anchor = "s\(contents.count + 1)"
        contents.append((anchor, title))
        body += "<h2 id=\"\(anchor)\">\(Self.escaped(title))</h2>\n"
    }

    public mutating func paragraph(_ text: String) {
        body += "<p>\(Self.escaped(text))</p>\n"
    }

    /// Text as a terminal shows it.
    public mutating func preformatted(_ text: String) {
        body += "<pre>\(Self.escaped(text))</pre>\n"
    }

    /// The answer in one line, then what it rests on.
    public mutating func verdict(_ text: String, passed: Bool, checks: [Check] = []) {
        body += "<div class=\"verdict \(passed ? "yes" : "no")\"><strong>\(Self.escaped(text))</strong>"
        if !checks.isEmpty {
            let items = checks.map { check in
                let (kind, mark) =
                    check.passed.map { $0 ? ("yes", "✓") : ("no", "✗") } ?? ("open", "–")
                return "<li class=\"\(kind)\"><span>\(mark)</span> \(Self.escaped(check.text))</li>"
            }
            body += "<ul>\(items.joined())</ul>"
        }
        body += "</div>\n"
    }

    public mutating func figures(_ figures: [Figure]) {
        body += "<div class=\"figures\">"
        for figure in figures {
            body += "<div><b>\(Self.escaped(figure.label))</b><em>\(Self.escaped(figure.value))"
            if !figure.unit.isEmpty { body += "<i>\(Self.escaped(figure.unit))</i>" }
            body += "</em>"
            if !figure.note.isEmpty { body += "<small>\(Self.escaped(figure.note))</small>" }
            body += "</div>"
        }
        body += "</div>\n"
    }

    /// - Parameter stacks: the rows stand in this many tables side by side, read one after the other.
    public mutating func table(_ table: ReportTable, stacks: Int = 1) {
        let count = max(1, min(stacks, table.rows.count))
        let height = (table.rows.count + count - 1) / count
        let isWide = table.columns.count > 9
        body += "<div class=\"scroll\(count > 1 ? " stacks" : "")\(isWide ? " wide" : "")\">"
        for k in 0..<count {
            let rows = table.rows.dropFirst(k * height).prefix(height)
            if k == 0 || !rows.isEmpty { body += Self.element(table.columns, rows) }
        }
        body += "</div>\n"
        if !table.note.isEmpty { body += "<p class=\"note\">\(Self.escaped(table.note))</p>\n" }
    }

    private static func element(_ columns: [ReportTable.Column], _ rows: ArraySlice<[String]>) -> String {
        func kind(_ k: Int) -> String {
            k < columns.count && columns[k].alignment == .number ? " class=\"n\"" : ""
        }
        var text = "<table><thead><tr>"
        for (k, column) in columns.enumerated() {
            let unit = column.unit.isEmpty ? "" : " <i>\(escaped(column.unit))</i>"
            text += "<th\(kind(k))>\(escaped(column.name))\(unit)</th>"
        }
        text += "</tr></thead><tbody>\n"
        for row in rows {
            text += "<tr>"
            for (k, cell) in row.enumerated() { text += "<td\(kind(k))>\(escaped(cell))</td>" }
            text += "</tr>\n"
        }
        return text + "</tbody></table>"
    }

    /// A picture, set into the page as it is.
    public mutating func picture(_ picture: Picture, caption: String) {
        guard let svg = drawn(picture, caption: caption) else { return }
        body += "<figure>\(svg)<figcaption>\(Self.escaped(caption))</figcaption></figure>\n"
    }

    /// The picture of a fit; the pointer over it shows values and, below, a magnified stretch.
    public mutating func fit(_ plot: FitPlot, _ picture: Picture, caption: String) {
        guard let svg = drawn(picture, caption: caption) else { return }
        usesFitScript = true
        body += """
            <figure class="fit"><div class="plot">\(svg)<div class="line"></div></div>
            <p class="readout" aria-live="polite">Move the pointer over the plot to read values and to magnify.</p>
            <canvas class="lens" width="1200" height="320" hidden></canvas>
            <figcaption>\(Self.escaped(caption))</figcaption>
            <script type="application/json">\(FitData.json(plot))</script></figure>

            """
    }

    /// A map; the pointer over it shows the values.
    public mutating func surface(_ plot: SurfacePlot, _ picture: Picture, caption: String) {
        guard let svg = drawn(picture, caption: caption) else { return }
        usesSurfaceScript = true
        body += """
            <figure class="surface"><div class="plot">\(svg)</div>
            <p class="readout" aria-live="polite">Move the pointer over the map to read values.</p>
            <figcaption>\(Self.escaped(caption))</figcaption>
            <script type="application/json">\(plot.hoverData)</script></figure>

            """
    }

    /// A curve; the pointer over it shows the values.
    public mutating func curve(_ plot: AxisPlot, _ picture: Picture, caption: String) {
        guard let svg = drawn(picture, caption: caption) else { return }
        usesCurveScript = true
        body += """
            <figure class="curve"><div class="plot">\(svg)<div class="line"></div></div>
            <p class="readout" aria-live="polite">Move the pointer over the curve to read values.</p>
            <figcaption>\(Self.escaped(caption))</figcaption>
            <script type="application/json">\(plot.hoverData)</script></figure>

            """
    }

    /// The element of a picture; in the place of a missing one the page says why.
    private mutating func drawn(_ picture: Picture, caption: String) -> String? {
        switch picture {
        case .svg(let text): return Self.inlineSVG(text)
        case .missing(let reason):
            if !troubles.contains(reason) { troubles.append(reason) }
            paragraph("Not drawn: \(reason). \(caption)")
            return nil
        }
    }

    /// A folded part for what few readers need.
    public mutating func details(_ summary: String, _ table: ReportTable) {
        body += "<details><summary>\(Self.escaped(summary))</summary>\n"
        self.table(table)
        body += "</details>\n"
    }

    public var html: String {
        let links =
            contents.count < 3
            ? ""
            : "<nav>\(contents.map { "<a href=\"#\($0.anchor)\">\(Self.escaped($0.title))</a>" }.joined())</nav>"
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(Self.escaped(title))</title>
            <style>\(ReportStyle.css)</style></head>
            <body><main>
            <header><h1>\(Self.escaped(title))</h1>\(subtitle.isEmpty ? "" : "<p>\(Self.escaped(subtitle))</p>")</header>
            \(links)
            \(body)</main>
            <footer>\(Self.escaped(footer))</footer>
            \(usesFitScript ? "<script>\(ReportStyle.fitScript)</script>" : "")
            \(usesCurveScript ? "<script>\(ReportStyle.curveScript)</script>" : "")
            \(usesSurfaceScript ? "<script>\(ReportStyle.surfaceScript)</script>" : "")
            </body></html>

            """
    }

    /// Writes the page whole or not at all.
    public func write(to url: URL) throws { try AtomicFile.write(html, to: url) }

    /// Text without meaning for HTML, inside elements and attributes.
    public static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }

    /// The `<svg>` element alone: a page has no place for XML declarations.
    private static func inlineSVG(_ text: String) -> String {
        guard let start = text.range(of: "<svg") else { return "" }
        return String(text[start.lowerBound...])
    }
}

/// What the page's script needs to know of a fit.
enum FitData {
    static func json(_ plot: FitPlot) -> String {
        func numbers(_ values: [Double], _ digits: Int) -> String {
            "[" + values.map { $0.isFinite ? FitPlot.short($0, digits) : "null" }.joined(separator: ",") + "]"
        }
        let largest = plot.observed.reduce(0) { max($0, abs($1)) }
        let digits = largest > 1000 ? 1 : largest > 1 ? 3 : 6
        let phases = plot.phases.enumerated().map { k, phase in
            let labels = phase.labels.map { "\"\(text($0))\"" }.joined(separator: ",")
            return
                "{\"name\":\"\(text(phase.name))\",\"color\":\"\(FitPlot.color(k))\",\"at\":\(numbers(phase.positions, 4)),\"hkl\":[\(labels)]}"
        }
        let frame = FitPlot.horizontalFrame
        return
            "{\"left\":\(frame.left),\"right\":\(frame.right),\"x\":\(numbers(plot.twoTheta, 5)),\"o\":\(numbers(plot.observed, digits)),\"c\":\(numbers(plot.calculated, digits)),\"phases\":[\(phases.joined(separator: ","))]}"
    }

    /// For the inside of a JSON string inside a script element.
    static func text(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case "<": result += "\\u003c"
            case _ where scalar.value < 32: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension HTMLReport.Check {
    /// A clause of a verdict: a cross where it fails, no mark where nothing is known.
    public init(_ clause: VerdictClause) {
        let passed: Bool? =
            switch clause.outcome {
            case .holds: true
            case .fails: false
            case .unknown: nil
            }
        self.init(clause.sentence, passed: passed)
    }
}
