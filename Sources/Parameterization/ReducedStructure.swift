import Crystallography
import NumericalMethods
import Symmetry

/// A crystal structure as its space group leaves it free: lattice parameters of the family and Wyckoff
/// coordinates of the orbits.
///
/// Every structure that this value can express has the symmetry; nothing else can be expressed.
public struct ReducedStructure: Sendable, Hashable {
    /// A name for people.
    public var title: String
    /// The group, in the setting of the structure; nothing can break it.
    public let spaceGroup: SpaceGroup
    /// The free lattice parameters of the crystal family, Å and degrees.
    public var latticeParameters: LatticeParameters
    /// What may be changed of them is what their sites leave free: their number, their sites and their images stay.
    public package(set) var orbits: [Orbit]
    /// Where each atom of the cell comes from, in the order of the structure that was reduced.
    public let atoms: [AtomImage]
    /// The cell that was reduced and that `expanded()` gives back, where it is not the setting's own; orbits,
    /// coordinates and lattice parameters are the setting's always.
    package let cell: UnconventionalCell?
    /// (orbit, coordinate) pairs that stay fixed because they only choose the origin along a polar direction.
    public let originCoordinates: [CoordinateIndex]

    /// An atom of the cell: the orbit's representative moved by an operation (lattice translation included).
    public struct AtomImage: Sendable, Hashable {
        /// The index into `orbits`.
        public let orbit: Int
        /// In the setting, whatever the cell is.
        public let operation: SymmetryOperation
        /// The atom's own label; nil where it is called as its orbit.
        public let label: String?

        init(orbit: Int, operation: SymmetryOperation, label: String? = nil) {
            self.orbit = orbit
            self.operation = operation
            self.label = label
        }
    }

    init(
        title: String, spaceGroup: SpaceGroup, latticeParameters: LatticeParameters, orbits: [Orbit],
        atoms: [AtomImage], cell: UnconventionalCell? = nil
    ) {
        self.title = title
        self.spaceGroup = spaceGroup
        self.latticeParameters = latticeParameters
        self.orbits = orbits
        self.atoms = atoms
        self.cell = cell
        originCoordinates = PolarOrigin.pinnedCoordinates(orbits: orbits, spaceGroup: spaceGroup)
    }

    /// Of the setting, in which the orbits are described.
    public var lattice: Lattice { latticeParameters.lattice }

    /// Of the cell that `expanded()` gives.
    package var expandedLattice: Lattice { cell?.lattice(of: lattice) ?? lattice }

    /// All atoms of the cell, in the order of the structure that was reduced.
    public func expanded() -> CrystalStructure {
        let positions = orbits.map(\.position)
        let (setting, own) = (lattice, expandedLattice)
        let sites = atoms.map { atom in
            let orbit = orbits[atom.orbit]
            let position = atom.operation.apply(to: positions[atom.orbit])
            let displacement = orbit.displacement?.moved(by: atom.operation)
            return Site(
                label: atom.label ?? orbit.label, occupants: orbit.occupants,
                position: cell?.fromSetting(position) ?? position,
                displacement: cell.map { displacement?.transformed(by: $0.inverse, from: setting, to: own) }
                    ?? displacement)
        }
        return CrystalStructure(title: title, lattice: own, sites: sites)
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
                    value: value, kind: .coordinate, bounds: floor...(floor + 1),
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

    /// ∂(fractional position of every atom of `expanded()`)/∂(free coordinate), exact: R · A's column, on the cell's
    /// axes; zero for atoms of other orbits. Rows follow `atoms`, the outer array `freeCoordinates`.
    public var positionDerivatives: [[SIMD3<Double>]] {
        freeCoordinates.map { index in
            let direction = SIMD3<Double>(orbits[index.orbit].siteSymmetry.directions[index.coordinate])
            return atoms.map { atom in
                guard atom.orbit == index.orbit else { return .zero }
                let moved = Matrix3(atom.operation.rotation) * direction
                return cell.map { $0.inverse * moved } ?? moved
            }
        }
    }

    /// ∂G/∂(free lattice parameter) of the cell that `expanded()` gives, in Å²/Å and Å²/degree.
    public var metricDerivatives: [Matrix3] {
        latticeParameters.metricDerivatives.map { derivative in
            cell.map { $0.matrix.transpose * derivative * $0.matrix } ?? derivative
        }
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
