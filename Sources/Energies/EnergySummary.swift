import Crystallography
import Parameterization
import Symmetry

/// What `wyckoff energy` reports of one structure.
public struct EnergySummary: Sendable, Encodable {
    /// A free parameter of the structure in its space group, and how the energy changes with it.
    public struct Slope: Sendable, Encodable {
        public var name: String
        public var value: Double
        public var unit: String
        /// eV per atom and unit of the parameter.
        public var derivative: Double
    }

    public var file: String
    public var name: String
    public var potential: String
    public var formula: String
    public var atoms: Int
    /// eV per cell of the file.
    public var energy: Double
    /// eV.
    public var energyPerAtom: Double
    /// eV/Å, Cartesian, in the order of the file.
    public var forces: [[Double]]
    /// GPa, positive where the cell would shrink.
    public var stress: [[Double]]
    /// µB.
    public var magneticMoments: [Double]
    public var spaceGroup: String
    /// In the conventional setting of `spaceGroup`.
    public var gradient: [Slope]

    /// - Parameter tolerance: Å, within which the space group of the gradient is found.
    public init(
        of structure: CrystalStructure, file: String, name: String, potential: String, model: CHGNet,
        tolerance: Double = 1e-3
    ) throws {
        self.file = file
        self.name = name
        self.potential = potential
        let result = try model.evaluate(structure)
        formula = structure.composition.sorted { $0.key.symbol < $1.key.symbol }
            .map { $0.key.symbol + ($0.value == 1 ? "" : "\(Int($0.value.rounded()))") }.joined()
        atoms = structure.sites.count
        energy = result.energy
        energyPerAtom = result.energyPerAtom
        forces = result.forces.map { [$0.x, $0.y, $0.z] }
        stress = (0..<3).map { [result.stress[$0, 0], result.stress[$0, 1], result.stress[$0, 2]] }
        magneticMoments = result.magneticMoments
        let found = try SymmetryFinder.find(in: structure, tolerance: tolerance)
        let standard = try SymmetryFinder.standardize(structure, found).structure
        let reduced = try ReducedStructure(reducing: standard, in: found.spaceGroup, tolerance: tolerance)
        let expanded = reduced.expanded()
        let slopes = try model.evaluate(expanded).gradient(in: reduced)
        spaceGroup = found.spaceGroup.compactSymbol
        gradient = zip(reduced.parameters, slopes).map { parameter, slope in
            Slope(
                name: parameter.name, value: parameter.value, unit: parameter.unit,
                derivative: slope / Double(expanded.sites.count))
        }
    }
}
