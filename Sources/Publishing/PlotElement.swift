/// What a page shows of a plot that it draws itself.
package struct PlotElement: Sendable, Hashable {
    package let svg: String
    /// Spans of a mark and a name; empty for none.
    package let legend: String

    /// The legend's paragraph.
    var legendElement: String { legend.isEmpty ? "" : "<p class=\"legend\">\(legend)</p>" }
}
