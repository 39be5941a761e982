import Crystallography
import NumericalMethods
import Symmetry

/// The highest Bravais type that a lattice nearly has, and the trial that stands for it.
package struct MetricSymmetry: Sendable {
    /// Å by which lattice points may be moved.
    package var tolerance: Double

    package init(tolerance: Double) { self.tolerance = tolerance }

    /// - Parameter primitive: any primitive basis.
    package func conventional(_ primitive: Lattice) -> TrialLattice? {
        guard let hydrogen = Element(symbol: "H") else { return nil }
        let points = CrystalStructure(lattice: primitive, sites: [Site(hydrogen, at: .zero)])
        let found: FoundSymmetry
        do {
            found = try SymmetryFinder.find(in: points, tolerance: tolerance)
        } catch {
            // A basis so flat that nothing can be said of it has no symmetry to speak of.
            return nil
        }
        guard let type = BravaisLattice(holohedry: found.spaceGroup.number) else { return nil }
        return TrialLattice(type, cell: found.idealLattice)
    }
}

extension BravaisLattice {
    /// Of the group of a lattice's points.
    fileprivate init?(holohedry number: Int) {
        let known: [Int: BravaisLattice] = [
            225: .cF, 229: .cI, 221: .cP, 191: .hP, 166: .hR, 139: .tI, 123: .tP, 69: .oF, 71: .oI, 65: .oC,
            47: .oP,
            12: .mC, 10: .mP, 2: .aP,
        ]
        guard let type = known[number] else { return nil }
        self = type
    }
}

extension TrialLattice {
    /// Of a conventional cell, which has the type's metric.
    package init?(_ lattice: BravaisLattice, cell: Lattice) {
        let g = cell.reciprocalMetric
        let parameters =
            switch MetricForm(lattice) {
            case .cubic: [g[0, 0]]
            case .hexagonal, .tetragonal: [g[0, 0], g[2, 2]]
            case .orthorhombic: [g[0, 0], g[1, 1], g[2, 2]]
            case .monoclinic: [g[0, 0], g[1, 1], g[2, 2], 2 * g[0, 2]]
            case .triclinic: [g[0, 0], g[1, 1], g[2, 2], 2 * g[1, 2], 2 * g[0, 2], 2 * g[0, 1]]
            }
        self.init(lattice, parameters)
    }
}
