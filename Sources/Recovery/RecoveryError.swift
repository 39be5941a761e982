/// Why a recovery ended without a structure.
public enum RecoveryError: Error, Sendable, CustomStringConvertible {
    case tooFewLines(found: Int)
    case noCell
    /// A further pattern, counted from 2.
    case companion(number: Int, found: Int)

    public var problem: String {
        switch self {
        case .tooFewLines(let found): "only \(found) lines stand out of the pattern"
        case .noCell: "no cell near the start explains the lines"
        case .companion(let number, let found): "only \(found) lines stand out of pattern \(number)"
        }
    }

    public var remedy: String {
        switch self {
        case .tooFewLines, .companion: "give a longer range or a better pattern"
        case .noCell: "check the wavelength, the range and the start's cell"
        }
    }

    public var description: String { "\(problem); \(remedy)" }
}
