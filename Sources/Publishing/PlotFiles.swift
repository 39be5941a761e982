import Foundation

/// The files of a plot: data, the script that draws them, and the pictures.
package struct PlotFiles: Sendable {
    package let data: URL
    package let script: URL
    package let svg: URL
    package let png: URL
    /// The vector picture, or why there is none.
    package private(set) var picture = Picture.missing("it was not drawn")
    private let name: String
    private let folder: URL

    /// Names only; nothing is written.
    package init(folder: URL, name: String) {
        (self.folder, self.name) = (folder, name)
        func file(_ suffix: String) -> URL { folder.appendingPathComponent(name + suffix) }
        (data, script, svg, png) = (file(".tsv"), file(".gnuplot"), file(".svg"), file(".png"))
    }

    /// The first lines of a script that can also be run by hand, and then draws NAME.svg.
    package static func header(name: String, width: Int, height: Int) -> [String] {
        let terminal = svgTerminal(width: width, height: height)
        return [
            "# gnuplot \(name).gnuplot   draws \(name).svg anew",
            "if (!exists(\"picture_given\")) set terminal \(terminal)",
            "if (!exists(\"picture_given\")) set output \"\(name).svg\"", "set encoding utf8",
        ]
    }

    private static func svgTerminal(width: Int, height: Int) -> String {
        "svg size \(width),\(height) dynamic enhanced font \"Helvetica,15\" background \"#ffffff\""
    }

    /// Runs the script once for each picture; a picture appears whole or not at all. Where gnuplot is missing or fails,
    /// `picture` says so: data and script are there all the same.
    ///
    /// - Parameters:
    ///   - width: of the vector picture in pixels; the other one has twice as many.
    ///   - height: likewise.
    package mutating func draw(width: Int, height: Int) throws {
        let png =
            "pngcairo size \(2 * width),\(2 * height) enhanced font \"Sans,14\" fontscale 2 linewidth 2 pointscale 2 background \"#ffffff\""
        // Of an earlier run, where the first of the two is not drawn.
        unlink(self.png.path)
        picture = try Picture.drawn {
            for (terminal, picture) in [
                (Self.svgTerminal(width: width, height: height), svg), (png, self.png),
            ] {
                try Gnuplot.draw(
                    script: script, terminal: terminal, definitions: "picture_given = 1", to: picture)
            }
            return try String(contentsOf: svg, encoding: .utf8)
        }
    }
}
