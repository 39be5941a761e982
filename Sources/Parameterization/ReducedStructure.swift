import Crystallography
import NumericalMethods
import Symmetry

/// A crystal structure as its space group leaves it free: lattice parameters of the family and Wyckoff
/// coordinates of the orbits.
///
/// Every structure that this value can express has the symmetry; nothing else can be expressed.
public struct ReducedStructure: Sendable, Hashable {
    public var title: String
    public let spaceGroup: SpaceGroup
    public var latticeParameters: LatticeParameters
    public var orbits: [Orbit]
    /// Where each atom of the cell comes from, in the order of the structure that was reduced.
    public let atoms: [AtomImage]
    /// (orbit, coordinate) pairs that stay fixed because they only choose the origin along a polar direction.
    public let originCoordinates: [CoordinateIndex]

    /// An atom of the cell: the orbit's representative moved by an operation (lattice translation included).
    public struct AtomImage: Sendable, Hashable {
        public let orbit: Int
        public let operation: SymmetryOperation
    }

    public struct CoordinateIndex: Sendable, Hashable {
        public let orbit: Int
        public let coordinate: Int
    }

    init(
        title: String, spaceGroup: SpaceGroup, latticeParameters: LatticeParameters, orbits: [Orbit],
        atoms: [AtomImage]
    ) {
        self.title = title
        self.spaceGroup = spaceGroup
        self.latticeParameters = latticeParameters
        self.orbits = orbits
        self.atoms = atoms
        originCoordinates = PolarOrigin.pinnedCoordinates(orbits: orbits, spaceGroup: spaceGroup)
    }

    public var lattice: Lattice { latticeParameters.lattice }

    /// All atoms of the cell, in the order of the structure that was reduced.
    public func expanded() -> CrystalStructure {
        let positions = orbits.map(\.position)
        let sites = atoms.map { atom in
            let orbit = orbits[atom.orbit]
            return Site(
                label: orbit.label, occupants: orbit.occupants,
                position: atom.operation.apply(to: positions[atom.orbit]),
                displacement: orbit.displacement?.moved(by: atom.operation))
        }
        return CrystalStructure(title: title, lattice: lattice, sites: sites)
    }

    /// The coordinates that are free once polar origins are fixed, in the order of the parameter vector.
    public var freeCoordinates: [CoordinateIndex] {
        let pinned = Set(originCoordinates)
        return orbits.indices.flatMap { orbit in
            orbits[orbit].coordinates.indices.map { CoordinateIndex(orbit: orbit, coordinate: $0) }
        }.filter { !pinned.contains($0) }
    }

    /// Free lattice parameters and free coordinates.
    public var degreesOfFreedom: Int { latticeParameters.names.count + freeCoordinates.count }

    /// Lattice parameters, then coordinates, named and with units.
    public var parameters: [Parameter] {
        let lengths = lattice.lengths
        return latticeParameters.parameters
            + freeCoordinates.map { index in
                let orbit = orbits[index.orbit]
                let value = orbit.coordinates[index.coordinate]
                let direction = SIMD3<Double>(orbit.siteSymmetry.directions[index.coordinate])
                let floor = value.rounded(.down)
                return Parameter(
                    name: "\(orbit.label).\(orbit.siteSymmetry.coordinateNames[index.coordinate])",
                    value: value, unit: "", bounds: floor...(floor + 1),
                    formula: orbit.siteSymmetry.formula, scale: 1 / (direction * lengths).length)
            }
    }

    /// The values of `parameters`, unscaled.
    public var parameterVector: [Double] {
        get {
            latticeParameters.values + freeCoordinates.map { orbits[$0.orbit].coordinates[$0.coordinate] }
        }
        set {
            let count = latticeParameters.values.count
            latticeParameters.values = Array(newValue.prefix(count))
            for (index, value) in zip(freeCoordinates, newValue.dropFirst(count)) {
                orbits[index.orbit].coordinates[index.coordinate] = value
            }
        }
    }

    /// ∂(fractional position of every atom)/∂(free coordinate), exact: R · A's column, zero for atoms of other
    /// orbits. Rows follow `atoms`, the outer array `freeCoordinates`.
    public var positionDerivatives: [[SIMD3<Double>]] {
        freeCoordinates.map { index in
            let direction = SIMD3<Double>(orbits[index.orbit].siteSymmetry.directions[index.coordinate])
            return atoms.map { atom in
                atom.orbit == index.orbit ? Matrix3(atom.operation.rotation) * direction : .zero
            }
        }
    }
}

extension Displacement {
    /// U' = R U Rᵀ for contravariant components of a fractional-coordinate operation, with U_ij on a*ᵢ and equal
    /// cell lengths along axes that the operation exchanges.
    func moved(by operation: SymmetryOperation) -> Displacement {
        guard case .anisotropic(let u) = self else { return self }
        let r = Matrix3(operation.rotation)
        return .anisotropic(u: r * u * r.transpose)
    }
}

extension ReducedStructure {
    /// Which positions are occupied, `Pb 4c, S 4c, O 4c 4c 8d`, elements in the order of the orbits.
    public var occupation: String {
        var order: [String] = []
        var positions: [String: [String]] = [:]
        for orbit in orbits {
            let name = orbit.occupants.map(\.species.element.symbol).joined(separator: "/")
            if positions[name] == nil { order.append(name) }
            positions[name, default: []].append("\(orbit.multiplicity)\(orbit.letter)")
        }
        return order.map { "\($0) \((positions[$0] ?? []).joined(separator: " "))" }.joined(separator: ", ")
    }
}
