import Crystallography
import NumericalMethods
import Symmetry

/// An orbit as structure factors see it: where its representative is, what sits there, and the operations that
/// make its other atoms.
public struct ScatteringOrbit: Sendable {
    public var label: String
    public var scatterers: [Scatterer]
    /// One for each of `scatterers`.
    public var occupancies: [Double]
    /// Fractional coordinates of the representative.
    public var position: SIMD3<Double>
    public var displacement: Displacement
    /// One operation for each atom of the cell that belongs to the orbit.
    public var images: [SymmetryOperation]
    /// A position on the same site without accidental coincidences between images.
    public var genericPosition: SIMD3<Double>

    public init(
        label: String, scatterers: [Scatterer], occupancies: [Double], position: SIMD3<Double>,
        displacement: Displacement = .isotropic(b: 0), images: [SymmetryOperation],
        genericPosition: SIMD3<Double>? = nil
    ) {
        self.label = label
        self.scatterers = scatterers
        self.occupancies = occupancies
        self.position = position
        self.displacement = displacement
        self.images = images
        self.genericPosition = genericPosition ?? position
    }
}

/// The part of an orbit that has to be summed: one image of every class under lattice centring and inversion.
struct ReducedImages {
    let images: [SymmetryOperation]
    /// What each of the images stands for: atoms per class.
    let factor: Double

    /// Fails where the images are not closed under the operations.
    init?(_ orbit: ScatteringOrbit, centrings: [SymmetryOperation], inversion: SymmetryOperation?) {
        let points = orbit.images.map { $0.apply(to: orbit.genericPosition) }
        var remaining = Array(orbit.images.indices)
        var kept: [SymmetryOperation] = []
        var classSize = 0
        while let first = remaining.first {
            var relatives = centrings.map { $0.apply(to: points[first]) }
            if let inversion { relatives += relatives.map { inversion.apply(to: $0) } }
            let members = remaining.filter { candidate in
                relatives.contains { ($0 - points[candidate]).nearestImage.length < 1e-6 }
            }
            if kept.isEmpty { classSize = members.count }
            guard members.contains(first), members.count == classSize else { return nil }
            kept.append(orbit.images[first])
            remaining.removeAll { members.contains($0) }
        }
        images = kept
        factor = Double(classSize)
    }
}
