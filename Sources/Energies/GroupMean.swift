import Crystallography
import NumericalMethods
import Parameterization

/// Means over a space group of what belongs to a structure's atoms, on Cartesian axes.
package struct GroupMean {
    private let structure: ReducedStructure
    private let forward: Matrix3
    private let backward: Matrix3

    package init(_ structure: ReducedStructure) {
        self.structure = structure
        let vectors = structure.orientedSetting.vectors
        (forward, backward) = (vectors.transpose, vectors.inverse.transpose)
    }

    /// The invariant part of a vector for each atom.
    package func forces(_ values: [SIMD3<Double>]) -> [SIMD3<Double>] {
        var sums = [SIMD3<Double>](repeating: .zero, count: structure.orbits.count)
        let turns = structure.atoms.map { forward * Matrix3($0.operation.rotation) * backward }
        for (index, atom) in structure.atoms.enumerated() {
            sums[atom.orbit] += values[index] * turns[index]
        }
        let counts = structure.atomsPerOrbit
        for (index, orbit) in structure.orbits.enumerated() {
            let projector = forward * orbit.siteSymmetry.projector * backward
            sums[index] = projector * sums[index] / Double(counts[index])
        }
        return structure.atoms.indices.map { turns[$0] * sums[structure.atoms[$0].orbit] }
    }

    /// The invariant part of a tensor.
    package func tensor(_ value: Matrix3) -> Matrix3 {
        let rotations = InvariantMetric.rotations(of: structure.spaceGroup.operations)
        var sum = Matrix3.zero
        for rotation in rotations {
            let turn = forward * Matrix3(rotation) * backward
            sum = sum + turn * value * turn.transpose
        }
        return (1 / Double(rotations.count)) * sum
    }
}
