/// The commands whose jobs a campaign carries.
package enum CarriedCommand: String, Sendable, CaseIterable {
    case recover, solve, refine, relax, scan, energy, validate
    case studyRecovery = "study recovery"
    case studyLandscape = "study landscape"

    /// As they are typed after `wyckoff`.
    package var words: [String] { rawValue.split(separator: " ").map(String.init) }

    /// Whether its first file is a pattern that may stand in a column of that name.
    var takesPatternFirst: Bool { self == .solve || self == .refine }

    /// Whether it is nothing without a file in the column `file`.
    var needsFile: Bool {
        switch self {
        case .refine, .relax, .scan, .energy, .validate: true
        case .recover, .solve, .studyRecovery, .studyLandscape: false
        }
    }

    /// Options whose values are files or folders that are read.
    var inputs: Set<String> {
        ["pattern", "start", "symmetry-from", "reference", "against", "hull", "structures", "with"]
    }

    /// Options whose values are files or folders that are written, inside the task's folder.
    var outputs: Set<String> {
        self == .refine ? ["output", "structure"] : ["output", "store", "trajectory"]
    }

    /// Where results go that would be lost otherwise.
    var defaultOutputs: [(option: String, value: String)] {
        switch self {
        case .recover, .solve, .studyLandscape: [("output", "result")]
        case .relax: [("output", "relaxed.cif")]
        case .studyRecovery: [("store", "study.sqlite")]
        case .refine, .scan, .energy, .validate: []
        }
    }
}
