import Crystallography
import Foundation
import NumericalMethods
import Symmetry

/// How far one description of a crystal is from another in the same setting: lattice strain and displacement
/// in one number, uncapped.
///
/// d = √(‖½ ln(G₀^−½ G G₀^−½)‖²_F + (rms/(V/N)^⅓)²), least over equivalent descriptions.
public struct StructuralDistance: Sendable, Hashable {
    /// ‖½ ln(G₀^−½ G G₀^−½)‖_F: the logarithmic (Hencky) strain between the cells.
    public let strain: Double
    /// rms/(V/N)^⅓ with V, N of the reference.
    public let displacement: Double

    /// The root of the sum of squares of strain and displacement.
    public var value: Double { (strain * strain + displacement * displacement).squareRoot() }

    /// - Parameters: as in `EquivalentDescription.closest`.
    /// - Returns: nil where the two do not hold the same atoms.
    public static func between(
        _ structure: CrystalStructure, _ reference: CrystalStructure,
        allowing operations: [SymmetryOperation]? = nil, polarDirections: [SIMD3<Int>] = []
    ) -> StructuralDistance? {
        guard
            let description = EquivalentDescription.closest(
                structure, to: reference, allowing: operations, polarDirections: polarDirections)
        else { return nil }
        let unit = cbrt(reference.lattice.volume / Double(reference.sites.count))
        return StructuralDistance(
            strain: strain(from: reference.lattice, to: description.lattice),
            displacement: description.rmsDisplacement / unit)
    }

    /// ‖½ ln(G₀^−½ G G₀^−½)‖_F of two cells on corresponding vectors; NaN for a cell without volume.
    package static func strain(from reference: Lattice, to lattice: Lattice) -> Double {
        // Metrics without eigenvalues are of cells without volume.
        guard let eigen = try? SymmetricEigen(DenseMatrix(reference.metric)), (eigen.values.first ?? 0) > 0
        else {
            return .nan
        }
        let root = eigen.mapped { 1 / $0.squareRoot() }
        let relative = root * DenseMatrix(lattice.metric) * root
        guard let stretched = try? SymmetricEigen(relative), (stretched.values.first ?? 0) > 0 else {
            return .nan
        }
        return stretched.values.reduce(0) { $0 + 0.25 * log($1) * log($1) }.squareRoot()
    }
}
