import Crystallography
import Foundation
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
    /// In the setting of `spaceGroup`.
    public var gradient: [Slope]
    /// Milliseconds of processor time that one evaluation takes, the least of several; nil where they were not asked for.
    public var timing: Timing?

    public struct Timing: Sendable, Encodable {
        /// All atoms of the file, energy, forces and stress.
        public var fullMilliseconds: Double
        /// The same by the clock on the wall: less where several threads share a large cell.
        public var elapsedMilliseconds: Double
        /// The orbits of the space group, with the gradient in its parameters.
        public var orbitMilliseconds: Double
        public var orbits: Int
    }

    /// - Parameter tolerance: Å, within which the space group of the gradient is found.
    public init(
        of structure: CrystalStructure, file: String, name: String, model: any InteratomicPotential,
        tolerance: Double = 1e-3, isTimed: Bool = false
    ) throws {
        self.file = file
        self.name = name
        potential = model.name
        let result = try model.evaluate(structure)
        formula = Formula(structure).text()
        atoms = structure.sites.count
        energy = result.energy
        energyPerAtom = result.energyPerAtom
        forces = result.forces.map { [$0.x, $0.y, $0.z] }
        stress = (0..<3).map { [result.stress[$0, 0], result.stress[$0, 1], result.stress[$0, 2]] }
        magneticMoments = result.magneticMoments
        let found = try SymmetryFinder.find(in: structure, tolerance: tolerance)
        spaceGroup = found.spaceGroup.compactSymbol
        let reduced = try ReducedStructure(reducing: structure, found)
        let slopes = try model.evaluate(reduced).gradient(in: reduced)
        let count = Double(reduced.atoms.count)
        gradient = zip(reduced.parameters, slopes).map { parameter, slope in
            Slope(
                name: parameter.name, value: parameter.value, unit: parameter.unit,
                derivative: slope / count)
        }
        guard isTimed else { return }
        let full = try Self.milliseconds { _ = try model.evaluate(structure) }
        let orbits = try Self.milliseconds { _ = try model.evaluate(reduced).gradient(in: reduced) }
        timing = Timing(
            fullMilliseconds: full.processor, elapsedMilliseconds: full.elapsed,
            orbitMilliseconds: orbits.processor, orbits: reduced.orbits.count)
    }

    /// Least of at least three runs, more while they take less than a fifth of a second.
    private static func milliseconds(_ body: () throws -> Void) rethrows -> (
        processor: Double, elapsed: Double
    ) {
        var (best, sum, runs) = ((processor: Double.infinity, elapsed: Double.infinity), 0.0, 0)
        while runs < 3 || sum < 200 {
            let (start, began) = (clock(), ContinuousClock.now)
            try body()
            let time = Double(clock() - start) * 1000 / Double(CLOCKS_PER_SEC)
            let elapsed = (ContinuousClock.now - began) / .milliseconds(1)
            best = (min(best.processor, time), min(best.elapsed, elapsed))
            sum += max(time, 1e-3)
            runs += 1
        }
        return best
    }
}
