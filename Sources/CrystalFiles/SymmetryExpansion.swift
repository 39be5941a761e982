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

    /// Å; no two atoms bond at less. Images nearer than this whose shares add up to more than one atom are one atom.
    static let shortestBond = 0.5
    /// Shares of one place may add up to this.
    static let fullPlace = CIFOccupantReader.greatestOccupancy + CIFOccupantReader.rounding

    struct Orbit {
        var sites: [Site]
        /// How far the site moved onto its special position, in Å.
        var move: Double
        /// Å²; how far the site's tensor was from the symmetry of its position, where that is more than rounding.
        var tensorChange: Double?
    }

    /// The images of one site, the site itself first. On a special position the site is first averaged
    /// over its stabilizer, so that 0.3333 becomes 1/3 and its images coincide exactly.
    func orbit(of site: Site) -> Orbit {
        guard operations.count > 1 else { return Orbit(sites: [site], move: 0) }
        let occupancy = site.occupants.reduce(0) { $0 + $1.occupancy }
        let first = occupancy > 0.99 ? Self.fullSiteTolerance : Self.partialSiteTolerance
        var orbit = orbit(of: site, within: first)
        // A partly occupied atom may be split; one whose images fill their place more than once is misplaced.
        for tolerance in [Self.fullSiteTolerance, Self.shortestBond]
        where tolerance > first && Double(crowd(in: orbit)) * occupancy > Self.fullPlace {
            orbit = self.orbit(of: site, within: tolerance)
        }
        return orbit
    }

    /// How many images of the orbit stand where its first one stands.
    private func crowd(in orbit: Orbit) -> Int {
        let position = orbit.sites[0].position
        return orbit.sites.count {
            lattice.length(($0.position - position).nearestImage) < Self.shortestBond
        }
    }

    private func orbit(of site: Site, within tolerance: Double) -> Orbit {
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
        let (displacement, change) = symmetrized(site.displacement, at: position, within: tolerance)
        var images: [Site] = []
        for operation in operations {
            let raw = operation == .identity ? position : operation.apply(to: position).wrapped
            let isKnown = images.contains {
                lattice.length(($0.position - raw).nearestImage) < tolerance
            }
            guard !isKnown else { continue }
            var image = site
            image.position = raw
            image.displacement = displacement.map { rotated($0, by: operation) }
            images.append(image)
        }
        return Orbit(
            sites: images, move: lattice.length(position - site.position), tensorChange: change)
    }

    /// Å², and the part of the largest U; a tensor nearer than this to the symmetry of its site has it but for rounding.
    private static let tensorRounding = (absolute: 0.0011, relative: 0.05)

    /// A tensor that breaks the symmetry of its site averaged over it, and by how much that changes it.
    private func symmetrized(
        _ displacement: Displacement?, at position: SIMD3<Double>, within tolerance: Double
    ) -> (Displacement?, Double?) {
        guard case .anisotropic(let u) = displacement else { return (displacement, nil) }
        let tensors = operations.compactMap { operation -> Matrix3? in
            let difference = (operation.apply(to: position) - position).nearestImage
            guard lattice.length(difference) < tolerance,
                case .anisotropic(let turned) = rotated(.anisotropic(u: u), by: operation)
            else { return nil }
            return turned
        }
        var mean = Matrix3.zero
        var (change, largest) = (0.0, 0.0)
        for i in 0..<3 {
            for j in 0..<3 {
                mean[i, j] = tensors.reduce(0) { $0 + $1[i, j] } / Double(max(1, tensors.count))
                change = max(change, abs(mean[i, j] - u[i, j]))
                largest = max(largest, abs(u[i, j]))
            }
        }
        guard change > max(Self.tensorRounding.absolute, Self.tensorRounding.relative * largest) else {
            return (displacement, nil)
        }
        return (.anisotropic(u: mean), change)
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
