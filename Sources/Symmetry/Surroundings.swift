import Crystallography
import NumericalMethods

/// Kinds of atoms told apart by their neighbours as well as by what they are.
///
/// spglib holds every candidate of an operation, one for each atom of the rarest kind, against all atoms: a cell of
/// 863 copper atoms about a vacancy keeps it for ten seconds. Operations map equal surroundings only, and the twelve
/// atoms next to the vacancy are few. What symmetry may exchange stays one kind, at the tolerance asked for.
package struct Surroundings {
    /// For each atom its kind, numbered from 0.
    package let kinds: [Int]

    /// In units of the mean distance (V/N)^⅓: within it lie some 24 atoms.
    private static let radius = 1.8
    /// Distances that are compared for each kind of neighbour: an fcc metal's shell of twelve and the next.
    private static let neighbours = 14
    /// Kinds of neighbours that are looked at; of an alloy with more, the first ones serve.
    private static let mostKinds = 6
    /// Distances of atoms that an operation exchanges differ by two tolerances, and by what the strain that spglib allows
    /// a lattice adds within the radius; twice that is taken.
    private static let slack = 8.0

    /// - Parameters:
    ///   - positions: fractional coordinates on the lattice.
    ///   - kinds: equal for atoms that hold the same, numbered from 0.
    ///   - lattice: nearly reduced.
    ///   - tolerance: Å.
    package init(of positions: [SIMD3<Double>], kinds: [Int], lattice: Lattice, tolerance: Double) {
        let radius = Self.radius * PointGrid.spacing(of: positions.count, in: lattice)
        let slack = Self.slack * tolerance
        let kindCount = (kinds.max() ?? -1) + 1
        guard radius > slack, kindCount > 0 else {
            self.kinds = kinds
            return
        }
        let grid = PointGrid(positions, lattice)
        let metric = PeriodicMetric(lattice)
        let compared = min(kindCount, Self.mostKinds)
        // For each atom the sorted distances to its neighbours of each kind, those beyond the radius at the radius: where
        // atoms move a little, each changes no more than the atoms do.
        let signatures = positions.indices.map { atom -> [Double] in
            var distances = [[Double]](repeating: [], count: compared)
            grid.forEach(near: positions[atom], within: radius) { other in
                guard other != atom, kinds[other] < compared else { return }
                let distance = metric.shortest(positions[other] - positions[atom]).length
                if distance < radius { distances[kinds[other]].append(distance) }
            }
            return distances.flatMap { list in
                let sorted = list.sorted().prefix(Self.neighbours)
                return sorted + [Double](repeating: radius, count: Self.neighbours - sorted.count)
            }
        }
        self.kinds = Self.refined(kinds, signatures, slack: slack)
    }

    /// Kinds that differ where a component of the signatures shows a gap between them.
    private static func refined(_ kinds: [Int], _ signatures: [[Double]], slack: Double) -> [Int] {
        var result = kinds
        for component in signatures[0].indices {
            let order = signatures.indices.sorted { signatures[$0][component] < signatures[$1][component] }
            var group = 0
            var groups = [Int](repeating: 0, count: kinds.count)
            for (previous, atom) in zip(order, order.dropFirst()) {
                if signatures[atom][component] - signatures[previous][component] > slack { group += 1 }
                groups[atom] = group
            }
            guard group > 0 else { continue }
            var numbers: [SIMD2<Int>: Int] = [:]
            for atom in result.indices {
                let key = SIMD2(result[atom], groups[atom])
                let number = numbers[key] ?? numbers.count
                numbers[key] = number
                result[atom] = number
            }
        }
        return result
    }
}
