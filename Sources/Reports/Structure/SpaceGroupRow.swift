import Symmetry

/// A space group as every JSON object of the house names it: `"spaceGroup": {…}`.
package struct SpaceGroupRow: Codable, Sendable, Hashable {
    /// In ITA, 1 to 230.
    package var number: Int
    /// Hermann–Mauguin, `P n m a`.
    package var symbol: String
    /// Origin, axes or cell that the symbol leaves open, as spglib writes them; empty where it leaves none.
    package var choice: String
    /// Of the setting, as spglib counts them: 1 to 530.
    package var hallNumber: Int

    package init(_ group: SpaceGroup) {
        (number, symbol) = (group.number, group.symbol)
        (choice, hallNumber) = (group.choice, group.hallNumber)
    }

    /// Without blanks, `Pnma`: for a line of text.
    var compactSymbol: String { symbol.filter { $0 != " " } }
}
