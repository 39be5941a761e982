import Foundation

/// Titles and descriptions inside a vector picture. Gnuplot calls its pictures `Gnuplot` and their parts `gnuplot_plot_1b`: screen
/// readers read that out, and browsers show it under the pointer.
package enum SVGTitles {
    /// The picture without any.
    package static func removed(from text: String) -> String {
        var svg = text
        for word in ["title", "desc"] {
            while let open = svg.range(of: "<\(word)>"),
                let close = svg.range(of: "</\(word)>", range: open.upperBound..<svg.endIndex)
            {
                svg.removeSubrange(open.lowerBound..<close.upperBound)
            }
        }
        return svg
    }

    /// The picture with one title of its own, in the place of all that it had.
    package static func replaced(in text: String, by name: String) -> String {
        var svg = removed(from: text)
        guard let start = svg.range(of: "<svg"), let end = svg[start.upperBound...].firstIndex(of: ">") else {
            return svg
        }
        let text = name.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;")
        svg.insert(contentsOf: "\n<title>\(text)</title>", at: svg.index(after: end))
        return svg
    }
}
