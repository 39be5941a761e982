import Crystallography
import Parameterization

/// The structures that differ from one in which of two elements stands on which of two orbits of equal multiplicity: what X-rays tell
/// apart least, the nearest atomic numbers first.
package struct ElementExchange {
    package struct Exchange {
        package let structure: ReducedStructure
        /// As a person is told.
        package let name: String
    }

    package let exchanges: [Exchange]

    /// - Parameter acrossPositions: whether orbits on different Wyckoff positions exchange too. Where it is known which element
    ///   occupies which position, they must not.
    package init(_ structure: ReducedStructure, acrossPositions: Bool = false) {
        func number(_ orbit: Orbit) -> Int { orbit.occupants.first?.species.element.atomicNumber ?? 0 }
        let orbits = structure.orbits
        var pairs: [(first: Int, second: Int, difference: Int)] = []
        for i in orbits.indices {
            for j in orbits.indices.dropFirst(i + 1)
            where orbits[i].multiplicity == orbits[j].multiplicity
                && (acrossPositions || orbits[i].letter == orbits[j].letter)
                && orbits[i].occupants != orbits[j].occupants
            {
                pairs.append((i, j, abs(number(orbits[i]) - number(orbits[j]))))
            }
        }
        pairs.sort { ($0.difference, $0.first, $0.second) < ($1.difference, $1.first, $1.second) }
        exchanges = pairs.map { i, j, _ in
            // What moves is the element, with its label and displacement; the place stays, and with it the atoms' operations.
            var exchanged = structure
            exchanged.orbits[i].take(occupantsOf: orbits[j])
            exchanged.orbits[j].take(occupantsOf: orbits[i])
            return Exchange(
                structure: exchanged, name: "\(orbits[i].label) and \(orbits[j].label) exchanged")
        }
    }
}

extension Orbit {
    fileprivate mutating func take(occupantsOf other: Orbit) {
        (occupants, label, displacement) = (other.occupants, other.label, other.displacement)
    }
}
