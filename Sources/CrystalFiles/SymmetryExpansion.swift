import Crystallography
import Foundation
import NumericalMethods
import Symmetry

/// From asymmetric sites and operations to every atom of the cell.
struct SymmetryExpansion {
    let lattice: Lattice
    let operations: [SymmetryOperation]

    /// Images of one fully occupied atom nearer than this are one atom on a special position: no two atoms
    /// come that near, so rounding or a slight misplacement is the only reading.
    static let fullSiteTolerance = 0.3
    /// For partly occupied atoms, which may be split over positions near a symmetry element.
    static let partialSiteTolerance = 0.05
    /// Å; a larger move onto a special position is reported.
    static let reportedMove = 0.02

    struct Orbit {
        var sites: [Site]
        /// How far the site moved onto its special position, in Å.
        var move: Double
    }

    /// The images of one site, the site itself first. On a special position the site is first averaged
    /// over its stabilizer, so that 0.3333 becomes 1/3 and its images coincide exactly.
    func orbit(of site: Site) -> Orbit {
        guard operations.count > 1 else { return Orbit(sites: [site], move: 0) }
        let occupancy = site.occupants.reduce(0) { $0 + $1.occupancy }
        let tolerance = occupancy > 0.99 ? Self.fullSiteTolerance : Self.partialSiteTolerance
        var position = site.position
        // Averaging over the operations that keep a neighbourhood may bring one more within reach.
        for _ in 0..<3 {
            let stabilizer = operations.compactMap { operation -> SIMD3<Double>? in
                let difference = (operation.apply(to: position) - position).nearestImage
                return lattice.length(difference) < tolerance ? difference : nil
            }
            guard stabilizer.count > 1 else { break }
            let shift = stabilizer.reduce(.zero, +) / Double(stabilizer.count)
            position += shift
            if lattice.length(shift) < 1e-12 { break }
        }
        let move = lattice.length(position - site.position)
        var images: [Site] = []
        for operation in operations {
            let raw = operation == .identity ? position : operation.apply(to: position).wrapped
            let isKnown = images.contains {
                lattice.length(($0.position - raw).nearestImage) < tolerance
            }
            guard !isKnown else { continue }
            var image = site
            image.position = raw
            image.displacement = site.displacement.map { rotated($0, by: operation) }
            images.append(image)
        }
        return Orbit(sites: images, move: move)
    }

    /// U on the reciprocal basis turns as U' = N⁻¹ R N U Nᵀ Rᵀ N⁻ᵀ with N = diag(a*, b*, c*).
    private func rotated(_ displacement: Displacement, by operation: SymmetryOperation) -> Displacement {
        guard case .anisotropic(let u) = displacement, operation.rotation != .identity else {
            return displacement
        }
        let n = lattice.reciprocal.lengths
        let scale = Matrix3(diagonal: n)
        let unscale = Matrix3(diagonal: 1 / n)
        let turn = unscale * Matrix3(operation.rotation) * scale
        return .anisotropic(u: turn * u * turn.transpose)
    }
}
