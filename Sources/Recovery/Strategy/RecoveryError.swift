import ExplainedErrors

/// Why a recovery ended without a structure.
public enum RecoveryError: ExplainedError {
    case tooFewLines(found: Int)
    case noCell
    /// No line of the cell stands at a point that counts.
    case noReflections
    /// No group that the pattern allows has positions for the composition.
    case noPositions
    /// A further pattern, counted from 2.
    case companion(number: Int, found: Int)

    /// What is wrong.
    public var problem: String {
        switch self {
        case .tooFewLines(let found): "only \(found) lines stand out of the pattern"
        case .noCell: "no cell near the start explains the lines"
        case .noReflections: "no reflection of the cell stands at a point that counts"
        case .noPositions:
            "the start's composition fills the positions of no group whose absences the pattern allows"
        case .companion(let number, let found): "only \(found) lines stand out of pattern \(number)"
        }
    }

    /// What to do about it.
    public var remedy: String {
        switch self {
        case .tooFewLines, .companion: "give a longer range or a better pattern"
        case .noCell: "check the wavelength, the range and the start's cell"
        case .noReflections: "check the range, what is excluded and the file's weights"
        case .noPositions: "check the start's atoms, its cell and its family"
        }
    }

    /// What went wrong, where, and what to do: the parts of the one line.
    public var explanation: Explanation { Explanation(problem, remedy: remedy) }
}
