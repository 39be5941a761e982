/// What a warning of a reader means to whoever asks whether a file is in order.
public enum ReadingWarning: Sendable, Hashable {
    /// Something of the crystal is not there, or was made up: what was read is not what the file means.
    case omission
    /// The file states something that what it holds does not bear out.
    case contradiction
    /// A gap that was filled by convention.
    case assumption

    /// Parts of the readers' sentences that tell omissions; an atom of occupancy 0 is none.
    private static let omissions = [
        "has no coordinates", "dummy atom", "data block left out", "stand-ins", "atom is left out",
        "atoms are left out",
    ]
    private static let contradictions = [
        "the file says", "the file states", ", not of ", "of different groups", "contradict",
        "there is no space group number", "stands more than once",
    ]

    public init(_ warning: String) {
        func holds(_ parts: [String]) -> Bool { parts.contains { warning.contains($0) } }
        self =
            holds(Self.contradictions) ? .contradiction : holds(Self.omissions) ? .omission : .assumption
    }
}

extension CrystalRecord {
    /// The warnings of one kind.
    public func warnings(_ kind: ReadingWarning) -> [String] {
        warnings.filter { ReadingWarning($0) == kind }
    }
}
