import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// Enumerates which Wyckoff positions a composition can occupy in a space group, and ranks them by what a start's
/// atoms look like.
///
/// The atoms of each element fill a multiset of positions; a position without free coordinates holds one orbit at
/// most, whatever the element. For each element alone, `SkeletonAssignment` says which squared displacement S it
/// costs to put its atoms there; S adds up over elements. An assignment of p free coordinates to N atoms is weighed as
/// 3N ln S + p ln 3N (Schwarz's criterion), the least first.
package struct WyckoffAssignment: Sendable {
    /// Multisets of positions that are tried for each element at most.
    package var limit: Int
    /// Multisets of each element that enter the combinations.
    package var kept: Int
    /// Combinations that are kept while elements are added.
    package var combined: Int
    /// Drawn beginnings for each multiset.
    package var beginnings: Int
    package var seed: UInt64 = 1

    /// - Parameter isFamily: whether only the crystal family is known, so that more is kept.
    package init(
        settings: RecoverySettings.Occupation = RecoverySettings.Occupation(), isFamily: Bool = false
    ) {
        limit = settings.multisets
        kept = isFamily ? settings.keptOfFamily : settings.kept
        combined = isFamily ? settings.combinedOfFamily : settings.combined
        beginnings = settings.beginnings
    }

    package struct Result: Sendable {
        /// With the start's cell and coordinates, the best ranked first.
        package var structures: [ReducedStructure]
        /// 3N ln S + p ln 3N of each, the lower the better.
        package var scores: [Double]
        /// Multisets that were tried, summed over the elements.
        package var count: Int
        /// False where some element has more than `limit`.
        package var isComplete: Bool
    }

    /// - Parameter start: every atom of the cell, on the axes of the setting.
    /// - Throws: where atoms cannot be put on positions that they fill; no structure is known that does it.
    package func assign(_ start: CrystalStructure, in group: SpaceGroup, best: Int)
        throws(SkeletonError) -> Result
    {
        let ways = try ways(start, in: group)
        let chosen = ways.indices.prefix(best)
        return Result(
            structures: chosen.map(ways.structure), scores: chosen.map(ways.score), count: ways.count,
            isComplete: ways.isComplete)
    }

    /// All ways, the best ranked first, made into structures when they are asked for.
    func ways(_ start: CrystalStructure, in group: SpaceGroup) throws(SkeletonError) -> Ways {
        let kinds = Dictionary(grouping: start.sites, by: \.occupants)
            .sorted { ($0.value.count, $0.key.description) < ($1.value.count, $1.key.description) }
        var count = 0
        var isComplete = true
        var choices: [[Choice]] = []
        for (_, sites) in kinds {
            let multisets = Self.multisets(of: group.wyckoffPositions, filling: sites.count, limit: limit + 1)
            isComplete = isComplete && multisets.count <= limit
            count += min(multisets.count, limit)
            choices.append(
                try ranked(multisets.prefix(limit), sites: sites, start: start, group: group))
        }
        return Ways(
            start: start, group: group, choices: choices,
            combinations: combinations(choices, atoms: start.sites.count), count: count,
            isComplete: isComplete)
    }

    struct Ways {
        fileprivate let start: CrystalStructure
        fileprivate let group: SpaceGroup
        fileprivate let choices: [[Choice]]
        fileprivate let combinations: [Combination]
        let count: Int
        let isComplete: Bool

        var indices: Range<Int> { combinations.indices }

        func score(_ index: Int) -> Double { combinations[index].score }

        /// Coordinates without symmetry's hold, those that fix a polar origin among them.
        func free(_ index: Int) -> Int { combinations[index].free }

        private func chosen(_ index: Int) -> [Choice] {
            zip(choices, combinations[index].chosen).map { $0[$1] }
        }

        /// With the start's cell and coordinates.
        func structure(_ index: Int) -> ReducedStructure {
            ReducedStructure(
                title: start.title, spaceGroup: group, lattice: start.lattice,
                orbits: chosen(index).flatMap(\.orbits))
        }

        /// The letters that each kind of atom occupies, sorted.
        func letters(_ index: Int) -> [[String]] { chosen(index).map(\.letters) }
    }

    /// One choice of each element, by its rank among the element's.
    fileprivate struct Combination {
        var chosen: [Int] = []
        /// Positions without freedom that are taken.
        var fixed: Set<String> = []
        var square = 0.0
        var free = 0
        var score = 0.0
    }

    /// One element on one multiset of positions.
    fileprivate struct Choice {
        /// Of its positions, sorted.
        var letters: [String]
        /// On its positions, each with all its atoms even where they meet: an undistorted start may lay them on a position of
        /// fewer.
        var orbits: [Orbit]
        /// Letters of the positions without freedom.
        var fixed: Set<String>
        /// Σ|displacement|², Å².
        var square: Double
        var free: Int
    }

    /// The multisets of positions whose multiplicities add up to `count`, `limit` of them at most.
    package static func multisets(
        of positions: [WyckoffPosition], filling count: Int, limit: Int
    ) -> [[WyckoffPosition]] {
        let canFill = reachableRests(of: positions, filling: count)
        var found: [[WyckoffPosition]] = []
        var chosen: [WyckoffPosition] = []
        func extend(from first: Int, rest: Int) {
            guard rest > 0 else {
                found.append(chosen)
                return
            }
            for index in first..<positions.count where positions[index].multiplicity <= rest {
                let position = positions[index]
                let next = position.degreesOfFreedom == 0 ? index + 1 : index
                // Every way that is gone ends in a filling, so that `limit` bounds the work too.
                guard found.count < limit else { return }
                guard canFill[next][rest - position.multiplicity] else { continue }
                chosen.append(position)
                extend(from: next, rest: rest - position.multiplicity)
                chosen.removeLast()
            }
        }
        if canFill[0][count] { extend(from: 0, rest: count) }
        return found
    }

    /// [i][n]: whether the positions from the i-th on can hold n atoms, one without freedom once at most.
    private static func reachableRests(of positions: [WyckoffPosition], filling count: Int) -> [[Bool]] {
        var table = [[Bool]](
            repeating: [true] + [Bool](repeating: false, count: count), count: positions.count + 1)
        for (index, position) in positions.enumerated().reversed() {
            let multiplicity = position.multiplicity
            let next = position.degreesOfFreedom == 0 ? index + 1 : index
            for rest in 1..<(count + 1) {
                table[index][rest] =
                    table[index + 1][rest] || (multiplicity <= rest && table[next][rest - multiplicity])
            }
        }
        return table
    }

    private func ranked(
        _ multisets: some Sequence<[WyckoffPosition]>, sites: [Site], start: CrystalStructure,
        group: SpaceGroup
    ) throws(SkeletonError) -> [Choice] {
        let part = CrystalStructure(lattice: start.lattice, sites: sites)
        var assignment = SkeletonAssignment()
        assignment.seed = seed
        assignment.settings.beginnings = beginnings
        var choices: [Choice] = []
        for positions in multisets {
            let skeleton = Self.skeleton(positions, of: sites[0], group, start.lattice)
            let placed = try assignment.assign(part, on: skeleton)
            choices.append(
                Choice(
                    letters: positions.map(\.letter).sorted(),
                    orbits: placed.structure.orbits,
                    fixed: Set(positions.filter { $0.degreesOfFreedom == 0 }.map(\.letter)),
                    square: placed.rmsDisplacement * placed.rmsDisplacement * Double(sites.count),
                    free: positions.reduce(0) { $0 + $1.degreesOfFreedom }))
        }
        choices.sort {
            Self.score($0.square, $0.free, atoms: sites.count)
                < Self.score($1.square, $1.free, atoms: sites.count)
        }
        return Array(choices.prefix(kept))
    }

    private static func score(_ square: Double, _ free: Int, atoms: Int) -> Double {
        let equations = 3 * Double(atoms)
        return equations * log(max(square / equations, 1e-8)) + Double(free) * log(equations)
    }

    /// One choice for each element, no fixed position taken twice, the best first.
    private func combinations(_ choices: [[Choice]], atoms: Int) -> [Combination] {
        var partial = [Combination()]
        for options in choices {
            var next: [Combination] = []
            for chosen in partial {
                for (rank, option) in options.enumerated()
                where option.fixed.isEmpty || chosen.fixed.isDisjoint(with: option.fixed) {
                    var longer = chosen
                    longer.chosen.append(rank)
                    if !option.fixed.isEmpty { longer.fixed.formUnion(option.fixed) }
                    longer.square += option.square
                    longer.free += option.free
                    longer.score = Self.score(longer.square, longer.free, atoms: atoms)
                    next.append(longer)
                }
            }
            next.sort { $0.score < $1.score }
            partial = Array(next.prefix(combined))
        }
        return partial
    }

    private static func skeleton(
        _ positions: [WyckoffPosition], of site: Site, _ group: SpaceGroup, _ lattice: Lattice
    ) -> ReducedStructure {
        // Irrational coordinates meet no other position by accident.
        let generic = SIMD3(0.1234871, 0.3141593, 0.2718282)
        let sites = positions.map { position in
            let base = SIMD3<Double>(position.translation) / Double(SymmetryOperation.denominator)
            return Site(occupants: site.occupants, position: Matrix3(position.matrix) * generic + base)
        }
        return ReducedStructure(spaceGroup: group, lattice: lattice, asymmetricSites: sites, tolerance: 1e-5)
    }
}
