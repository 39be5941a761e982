/// Why a picture was not drawn; all that it was to show stands in its columns.
public enum PictureError: Error, Sendable, Hashable, CustomStringConvertible {
    case gnuplotMissing
    case gnuplotFailed(script: String, message: String)
    /// A picture that was asked for by name; its columns stand beside it.
    case notDrawn(picture: String, columns: String, reason: String)

    public var description: String {
        switch self {
        case .gnuplotMissing:
            "gnuplot is not on the PATH; install it (Debian: apt-get install gnuplot-nox) and run again"
        case .gnuplotFailed(let script, let message):
            "\(script): gnuplot stopped: \(message)"
        case .notDrawn(let picture, let columns, let reason):
            "\(picture): not drawn, its columns are in \(columns): \(reason)"
        }
    }
}
