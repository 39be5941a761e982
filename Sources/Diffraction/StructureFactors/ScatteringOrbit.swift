import Crystallography
import NumericalMethods
import Parameterization
import Symmetry

/// An orbit as structure factors see it: where its representative is, what sits there, and the operations that
/// make its other atoms.
package struct ScatteringOrbit: Sendable {
    package var label: String
    package var scatterers: [Scatterer]
    /// One for each of `scatterers`.
    package var occupancies: [Double]
    /// Fractional coordinates of the representative.
    package var position: SIMD3<Double>
    package var displacement: Displacement
    /// One operation for each atom of the cell that belongs to the orbit.
    package var images: [SymmetryOperation]
    /// A position on the same site without accidental coincidences between images.
    package var genericPosition: SIMD3<Double>

    package init(
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

extension ScatteringOrbit {
    /// The orbit of a site under a list of operations; a site closer than `tolerance` (Å) to a special position is
    /// put on it.
    package init(
        site: Site, operations: [SymmetryOperation], lattice: Lattice, tolerance: Double = 1e-2,
        radiation: Radiation, table: ScatteringTable = .wk95, dispersion: Bool = true
    ) throws(DiffractionError) {
        var scatterers: [Scatterer] = []
        for occupant in site.occupants {
            scatterers.append(
                try Scatterer(occupant.species, radiation: radiation, table: table, dispersion: dispersion))
        }
        let symmetry = SiteSymmetry(of: site.position, in: operations, lattice: lattice, tolerance: tolerance)
        let generic = symmetry.genericPosition
        var images: [SymmetryOperation] = []
        var points: [SIMD3<Double>] = []
        for operation in operations {
            let image = operation.apply(to: generic)
            guard !points.contains(where: { ($0 - image).nearestImage.length < 1e-6 }) else { continue }
            points.append(image)
            images.append(operation)
        }
        self.init(
            label: site.label, scatterers: scatterers, occupancies: site.occupants.map(\.occupancy),
            position: symmetry.idealized(site.position), displacement: site.displacement ?? .isotropic(b: 0),
            images: images, genericPosition: generic)
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

extension ScatteringOrbit {
    /// An orbit of a reduced structure, with the scatterers of a radiation.
    package init(
        _ orbit: Orbit, radiation: Radiation, table: ScatteringTable = .wk95, dispersion: Bool = true
    ) throws(DiffractionError) {
        var scatterers: [Scatterer] = []
        for occupant in orbit.occupants {
            scatterers.append(
                try Scatterer(occupant.species, radiation: radiation, table: table, dispersion: dispersion))
        }
        self.init(
            label: orbit.label, scatterers: scatterers, occupancies: orbit.occupants.map(\.occupancy),
            position: orbit.position, displacement: orbit.displacement ?? .isotropic(b: 0),
            images: orbit.images,
            genericPosition: orbit.siteSymmetry.genericPosition)
    }
}
