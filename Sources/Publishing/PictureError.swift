import ExplainedErrors

/// Why a picture was not drawn; all that it was to show stands in its columns.
package enum PictureError: ExplainedError, Hashable {
    case gnuplotMissing
    case gnuplotFailed(script: String, message: String)
    /// A picture that was asked for by name; its columns stand beside it.
    case notDrawn(picture: String, columns: String, reason: String)

    /// What went wrong, where, and what to do: the parts of the one line.
    package var explanation: Explanation {
        switch self {
        case .gnuplotMissing:
            Explanation(
                "gnuplot is not on the PATH",
                remedy: "install it (Debian: apt-get install gnuplot-nox) and run again")
        case .gnuplotFailed(let script, let message):
            Explanation("gnuplot stopped: \(message)", place: script)
        case .notDrawn(let picture, let columns, let reason):
            Explanation("not drawn, its columns are in \(columns): \(reason)", place: picture)
        }
    }
}
