/// One of the clauses that a verdict stands on: what is asked, whether it holds, and in words what was found.
public struct VerdictClause: Sendable, Hashable, Codable {
    /// Whether a clause holds, fails, or cannot be decided.
    public enum Outcome: String, Sendable, Hashable, Codable {
        case holds
        case fails
        /// Nothing to judge by: the file states no charge, there is no reference, …
        case unknown
    }

    /// Of the clause, one for each in a verdict: `contacts`.
    public var name: String
    /// Whether it holds, fails, or is unknown.
    public var outcome: Outcome
    /// One sentence for a reader, with numbers and units.
    public var sentence: String

    /// A clause by its name, its outcome, and one sentence for people.
    package init(_ name: String, _ outcome: Outcome, _ sentence: String) {
        self.name = name
        self.outcome = outcome
        self.sentence = sentence
    }
}

extension Sequence<VerdictClause> {
    /// Whether none fails; what nothing is known of does not count.
    package var hold: Bool { allSatisfy { $0.outcome != .fails } }

    /// The sentences of the clauses that fail.
    package var failures: [String] { filter { $0.outcome == .fails }.map(\.sentence) }
}
