import Publishing

/// Why a file cannot be read or written, in one line: `start.cif:12: no cell; give _cell_length_a, b and c`.
public struct CrystalFileError: Error, Sendable, Hashable, CustomStringConvertible {
    public var file: String
    /// Counted from 1; nil where the fault has no line.
    public var line: Int?
    /// The CIF tag, JSON key or column at fault.
    public var field: String?
    public var problem: String
    /// What the user can do about it.
    public var remedy: String

    public init(file: String, line: Int? = nil, field: String? = nil, problem: String, remedy: String) {
        self.file = file
        self.line = line
        self.field = field
        self.problem = problem
        self.remedy = remedy
    }

    public var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        let subject = field.map { "\($0): " } ?? ""
        return "\(place): \(subject)\(problem); \(remedy)".onOneLine
    }
}
