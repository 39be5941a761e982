import Crystallography

/// What the reference crystals know of a composition: whether it is made, and how well the chemistry in it was seen by the models.
package struct ReferenceKnowledge: Sendable {
    private let byFormula: [String: [ReferenceCrystal]]
    private let pairs: [[Element]: Int]

    package init(_ crystals: [ReferenceCrystal] = ReferenceCrystal.all) {
        byFormula = Dictionary(grouping: crystals, by: \.formula)
        var pairs: [[Element]: Int] = [:]
        for crystal in crystals {
            for pair in Self.pairs(of: crystal.composition) { pairs[pair, default: 0] += 1 }
        }
        self.pairs = pairs
    }

    /// The known crystals of a formula, those of a group and number of atoms first.
    ///
    /// - Parameters:
    ///   - formula: reduced, elements by the alphabet.
    ///   - atoms: of the primitive cell.
    package func known(_ formula: String, spaceGroup: Int, atoms: Int) -> [ReferenceCrystal] {
        (byFormula[formula] ?? []).sorted {
            let (first, second) = (isSame($0, spaceGroup, atoms), isSame($1, spaceGroup, atoms))
            return first == second ? $0.energy < $1.energy : first
        }
    }

    private func isSame(_ crystal: ReferenceCrystal, _ spaceGroup: Int, _ atoms: Int) -> Bool {
        crystal.spaceGroup == spaceGroup && crystal.atoms == atoms
    }

    /// The two elements that stand together in the fewest reference crystals, and in how many: what the models have hardly seen.
    /// nil for a single element.
    package func rarestPair(in composition: [Element: Double]) -> (elements: [Element], count: Int)? {
        Self.pairs(of: composition).map { ($0, pairs[$0] ?? 0) }.min { ($0.1, $0.0[0]) < ($1.1, $1.0[0]) }
            .map { (elements: $0.0, count: $0.1) }
    }

    private static func pairs(of composition: [Element: Double]) -> [[Element]] {
        let elements = composition.keys.sorted()
        return elements.indices.flatMap { first in
            elements[(first + 1)...].map { [elements[first], $0] }
        }
    }
}
