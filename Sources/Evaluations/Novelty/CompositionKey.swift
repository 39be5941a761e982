import Crystallography

/// What the compositions of two structures that match have in common, whatever their cells: the reduced formula, or the
/// shares of the elements where occupancies leave no whole numbers. Charges and isotopes do not count.
enum CompositionKey {
    /// Shares are rounded to this; matching rounds occupancies to 0.01.
    private static let step = 0.01

    static func text(of structure: CrystalStructure) -> String {
        let composition = structure.composition
        let formula = Formula(composition.map { Formula.Part($0.key.symbol, $0.value) })
        let isWhole = composition.values.allSatisfy { abs($0 - $0.rounded()) < 1e-6 }
        if isWhole { return formula.reduced.text() }
        let total = max(composition.values.reduce(0, +), 1e-9)
        return composition.sorted { $0.key < $1.key }.map { element, count in
            "\(element.symbol)\(Int((count / total / step).rounded()))%"
        }.joined(separator: " ")
    }
}
