import Crystallography
import Parameterization

extension DesignTemplate {
    /// One role for each element of a structure, with every state of the element's own sign.
    package static func roles(of structure: ReducedStructure) throws(DesignError) -> [Role] {
        var elements: [Element] = []
        for element in structure.orbits.compactMap(\.element) where !elements.contains(element) {
            elements.append(element)
        }
        let anions = try anions(of: structure, elements: elements)
        let states = Set(Ion.all.map(\.charge))
        return elements.map { element in
            Role(
                name: element.symbol,
                charges: states.filter { ($0 < 0) == anions.contains(element) }.sorted())
        }
    }

    /// The elements that carry negative charge in a structure: of those that may carry either sign as many as leave
    /// it neutral, so that sulphur is an anion in a sulphide and none in a sulphate.
    private static func anions(
        of structure: ReducedStructure, elements: [Element]
    ) throws(DesignError) -> Set<Element> {
        var either: [Element] = []
        var always: Set<Element> = []
        for element in elements {
            let charges = Ion.of(element).map(\.charge)
            guard !charges.isEmpty else { throw .unknownElement(element.symbol) }
            guard charges.contains(where: { $0 < 0 }) else { continue }
            if charges.contains(where: { $0 > 0 }) { either.append(element) } else { always.insert(element) }
        }
        let choices = (0..<(1 << either.count)).map { mask in
            always.union(either.indices.filter { mask & (1 << $0) != 0 }.map { either[$0] })
        }.sorted { $0.count > $1.count }
        let neutral = choices.first { isNeutral(structure, anions: $0) }
        return neutral ?? choices.first { $0.count < elements.count } ?? always
    }

    private static func isNeutral(_ structure: ReducedStructure, anions: Set<Element>) -> Bool {
        let groups = structure.orbits.map { orbit in
            let charges = orbit.element.map { element in
                Ion.of(element).map(\.charge).filter { ($0 < 0) == anions.contains(element) }
            }
            return Neutrality.Group(multiplicity: orbit.multiplicity, charges: charges ?? [])
        }
        return Neutrality(groups).count > 0
    }
}
