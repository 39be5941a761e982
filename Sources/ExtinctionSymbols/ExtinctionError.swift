import ExplainedErrors

/// Why a pattern tells nothing of extinctions.
public enum ExtinctionError: ExplainedError, Hashable {
    /// Lines of the cell in the pattern.
    case tooFewLines(Int)

    /// What went wrong and what to do.
    public var explanation: Explanation {
        switch self {
        case .tooFewLines(let count):
            Explanation(
                "the pattern has \(count) lines of the cell, too few to tell which are absent",
                remedy: "give a wider range, or check cell and wavelength")
        }
    }
}
