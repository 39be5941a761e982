import Crystallography
import NumericalMethods
import Parameterization

/// Anything that gives a structure an energy, forces on its atoms and a stress.
public protocol InteratomicPotential: Sendable {
    /// What reports call it: `chgnet`, `ipi:unix:NAME`.
    var name: String { get }

    /// Whether it evaluates any cell; false for a program that was started with one list of atoms.
    var takesAnyCell: Bool { get }

    /// Energy, forces and stress of an ordered structure.
    func evaluate(_ structure: CrystalStructure) throws -> EnergyEvaluation

    /// The evaluation of `reduced.expanded()`; a potential that can use the symmetry has its own way there.
    func evaluate(_ reduced: ReducedStructure) throws -> EnergyEvaluation
}

extension InteratomicPotential {
    /// True unless the potential says otherwise: images are its own care.
    public var takesAnyCell: Bool { true }

    /// Energy (eV), forces (eV/Å) and stress (GPa) of the expanded structure.
    public func evaluate(_ reduced: ReducedStructure) throws -> EnergyEvaluation {
        try evaluate(reduced.expanded())
    }
}

/// What an interatomic potential says about a structure.
public struct EnergyEvaluation: Sendable {
    /// eV per cell.
    public var energy: Double
    /// eV, one an atom, the elements' references included; empty where the potential tells none.
    public var siteEnergies: [Double]
    /// −∂E/∂r in eV/Å, Cartesian, one an atom.
    public var forces: [SIMD3<Double>]
    /// (1/V) ∂E/∂ε in GPa, symmetric; positive where the cell would shrink. Pressure is −trace/3.
    public var stress: Matrix3
    /// µB, never negative, one an atom; empty where the potential tells none.
    public var magneticMoments: [Double]

    /// Energy in eV, forces in eV/Å, stress in GPa.
    public init(
        energy: Double, siteEnergies: [Double] = [], forces: [SIMD3<Double>], stress: Matrix3,
        magneticMoments: [Double] = []
    ) {
        self.energy = energy
        self.siteEnergies = siteEnergies
        self.forces = forces
        self.stress = stress
        self.magneticMoments = magneticMoments
    }

    /// eV.
    public var energyPerAtom: Double { energy / Double(max(1, forces.count)) }

    /// eV/Å, the length of the largest force.
    public var largestForce: Double { forces.map(\.length).max() ?? 0 }

    /// GPa in 1 eV/Å³.
    public static let gigapascal = 160.21766208
}
