import Symmetry

/// A space group as every JSON object of the house names it: `"spaceGroup": {…}`.
public struct SpaceGroupRow: Codable, Sendable, Hashable {
    /// In ITA, 1 to 230.
    public var number: Int
    /// Hermann–Mauguin, `P n m a`.
    public var symbol: String
    /// Origin, axes or cell that the symbol leaves open, as spglib writes them; empty where it leaves none.
    public var choice: String
    /// Of the setting, as spglib counts them: 1 to 530.
    public var hallNumber: Int

    package init(_ group: SpaceGroup) {
        (number, symbol) = (group.number, group.symbol)
        (choice, hallNumber) = (group.choice, group.hallNumber)
    }

    /// Without blanks, `Pnma`: for a line of text.
    var compactSymbol: String { symbol.filter { $0 != " " } }
}
