import Crystallography
import Foundation

/// What fills the positions of a cell where a formula has numbers that are not whole: elements that share a position in the ratio of
/// the formula, and elements that leave a part of theirs empty.
package struct SharedPositions: Sendable, Hashable {
    /// For each formula unit: what stands on a position, and on how many.
    package struct Filling: Sendable, Hashable {
        package var occupants: [Occupant]
        package var count: Int
    }

    /// Each kind once.
    package private(set) var fillings: [Filling]
    /// Parts of the formula that are too little to be looked for.
    package private(set) var left: [Formula.Part]

    /// Nil where every number of the formula is whole.
    ///
    /// Elements whose numbers add up to a whole one share that many positions, few elements together before many; of the others a number that
    /// is nearer to the next whole one leaves positions empty, and one that is nearer to the last fills those and others in part.
    package init?(_ formula: Formula, _ settings: RecoverySettings.Solution) {
        let tolerance = settings.sharedTolerance
        func isWhole(_ count: Double) -> Bool { count > 0.5 && abs(count - count.rounded()) < tolerance }
        let parts = formula.parts.compactMap { part in
            Species(symbol: part.symbol).map { (species: $0, part: part) }
        }
        guard parts.contains(where: { !isWhole($0.part.count) }) else { return nil }
        fillings = parts.filter { isWhole($0.part.count) }.map {
            Filling(occupants: [Occupant($0.species)], count: Int($0.part.count.rounded()))
        }
        left = []
        var rest = parts.filter { !isWhole($0.part.count) }
        while let group = Self.group(
            of: rest.map(\.part.count),
            where: { sum, members in
                isWhole(sum) && Self.mayShare(members.map { rest[$0].species.element }, settings)
            })
        {
            let sum = group.reduce(0) { $0 + rest[$1].part.count }
            let members = group.map { rest[$0] }
            fillings.append(
                Filling(
                    occupants: members.map { Occupant($0.species, occupancy: $0.part.count / sum) },
                    count: Int(sum.rounded())))
            rest = rest.indices.filter { !group.contains($0) }.map { rest[$0] }
        }
        for (species, part) in rest { fill(species, part, settings) }
    }

    /// Of a formula of whole numbers, with the elements that scatter alike and may share mixed on all their positions; nil where there are none,
    /// or the numbers are not whole.
    ///
    /// What was ground together and scatters alike is a solid solution as often as an order, and an order that the pattern does not show has
    /// a lower group than the pattern does.
    package init?(mixingAlike formula: Formula, _ settings: RecoverySettings.Solution) {
        let parts = formula.parts.compactMap { part in
            Species(symbol: part.symbol).map { (species: $0, count: part.count) }
        }.sorted { $0.species.element.atomicNumber < $1.species.element.atomicNumber }
        guard parts.allSatisfy({ $0.count == $0.count.rounded() }) else { return nil }
        var groups: [[(species: Species, count: Double)]] = []
        for part in parts {
            if let last = groups.last, let first = last.first,
                Self.areAlike(first.species.element, part.species.element, settings),
                Self.mayShare(last.map(\.species.element) + [part.species.element], settings)
            {
                groups[groups.count - 1].append(part)
            } else {
                groups.append([part])
            }
        }
        guard groups.count < parts.count else { return nil }
        left = []
        fillings = groups.map { group in
            let sum = group.reduce(0) { $0 + $1.count }
            return Filling(
                occupants: group.map { Occupant($0.species, occupancy: $0.count / sum) }, count: Int(sum))
        }
    }

    private static func areAlike(_ a: Element, _ b: Element, _ settings: RecoverySettings.Solution) -> Bool {
        let contrast = abs(Double(a.atomicNumber - b.atomicNumber))
        return contrast <= settings.alikeShare * Double(max(a.atomicNumber, b.atomicNumber))
    }

    private mutating func fill(
        _ species: Species, _ part: Formula.Part, _ settings: RecoverySettings.Solution
    ) {
        let whole = part.count.rounded(.down)
        let remainder = part.count - whole
        guard remainder >= 0.5 || (whole == 0 && remainder >= settings.leastShare) else {
            if whole > 0 { fillings.append(Filling(occupants: [Occupant(species)], count: Int(whole))) }
            if remainder < settings.leastShare {
                left.append(Formula.Part(part.symbol, remainder))
            } else {
                fillings.append(Filling(occupants: [Occupant(species, occupancy: remainder)], count: 1))
            }
            return
        }
        fillings.append(
            Filling(
                occupants: [Occupant(species, occupancy: part.count / (whole + 1))], count: Int(whole) + 1))
    }

    /// The fewest numbers that add up to a whole one and whose elements may share; nil where none do.
    private static func group(of counts: [Double], where isGroup: (Double, [Int]) -> Bool) -> [Int]? {
        var groups: [[Int]] = counts.indices.map { [$0] }
        for _ in counts.indices.dropFirst() {
            groups = groups.flatMap { group in
                counts.indices.filter { $0 > (group.last ?? 0) }.map { group + [$0] }
            }
            let found = groups.first { group in isGroup(group.reduce(0) { $0 + counts[$1] }, group) }
            if let found { return found }
        }
        return nil
    }

    /// Whether elements are alike enough to stand on one position: no metal beside an anion.
    private static func mayShare(_ elements: [Element], _ settings: RecoverySettings.Solution) -> Bool {
        let values = elements.compactMap { BondValence.electronegativity($0) }
        guard let least = values.min(), let most = values.max() else { return true }
        return most - least <= settings.sharedContrast
    }
}

extension SharedPositions {
    /// As a person is told.
    package var sentence: String {
        let shared = fillings.filter { $0.occupants.contains { $0.occupancy < 1 } }.map { filling in
            let names = filling.occupants.map { occupant in
                occupant.species.element.symbol + String(format: " %.3g", occupant.occupancy)
            }.joined(separator: ", ")
            return names + (filling.occupants.count > 1 ? " share positions" : " of its positions")
        }
        let few = left.map { "\(String(format: "%.3g", $0.count)) \($0.symbol) is not looked for: refine it" }
        return "the composition is not whole: " + (shared + few).joined(separator: "; ")
    }
}
