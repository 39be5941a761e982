import Foundation

/// The valences of an ionic crystal's atoms from their bonds, and how far they are from oxidation states that balance.
///
/// Brown's rule: the valences of an atom's bonds to ions of opposite charge add up to its oxidation state. The states are
/// those that are known of the elements, neutral together, one for each element, that suit the bonds best: a structure gets
/// the benefit of the doubt.
package struct BondValenceSums: Sendable, Hashable {
    /// Σ exp((R − d)/0.37 Å) of every atom, in the structure's order.
    package let sums: [Double]
    /// Oxidation states by element.
    package let states: [Element: Int]
    /// √⟨(sum − |state|)²⟩ over all atoms: the global instability index (Salinas-Sanchez et al., J. Solid State Chem. 100
    /// (1992) 201). Below 0.2 v.u. in most crystals.
    package let instability: Double

    /// Å; a bond of 6 Å is worth less than 0.001.
    package static let reach = 6.0
    /// Combinations of states that are looked at; more elements than that are no simple salt.
    private static let mostCombinations = 20_000
    /// Worth in v.u. from which two anions of an element are bonded to each other: S to 2.4 Å, Te to 3.1 Å.
    private static let anionBond = 0.4

    /// Nil where bonds are not ionic or not to be counted: no neutral states with a salt's anions are known (Mg2Si and NaCu2P2
    /// are none), anions are bonded to each other and known states balance with that (pyrite's Fe²⁺ S₂²⁻, whose iron shares its
    /// electrons; oxygens are not asked: metals that change their state would excuse any two that stand too near), a site is shared
    /// or partly occupied, hydrogen is there (its places are not those of diffraction), or the table lacks an element.
    package init?(_ structure: CrystalStructure) {
        var elements: [Element] = []
        for site in structure.sites {
            guard site.occupants.count == 1, let occupant = site.occupants.first, occupant.occupancy > 0.99,
                occupant.species.element.atomicNumber > 1
            else { return nil }
            elements.append(occupant.species.element)
        }
        let kinds = Array(Set(elements)).sorted()
        guard kinds.count > 1, let bonds = Self.bonds(structure, elements, kinds) else { return nil }
        let counts = kinds.map { kind in elements.count { $0 == kind } }
        // Each bond of an anion to another saves it an electron.
        let pairs = bonds.reduce(0) { $0 + $1.anions }
        guard pairs == 0 || Self.known(kinds, counts, surplus: pairs).isEmpty else { return nil }
        var best: (instability: Double, states: [Int], sums: [Double])?
        for states in Self.neutral(kinds, counts) {
            let sums = elements.indices.map { atom -> Double in
                guard let own = kinds.firstIndex(of: elements[atom]) else { return 0 }
                return kinds.indices.reduce(0) {
                    states[$1] * states[own] < 0 ? $0 + bonds[atom].worth[$1] : $0
                }
            }
            let square = elements.indices.reduce(0.0) { sum, atom in
                guard let own = kinds.firstIndex(of: elements[atom]) else { return sum }
                let miss = sums[atom] - Double(abs(states[own]))
                return sum + miss * miss
            }
            let instability = (square / Double(elements.count)).squareRoot()
            if best.map({ instability < $0.instability }) ?? true { best = (instability, states, sums) }
        }
        guard let best else { return nil }
        sums = best.sums
        states = Dictionary(uniqueKeysWithValues: zip(kinds, best.states))
        instability = best.instability
    }

    /// For each atom, what its bonds to each kind of element are worth, and how many of them lead to its own and are bonds of anions; nil where
    /// the table lacks two.
    private static func bonds(_ structure: CrystalStructure, _ elements: [Element], _ kinds: [Element])
        -> [(worth: [Double], anions: Int)]?
    {
        var lengths = [[Double]](repeating: [], count: kinds.count)
        for (i, first) in kinds.enumerated() {
            for second in kinds {
                guard let length = BondValence.unitLength(first, second) else { return nil }
                lengths[i].append(length)
            }
        }
        let kindOf = elements.map { kinds.firstIndex(of: $0) ?? 0 }
        let geometry = PeriodicGeometry(structure.lattice)
        return geometry.neighbours(of: structure.sites.map(\.position), within: reach).enumerated().map {
            atom, neighbours in
            var worth = [Double](repeating: 0, count: kinds.count)
            var anions = 0
            let own = kindOf[atom]
            for neighbour in neighbours {
                let kind = kindOf[neighbour.index]
                let bond = exp((lengths[own][kind] - neighbour.distance) / BondValence.softness)
                worth[kind] += bond
                if kind == own, bond >= anionBond, isAnion(kinds[own]), kinds[own].atomicNumber != 8 {
                    anions += 1
                }
            }
            return (worth, anions)
        }
    }

    /// Every neutral choice of one state for each element, the more electronegative ones negative.
    private static func neutral(_ kinds: [Element], _ counts: [Int]) -> [[Int]] {
        let known = known(kinds, counts)
        if !known.isEmpty { return known }
        // Copper is known as Cu²⁺ only, chromium not as Cr⁶⁺: what changes its state at all may take any.
        return balanced(
            kinds, counts,
            kinds.map { kind in
                let own = Ion.of(kind).map(\.charge)
                return isVariable(kind) ? Array(Set(own + Array(1...7))) : own
            })
    }

    /// Of states that are in the table.
    ///
    /// - Parameter surplus: electrons that anions save.
    private static func known(_ kinds: [Element], _ counts: [Int], surplus: Int = 0) -> [[Int]] {
        balanced(kinds, counts, kinds.map { kind in Ion.of(kind).map(\.charge) }, surplus: surplus)
    }

    private static func balanced(
        _ kinds: [Element], _ counts: [Int], _ states: [[Int]], surplus: Int = 0
    ) -> [[Int]] {
        guard states.allSatisfy({ !$0.isEmpty }),
            states.reduce(1, { $0 > mostCombinations ? $0 : $0 * $1.count }) <= mostCombinations
        else { return [] }
        var choices: [[Int]] = [[]]
        for own in states { choices = choices.flatMap { choice in own.map { choice + [$0] } } }
        return choices.filter { choice in
            guard zip(choice, counts).reduce(surplus, { $0 + $1.0 * $1.1 }) == 0 else { return false }
            let weights = kinds.map { BondValence.electronegativity($0) ?? 0 }
            guard choice.indices.allSatisfy({ choice[$0] >= 0 || isAnion(kinds[$0]) }) else { return false }
            let negative = choice.indices.filter { choice[$0] < 0 }.map { weights[$0] }.min() ?? 0
            let positive = choice.indices.filter { choice[$0] > 0 }.map { weights[$0] }.max() ?? .infinity
            return negative > positive
        }
    }

    /// Nitrogen, oxygen, sulfur, selenium, tellurium and the halogens. Phosphides, arsenides, carbides and silicides are held
    /// together by electrons that are shared, among their anions too: sums of their bonds miss the states by an electron
    /// and more in the right structure.
    private static func isAnion(_ element: Element) -> Bool {
        switch element.atomicNumber {
        case 7, 8, 9, 16, 17, 34, 35, 52, 53: true
        default: false
        }
    }

    /// Transition metals from titanium on and the heavier elements of groups 13 to 16.
    private static func isVariable(_ element: Element) -> Bool {
        switch element.atomicNumber {
        case 22...30, 32...34, 40...48, 50...52, 72...84, 92...94: true
        default: false
        }
    }
}
