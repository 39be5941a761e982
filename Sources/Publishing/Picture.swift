/// A vector picture for a page, or why there is none: a page, its tables and its data are worth having without it.
package enum Picture: Sendable, Hashable {
    case svg(String)
    /// gnuplot is missing or failed; one line.
    case missing(String)

    /// What the body draws; where gnuplot is missing or fails, why.
    ///
    /// - Throws: what has nothing to do with gnuplot: a disk that is full.
    package static func drawn(_ body: () throws -> String) throws -> Picture {
        do {
            return .svg(try body())
        } catch let error as PictureError {
            return .missing("\(error)")
        }
    }

    /// One line; nil where it was drawn.
    package var trouble: String? {
        if case .missing(let reason) = self { return reason }
        return nil
    }
}
