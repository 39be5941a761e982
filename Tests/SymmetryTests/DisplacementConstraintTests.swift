import NumericalMethods
import Symmetry
import Testing

@Suite struct DisplacementConstraintTests {
    @Test func theBasisIsInvariantAndAsLargeAsTheCharacterSays() {
        for hall in stride(from: 1, through: 530, by: 3) {
            guard let group = SpaceGroup(hallNumber: hall) else { continue }
            for position in group.wyckoffPositions {
                let rotations = group.operations.filter { operation in
                    operation.rotation * position.matrix == position.matrix
                        && (operation.rotation * position.translation &+ operation.translation
                            &- position.translation) % SIMD3(repeating: 24) == .zero
                }.map(\.rotation)
                let constraint = DisplacementConstraint(rotations: rotations)
                for tensor in constraint.basis {
                    for r in rotations { #expect(r * tensor * r.transpose == tensor) }
                }
                // The trivial representation in the symmetric square: mean of (tr² R + tr R²)/2.
                let sum = rotations.reduce(0) { $0 + $1.trace * $1.trace + ($1 * $1).trace }
                #expect(sum == 2 * rotations.count * constraint.degreesOfFreedom)
            }
        }
    }

    @Test func aSiteOnAMirrorHasFourAndACubicOneHasOne() throws {
        let pnma = try SpaceGroup.find("Pnma")
        let mirror = try #require(
            pnma.operations.first { $0.rotation.row1 == SIMD3(0, -1, 0) && $0.rotation.trace == 1 })
        let four = DisplacementConstraint(rotations: [.identity, mirror.rotation])
        #expect(four.degreesOfFreedom == 4)
        let cubic = DisplacementConstraint(rotations: try SpaceGroup.find("Fm-3m").operations.map(\.rotation))
        #expect(cubic.basis == [.identity])
    }
}
