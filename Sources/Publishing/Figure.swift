import Foundation

/// A plot that can be drawn into files and shown on a page.
package protocol Figure: Sendable {
    /// Writes NAME.tsv, NAME.gnuplot and, where gnuplot works, NAME.svg and NAME.png in `folder`.
    ///
    /// - Throws: `WriteError`; a picture that gnuplot does not draw is no error, `PlotFiles.picture` says why.
    func write(to folder: URL, name: String) throws -> PlotFiles

    /// What the pointer over its picture reads.
    var reading: PointerReading { get }

    /// What a page draws without gnuplot, with a name for those who hear it; nil where its own script draws.
    func drawing(name: String) -> PlotElement?
}

extension Figure {
    package func drawing(name: String) -> PlotElement? { nil }
}

/// What a page needs, so that the pointer over a picture reads the data under it.
package struct PointerReading: Sendable {
    /// The `class` of the figure's element, by which the script finds it.
    package var kind: String
    /// What the reader is told before the pointer moves.
    package var prompt: String
    /// Whether an upright line follows the pointer.
    package var hasLine: Bool
    /// Mark-up of what the script draws below the picture; empty for nothing.
    package var lens: String
    /// JSON that can stand inside a script element.
    package var data: String
    /// The same for every figure of a kind; a page has it once.
    package var script: String

    package init(
        kind: String, prompt: String, hasLine: Bool, lens: String = "", data: String, script: String
    ) {
        (self.kind, self.prompt, self.hasLine) = (kind, prompt, hasLine)
        (self.lens, self.data, self.script) = (lens, data, script)
    }
}
