import Crystallography

extension Formula {
    /// As chemists write it: the least electronegative element first, `TlGeF3`, `NaF`, `PbSO4`; elements without a known
    /// electronegativity stand in front of the others.
    package var conventional: String {
        func weight(_ part: Part) -> Double {
            // Deuterium is hydrogen.
            let symbol = ["D", "T"].contains(part.symbol) ? "H" : part.symbol
            return Element(symbol: symbol).flatMap(BondValence.electronegativity) ?? 0
        }
        return Formula(
            parts.sorted { (weight($0), $0.symbol) < (weight($1), $1.symbol) }
        ).text(.given)
    }
}
