import Crystallography
import ExplainedErrors

/// Why a file cannot be read or written, in one line: `start.cif:12: no cell; give _cell_length_a, b and c`.
public struct CrystalFileError: ExplainedError, Hashable {
    /// The path as it was given.
    public var file: String
    /// Counted from 1; nil where the fault has no line.
    public var line: Int?
    /// The CIF tag, JSON key or column at fault.
    public var field: String?
    /// What is wrong, in the words of the file.
    public var problem: String
    /// What the user can do about it.
    public var remedy: String

    /// An error at a line (from 1) or a field of a file, with what to do about it.
    package init(file: String, line: Int? = nil, field: String? = nil, problem: String, remedy: String) {
        self.file = file
        self.line = line
        self.field = field
        self.problem = problem
        self.remedy = remedy
    }

    /// What went wrong, where, and what to do: the parts of the one line.
    public var explanation: Explanation {
        let place = line.map { "\(file):\($0)" } ?? file
        return Explanation(problem, remedy: remedy, place: field.map { "\(place): \($0)" } ?? place)
    }
}

extension CrystalFileError {
    /// More atoms than `Limits.atoms`.
    static func tooManyAtoms(_ count: Int, file: String, line: Int? = nil) -> CrystalFileError {
        CrystalFileError(
            file: file, line: line, problem: "\(count) atoms in one cell, more than \(Limits.atoms)",
            remedy: "give a smaller cell, or correct the number")
    }
}
