import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Refinement
import Symmetry

/// The ways in which a composition can fill the Wyckoff positions of a group, without any start: those with few orbits first.
///
/// A position without freedom holds one orbit at most. Ways that another choice of origin or axes turns into each other are one.
package struct CompositionAssignment: Sendable {
    package let settings: RecoverySettings.Solution

    package init(settings: RecoverySettings.Solution) { self.settings = settings }

    /// What stands on a position, one element as a rule, and its positions in the cell.
    package struct Part: Sendable, Hashable {
        package var occupants: [Occupant]
        package var count: Int

        package init(_ occupants: [Occupant], count: Int) {
            (self.occupants, self.count) = (occupants, count)
        }

        fileprivate var name: String { occupants.map(\.species.symbol).joined(separator: " ") }
    }

    /// The ways, with coordinates that mean nothing yet; empty where the composition cannot fill the group.
    ///
    /// - Throws: `CancellationError`.
    package func structures(of parts: [Part], in group: SpaceGroup, lattice: Lattice) throws
        -> [ReducedStructure]
    {
        let parts = parts.sorted {
            ($0.count, $0.name) < ($1.count, $1.name)
        }
        var combinations = [Combination()]
        for part in parts {
            try WorkLimit.check()
            let multisets = WyckoffAssignment.multisets(
                of: group.wyckoffPositions, filling: part.count, limit: settings.multisets)
            combinations = try extended(combinations, by: multisets)
            if combinations.isEmpty { return [] }
        }
        let permutations = LetterPermutations(of: group, lattice: lattice)
        var seen: Set<String> = []
        let distinct = combinations.filter { seen.insert(permutations.key($0.letters)).inserted }
        return affordable(distinct).map { $0.structure(of: parts, in: group, lattice: lattice) }
    }

    /// The simplest, as many as their searches can be paid for: starts go with the coordinates, the work of one with their square.
    private func affordable(_ combinations: [Combination]) -> ArraySlice<Combination> {
        var (count, effort) = (0, 0.0)
        for combination in combinations.prefix(settings.waysOfGroup) {
            effort += pow(Double(combination.free), 3)
            if effort > settings.searchEffort, count >= settings.leastWays { break }
            count += 1
        }
        return combinations.prefix(count)
    }

    /// Positions for each of the first elements.
    private struct Combination {
        var positions: [[WyckoffPosition]] = []
        var fixed: Set<String> = []
        var free = 0
        var complexity = 0

        var letters: [[String]] { positions.map { $0.map(\.letter).sorted() } }

        func with(_ choice: Choice) -> Combination {
            var next = self
            next.positions.append(choice.positions)
            next.fixed.formUnion(choice.fixed)
            next.free += choice.free
            next.complexity += choice.complexity
            return next
        }

        /// Irrational coordinates meet no other position by accident.
        private static let generic = SIMD3(0.1234871, 0.3141593, 0.2718282)

        func structure(of parts: [Part], in group: SpaceGroup, lattice: Lattice) -> ReducedStructure {
            let sites = zip(parts, positions).flatMap { part, positions in
                positions.map { position in
                    let base = SIMD3<Double>(position.translation) / Double(SymmetryOperation.denominator)
                    return Site(
                        occupants: part.occupants, position: Matrix3(position.matrix) * Self.generic + base)
                }
            }
            return ReducedStructure(
                spaceGroup: group, lattice: lattice, asymmetricSites: sites, tolerance: 1e-5)
        }
    }

    /// The simplest of all pairs of a combination and a multiset that exclude each other nowhere: complexities add up, so pairs are
    /// made in their order, as many as are kept.
    private func extended(_ combinations: [Combination], by multisets: [[WyckoffPosition]]) throws
        -> [Combination]
    {
        let choices = multisets.map { Choice($0, costs: settings.placeCosts) }
        let byComplexity = Dictionary(grouping: choices, by: \.complexity)
        let levels = Set(combinations.map(\.complexity)).flatMap { first in
            byComplexity.keys.map { first + $0 }
        }
        var longer: [Combination] = []
        for level in Set(levels).sorted() where longer.count < settings.combinations {
            try WorkLimit.check()
            for combination in combinations {
                for choice in byComplexity[level - combination.complexity] ?? []
                where combination.fixed.isDisjoint(with: choice.fixed) {
                    longer.append(combination.with(choice))
                }
            }
        }
        return Array(longer.prefix(settings.combinations))
    }

    /// Positions for one element.
    private struct Choice {
        let positions: [WyckoffPosition]
        let fixed: Set<String>
        let free: Int
        /// Simple ways first: by Pauling's fifth rule crystals have few kinds of places.
        let complexity: Int

        init(_ positions: [WyckoffPosition], costs: [Int]) {
            self.positions = positions
            fixed = Set(positions.filter { $0.degreesOfFreedom == 0 }.map(\.letter))
            free = positions.reduce(0) { $0 + $1.degreesOfFreedom }
            complexity = positions.reduce(0) { $0 + costs[min($1.degreesOfFreedom, costs.count - 1)] }
        }
    }
}
