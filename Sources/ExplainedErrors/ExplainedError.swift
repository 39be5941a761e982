/// What went wrong, where, and what can be done about it; written as one line: `start.cif:12: no cell; give one`.
public struct Explanation: Sendable, Hashable, CustomStringConvertible {
    /// The file, line, tag or option at fault; nil where the fault has no place or somebody else names it.
    public var place: String?
    /// One clause, without a full stop.
    public var problem: String
    /// What the user can do about it; nil where the problem says it.
    public var remedy: String?

    /// - Parameters:
    ///   - problem: one clause.
    ///   - remedy: one clause; nil where the problem says it.
    ///   - place: what the line begins with.
    public init(_ problem: String, remedy: String? = nil, place: String? = nil) {
        (self.problem, self.remedy, self.place) = (problem, remedy, place)
    }

    /// The one line that every error of the house is told in, whatever line breaks its parts hold.
    public var description: String {
        var line = place.map { "\($0): " } ?? ""
        line += problem
        if let remedy { line += "; \(remedy)" }
        return line.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}

/// An error that explains itself: problem, remedy and place stay apart until the line is printed.
public protocol ExplainedError: Error, Sendable, CustomStringConvertible {
    /// The parts of the line.
    var explanation: Explanation { get }
}

extension ExplainedError {
    /// One line.
    public var description: String { explanation.description }
}
