import Crystallography
import Foundation
import NumericalMethods

/// Numbers that two structures of one composition have in common where they are alike, whatever the cell, its origin and
/// its size: for each element the mean distances to its nearest atoms, in units of (V/N)^⅓.
package struct StructureFingerprint: Sendable, Hashable {
    private let distances: [Double]

    /// Nearest atoms of each atom.
    private static let neighbours = 12
    /// In units of (V/N)^⅓: twelve atoms are nearer than 1.5 in a crystal without holes.
    private static let reach = 2.5

    package init(_ structure: CrystalStructure) {
        let count = Double(max(1, structure.sites.count))
        let unit = cbrt(structure.lattice.volume / count)
        let near = PeriodicGeometry(structure.lattice)
            .neighbours(of: structure.sites.map(\.position), within: Self.reach * unit)
        var sums: [Element: (sum: [Double], count: Double)] = [:]
        for (site, others) in zip(structure.sites, near) {
            guard let element = site.element else { continue }
            var own = sums[element] ?? ([Double](repeating: 0, count: Self.neighbours), 0)
            for k in 0..<Self.neighbours {
                own.sum[k] += k < others.count ? others[k].distance / unit : Self.reach
            }
            own.count += 1
            sums[element] = own
        }
        distances = sums.sorted { $0.key < $1.key }.flatMap { _, own in own.sum.map { $0 / own.count } }
    }

    /// The mean difference of the distances, in units of (V/N)^⅓; infinite where elements differ.
    package func difference(to other: StructureFingerprint) -> Double {
        guard distances.count == other.distances.count, !distances.isEmpty else { return .infinity }
        let sum = zip(distances, other.distances).reduce(0) { $0 + abs($1.0 - $1.1) }
        return sum / Double(distances.count)
    }
}
