import Foundation

/// A page of its own: text, tables, pictures and styles in one file that needs no network.
package struct HTMLPage: Sendable {
    /// A number that is seen first: `Rwp` `9.8` `%`.
    package struct KeyNumber: Sendable {
        package var label: String
        package var value: String
        package var unit: String
        /// What it means, shown small; empty for none.
        package var note: String

        package init(_ label: String, _ value: String, unit: String = "", note: String = "") {
            self.label = label
            self.value = value
            self.unit = unit
            self.note = note
        }
    }

    /// A check and how it went.
    package struct Check: Sendable {
        package var text: String
        /// nil where it was not made.
        package var passed: Bool?

        package init(_ text: String, passed: Bool?) {
            self.text = text
            self.passed = passed
        }
    }

    package var title: String
    package var subtitle: String
    /// Stands at the foot: version, seed, command.
    package var footer: String
    private var body = ""
    private var contents: [(anchor: String, title: String)] = []
    /// One of each kind of figure on the page, in the order of their first use.
    private var readings: [PointerReading] = []
    /// Of elements that are no figures of data.
    private var scripts: [String] = []
    /// Why pictures are missing, each reason once, for whoever does not read the page.
    package private(set) var troubles: [String] = []

    package init(title: String, subtitle: String = "", footer: String = "") {
        self.title = title
        self.subtitle = subtitle
        self.footer = footer
    }

    /// A heading; the page's list of contents is made of these.
    package mutating func section(_ title: String) {
        let anchor = "s\(contents.count + 1)"
        contents.append((anchor, title))
        body += "<h2 id=\"\(anchor)\">\(Self.escaped(title))</h2>\n"
    }

    package mutating func paragraph(_ text: String) {
        body += "<p>\(Self.escaped(text))</p>\n"
    }

    /// Text as a terminal shows it.
    package mutating func preformatted(_ text: String) {
        body += "<pre>\(Self.escaped(text))</pre>\n"
    }

    /// The answer in one line, then what it rests on.
    package mutating func verdict(_ text: String, passed: Bool, checks: [Check] = []) {
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

    package mutating func keyNumbers(_ numbers: [KeyNumber]) {
        body += "<div class=\"figures\">"
        for number in numbers {
            body += "<div><b>\(Self.escaped(number.label))</b><em>\(Self.escaped(number.value))"
            if !number.unit.isEmpty { body += "<i>\(Self.escaped(number.unit))</i>" }
            body += "</em>"
            if !number.note.isEmpty { body += "<small>\(Self.escaped(number.note))</small>" }
            body += "</div>"
        }
        body += "</div>\n"
    }

    /// - Parameter stacks: the rows stand in this many tables side by side, read one after the other.
    package mutating func table(_ table: TextTable, stacks: Int = 1) {
        let count = max(1, min(stacks, table.rows.count))
        let height = (table.rows.count + count - 1) / count
        let isWide = table.columns.count > 9
        body += "<div class=\"scroll\(count > 1 ? " stacks" : "")\(isWide ? " wide" : "")\">"
        for k in 0..<count {
            let rows = table.rows.dropFirst(k * height).prefix(height)
            if k == 0 || !rows.isEmpty {
                body += Self.element(table.columns, rows, sorts: count == 1)
            }
        }
        if count == 1, table.rows.count >= TableScript.sortedFrom, !scripts.contains(TableScript.text) {
            scripts.append(TableScript.text)
        }
        body += "</div>\n"
        if !table.note.isEmpty { body += "<p class=\"note\">\(Self.escaped(table.note))</p>\n" }
    }

    private static func element(
        _ columns: [TextTable.Column], _ rows: ArraySlice<[String]>, sorts: Bool
    ) -> String {
        func kind(_ k: Int) -> String {
            k < columns.count && columns[k].alignment == .number ? " class=\"n\"" : ""
        }
        let isSorted = sorts && rows.count >= TableScript.sortedFrom
        var text =
            isSorted
            ? "<table class=\"sorts\" data-filter=\"\(TableScript.filteredFrom)\"><thead><tr>"
            : "<table><thead><tr>"
        for (k, column) in columns.enumerated() {
            let unit = column.unit.isEmpty ? "" : " <i>\(escaped(column.unit))</i>"
            text += "<th scope=\"col\"\(kind(k))>\(escaped(column.name))\(unit)</th>"
        }
        text += "</tr></thead><tbody>\n"
        for row in rows {
            text += "<tr>"
            for (k, cell) in row.enumerated() { text += "<td\(kind(k))>\(escaped(cell))</td>" }
            text += "</tr>\n"
        }
        return text + "</tbody></table>"
    }

    /// A plot that the page draws itself; gnuplot's files are beside it or, as `picture` says, are not.
    package mutating func drawing(_ element: PlotElement, _ picture: Picture, caption: String) {
        if let trouble = picture.trouble, !troubles.contains(trouble) { troubles.append(trouble) }
        body +=
            "<figure>\(element.svg)\(element.legendElement)<figcaption>\(Self.escaped(caption))</figcaption></figure>\n"
    }

    /// A picture, set into the page as it is.
    package mutating func picture(_ picture: Picture, caption: String) {
        guard let svg = drawn(picture, caption: caption) else { return }
        body += "<figure>\(svg)<figcaption>\(Self.escaped(caption))</figcaption></figure>\n"
    }

    /// A plot; the pointer over it shows what is there.
    package mutating func figure(_ figure: any Figure, _ picture: Picture, caption: String) {
        let reading = figure.reading
        // What the page draws itself it draws without gnuplot too; that files are missing is said all the same.
        if let trouble = picture.trouble, !troubles.contains(trouble) { troubles.append(trouble) }
        let own = figure.drawing(name: caption)
        guard let svg = own?.svg ?? drawn(picture, caption: caption) ?? (reading.lens.isEmpty ? nil : "")
        else {
            return
        }
        if !readings.contains(where: { $0.kind == reading.kind }) { readings.append(reading) }
        body += """
            <figure class="\(reading.kind)"><div class="plot">\(svg)\(reading.hasLine ? "<div class=\"line\"></div>" : "")</div>
            \(own?.legendElement ?? "")<p class="readout" aria-live="polite">\(Self.escaped(reading.prompt))</p>
            \(reading.lens)<figcaption>\(Self.escaped(caption))</figcaption>
            <script type="application/json">\(reading.data)</script></figure>

            """
    }

    /// An element of its own kind, and the script that it needs: a page has it once.
    package mutating func insert(_ element: String, script: String) {
        body += element
        if !scripts.contains(script) { scripts.append(script) }
    }

    /// The element of a picture; in the place of a missing one the page says why.
    private mutating func drawn(_ picture: Picture, caption: String) -> String? {
        switch picture {
        case .svg(let text): return Self.inlineSVG(text, name: caption)
        case .missing(let reason):
            if !troubles.contains(reason) { troubles.append(reason) }
            paragraph("Not drawn: \(reason). \(caption)")
            return nil
        }
    }

    /// What else was written, beside the page.
    package mutating func files(_ files: [(name: String, what: String)]) {
        let allowed = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: ":"))
        let items = files.map { file in
            let address = file.name.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
            return "<li><a href=\"\(Self.escaped(address))\">\(Self.escaped(file.name))</a> "
                + "\(Self.escaped(file.what))</li>"
        }
        body += "<ul class=\"files\">\(items.joined())</ul>\n"
    }

    /// A folded part for what few readers need.
    package mutating func details(_ summary: String, _ table: TextTable) {
        body += "<details><summary>\(Self.escaped(summary))</summary>\n"
        self.table(table)
        body += "</details>\n"
    }

    package var html: String {
        let links =
            contents.count < 3
            ? ""
            : "<nav>\(contents.map { "<a href=\"#\($0.anchor)\">\(Self.escaped($0.title))</a>" }.joined())</nav>"
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(Self.escaped(title))</title>
            <style>\(PageStyle.css)</style></head>
            <body><main>
            <header><h1>\(Self.escaped(title))</h1>\(subtitle.isEmpty ? "" : "<p>\(Self.escaped(subtitle))</p>")</header>
            \(links)
            \(body)</main>
            <footer>\(Self.escaped(footer))</footer>
            \(readings.map { "<script>\($0.script)</script>" }.joined(separator: "\n"))
            \(scripts.map { "<script>\($0)</script>" }.joined(separator: "\n"))
            </body></html>

            """
    }

    /// Writes the page whole or not at all.
    package func write(to url: URL) throws(WriteError) { try AtomicFile.write(html, to: url) }

    /// Text without meaning for HTML, inside elements and attributes.
    package static func escaped(_ text: String) -> String {
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

    /// The `<svg>` element alone, with its caption for a name: a page has no place for XML declarations, and gnuplot's
    /// titles (`gnuplot_plot_1b`) say nothing to anybody.
    private static func inlineSVG(_ text: String, name: String) -> String {
        guard let start = text.range(of: "<svg") else { return "" }
        var svg = SVGTitles.removed(from: String(text[start.lowerBound...]))
        guard let end = svg.firstIndex(of: ">") else { return "" }
        svg.insert(contentsOf: " role=\"img\" aria-label=\"\(escaped(name))\"", at: end)
        return svg
    }
}
