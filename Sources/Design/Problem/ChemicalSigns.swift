import Crystallography

extension DesignProblem {
    /// Whether the charges of a decoration are of chemistry: no element is cation and anion at once, no cation is more
    /// electronegative than an anion, and no two ions would react (`RedoxCouple`).
    ///
    /// True where the template asks for no charges.
    package func isChemical(_ decoration: Decoration) -> Bool {
        guard asksCharges else { return true }
        let charges = patterns[decoration.pattern].charges
        var (cations, anions): (Set<Element>, Set<Element>) = ([], [])
        for (orbit, element) in decoration.elements.enumerated() {
            let charge = charges[template.roleOfOrbit[orbit]]
            if charge > 0 { cations.insert(element) }
            if charge < 0 { anions.insert(element) }
        }
        var ions = Set<[Int]>()
        var pairs: [(element: Element, charge: Int)] = []
        for (orbit, element) in decoration.elements.enumerated() {
            let charge = charges[template.roleOfOrbit[orbit]]
            if ions.insert([element.atomicNumber, charge]).inserted { pairs.append((element, charge)) }
        }
        return cations.allSatisfy { cation in anions.allSatisfy { $0.attractsMore(than: cation) } }
            && RedoxCouple.coexist(pairs)
    }
}

extension Element {
    /// Groups 14 to 17, by atomic number.
    private static let columns: [Set<Int>] = [
        [6, 14, 32, 50, 82], [7, 15, 33, 51, 83], [8, 16, 34, 52, 84], [9, 17, 35, 53, 85],
    ]

    /// Whether it is the more electronegative of two: of one group the lighter one, else by the scale of Allred and Rochow, on which
    /// neighbours of a group come out alike or the wrong way round; true where that is not known.
    fileprivate func attractsMore(than other: Element) -> Bool {
        if self == other { return false }
        let pair: Set = [atomicNumber, other.atomicNumber]
        if Self.columns.contains(where: pair.isSubset) { return atomicNumber < other.atomicNumber }
        guard let own = BondValence.electronegativity(self),
            let others = BondValence.electronegativity(other)
        else { return true }
        return own > others
    }
}
