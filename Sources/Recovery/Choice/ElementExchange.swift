import Crystallography
import Parameterization

/// The structures that differ from one only in which of two elements stands on which of two orbits of the same
/// position: what X-rays tell apart least, the nearest atomic numbers first.
struct ElementExchange {
    let structures: [ReducedStructure]

    /// - Parameter limit: exchanges at most.
    init(_ structure: ReducedStructure, limit: Int = 12) {
        func number(_ orbit: Orbit) -> Int { orbit.occupants.first?.species.element.atomicNumber ?? 0 }
        let orbits = structure.orbits
        var pairs: [(first: Int, second: Int, difference: Int)] = []
        for i in orbits.indices {
            for j in orbits.indices.dropFirst(i + 1)
            where orbits[i].letter == orbits[j].letter && orbits[i].multiplicity == orbits[j].multiplicity
                && orbits[i].coordinates.count == orbits[j].coordinates.count
                && orbits[i].occupants != orbits[j].occupants
            {
                pairs.append((i, j, abs(number(orbits[i]) - number(orbits[j]))))
            }
        }
        pairs.sort { ($0.difference, $0.first, $0.second) < ($1.difference, $1.first, $1.second) }
        structures = pairs.prefix(limit).map { i, j, _ in
            // The occupants stay with their labels; what moves is the place.
            var exchanged = structure
            let (a, b) = (structure.orbits[i], structure.orbits[j])
            exchanged.orbits[i] = b.occupied(like: a)
            exchanged.orbits[j] = a.occupied(like: b)
            return exchanged
        }
    }
}

extension Orbit {
    fileprivate func occupied(like other: Orbit) -> Orbit {
        var result = self
        result.occupants = other.occupants
        result.label = other.label
        return result
    }
}
