import Crystallography
import NumericalMethods
import Parameterization

/// How near the atoms of a structure come to each other.
public struct Contacts: Sendable {
    /// The shortest contact, as a share of the sum of covalent radii, from which on a structure is sane.
    public static let sane = 0.6

    /// Å.
    public let shortestDistance: Double
    /// As a share of the sum of the two covalent radii, the least over all pairs; hydrogen included.
    public let shortestShare: Double

    public init(_ structure: ReducedStructure) {
        let lattice = structure.lattice
        let positions = structure.orbits.map(\.position)
        let radii = structure.orbits.map { $0.occupants.first?.species.element.covalentRadius ?? 1.4 }
        var (distance, share) = (Double.infinity, Double.infinity)
        for (orbit, position) in positions.enumerated() {
            for atom in structure.atoms {
                let difference = (atom.operation.apply(to: positions[atom.orbit]) - position).nearestImage
                for shift in Self.neighbours {
                    let length = lattice.length(difference + shift)
                    guard length > 1e-6 else { continue }
                    distance = min(distance, length)
                    share = min(share, length / (radii[orbit] + radii[atom.orbit]))
                }
            }
        }
        (shortestDistance, shortestShare) = (distance, share)
    }

    private static let neighbours: [SIMD3<Double>] = [-1.0, 0, 1].flatMap { i in
        [-1.0, 0, 1].flatMap { j in [-1.0, 0, 1].map { SIMD3(i, j, $0) } }
    }
}
