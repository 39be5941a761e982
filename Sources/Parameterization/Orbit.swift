import Crystallography
import NumericalMethods
import Symmetry

/// One crystallographic orbit: a representative on its site, and the operations that make all its atoms.
public struct Orbit: Sendable, Hashable {
    /// Unique in its structure: `O1`.
    public var label: String
    /// What occupies every site of the orbit.
    public var occupants: [Occupant]
    /// Of the representative.
    public let siteSymmetry: SiteSymmetry
    /// The free Wyckoff coordinates u of the representative, x = A u + b; 0–3 of them.
    public package(set) var coordinates: [Double]
    /// The displacement parameter of the representative, Å².
    public var displacement: Displacement?
    /// Wyckoff letter in the structure's setting; empty where the setting is in no table.
    public let letter: String
    /// One operation for each atom of the orbit in the cell; the first is the identity, up to a lattice vector.
    public let images: [SymmetryOperation]

    /// A site of the asymmetric unit and the atoms that the group makes of it.
    package init(
        label: String, occupants: [Occupant], siteSymmetry: SiteSymmetry, coordinates: [Double],
        displacement: Displacement? = nil, letter: String = "", images: [SymmetryOperation]
    ) {
        self.label = label
        self.occupants = occupants
        self.siteSymmetry = siteSymmetry
        self.coordinates = coordinates
        self.displacement = displacement
        self.letter = letter
        self.images = images
    }

    /// The number of its atoms in the cell.
    public var multiplicity: Int { images.count }

    /// The representative's fractional coordinates.
    public var position: SIMD3<Double> { siteSymmetry.position(coordinates) }

    /// Scattering power of the whole orbit, Σ Z · occupancy · multiplicity: which orbit pins a polar origin.
    var electrons: Double {
        occupants.reduce(0) { $0 + Double($1.species.element.atomicNumber) * $1.occupancy }
            * Double(multiplicity)
    }

    /// Chooses, among the orbit's atoms that lie on the representative's own site formula, the one whose coordinates
    /// in [0, 1) have the least sum of squares: the same crystal, described by the representative a table would list.
    package mutating func moveToSmallestRepresentative(in spaceGroup: SpaceGroup) {
        let position = position
        var best = (size: Double.infinity, coordinates: coordinates)
        for operation in spaceGroup.operations {
            let image = operation.apply(to: position)
            for shift in Self.latticeShifts {
                let moved = (image + 1e-9).wrapped - 1e-9 + shift
                guard (siteSymmetry.idealized(moved) - moved).length < 1e-7 else { continue }
                let size = moved.wrapped.dot(moved.wrapped)
                if size < best.size - 1e-7 { best = (size, siteSymmetry.parameters(of: moved)) }
            }
        }
        coordinates = best.coordinates
    }

    private static let latticeShifts: [SIMD3<Double>] = [0.0, -1].flatMap { i in
        [0.0, -1].flatMap { j in [0.0, -1].map { SIMD3(i, j, $0) } }
    }
}
