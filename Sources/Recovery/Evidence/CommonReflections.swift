import Crystallography
import Diffraction
import NumericalMethods
import Parameterization
import Symmetry

extension PatternEvidence {
    /// Reflections that tell the structures of several groups apart: two stand for one another where they do so in every group.
    ///
    /// In 4/mmm (hkl) stands for (khl), in 4/m it does not: a list of the higher Laue class has half of what a structure of the lower one
    /// scatters.
    package func reflections(of groups: [SpaceGroup], _ lattice: Lattice, to twoTheta: Double)
        -> ReflectionList?
    {
        guard let first = groups.first else { return nil }
        guard Set(groups).count > 1 else { return reflections(of: first, lattice, to: twoTheta) }
        let common = groups.dropFirst().reduce(laueRotations(first)) { $0.intersection(laueRotations($1)) }
        let vectors = first.centring.vectors.filter { vector in
            groups.allSatisfy { $0.centring.vectors.contains(vector) }
        }
        let operations = common.flatMap { rotation in
            vectors.map { SymmetryOperation(rotation: rotation, translation: $0) }
        }
        return ReflectionList(
            operations: operations, reciprocalMetric: lattice.reciprocalMetric,
            limit: reciprocal(at: twoTheta) * reflectionMargin)
    }

    /// Of (hkl) and (−h−k−l).
    private func laueRotations(_ group: SpaceGroup) -> Set<IntegerMatrix3> {
        let rotations = group.operations.map(\.rotation)
        return Set(rotations).union(rotations.map { -$0 })
    }
}
