import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Symmetry

/// A translation that a structure does not have and that no line of the patterns speaks against: all lines stand at reflections that it
/// would leave, so a smaller cell explains them and the larger one is not shown.
///
/// Asked are the vectors of order 2 and 3 between lattice points, each with its images under the group's rotations, so that the
/// smaller lattice keeps the crystal class.
package struct UnseenTranslation: Sendable {
    /// In the structure's fractional coordinates.
    package let vector: SIMD3<Double>

    /// What a line of one pattern can be: its peak, and the reflections that stand there.
    package struct Evidence: Sendable {
        package var peaks: [Peak]
        package var reflections: [PowderReflection]
        /// Degrees 2θ within which a peak is a reflection's.
        package var reach: Double
        /// Share of its own height that reflections at a peak must be calculated with to be what it shows; less is another
        /// phase's line, or noise.
        package var share: Double

        package init(peaks: [Peak], reflections: [PowderReflection], reach: Double, share: Double) {
            (self.peaks, self.reflections, self.reach, self.share) = (peaks, reflections, reach, share)
        }

        /// Whether a peak stands at reflections that the translations forbid, and at none that they leave.
        fileprivate func shows(_ forbidden: (SIMD3<Int>) -> Bool) -> Bool {
            let placed = reflections.compactMap { reflection in
                reflection.twoTheta.map { (angle: $0, reflection: reflection) }
            }
            let height = peaks.map(\.height).max() ?? 0
            let near = peaks.map { peak in placed.filter { abs($0.angle - peak.twoTheta) < reach } }
            let strongest = near.map { $0.reduce(0) { $0 + $1.reflection.intensity } }.max() ?? 0
            guard height > 0, strongest > 0 else { return false }
            return zip(peaks, near).contains { peak, near in
                !near.isEmpty && near.allSatisfy { forbidden($0.reflection.index) }
                    && near.reduce(0) { $0 + $1.reflection.intensity } / strongest > share * peak.height
                        / height
            }
        }
    }

    /// The first that nothing speaks against; nil where lines show every translation to be absent.
    package init?(of group: SpaceGroup, _ evidence: [Evidence]) {
        let rotations = Array(Set(group.operations.map(\.rotation))).map { Matrix3($0) }
        let basis = group.centring.primitiveBasis
        for order in [2, 3] {
            for steps in Self.steps(order) {
                let vector = basis * (steps / Double(order))
                let images = rotations.map { $0 * vector }
                let isSeen = evidence.contains { one in
                    one.shows { index in
                        let h = SIMD3<Double>(index)
                        return images.contains { image in
                            let phase = (h * image).sum()
                            return abs(phase - phase.rounded()) > 1e-6
                        }
                    }
                }
                if !isSeen {
                    self.vector = vector
                    return
                }
            }
        }
        return nil
    }

    /// u, v, w from 0 to order − 1, one of each line through the origin.
    private static func steps(_ order: Int) -> [SIMD3<Double>] {
        let range = 0..<order
        return range.flatMap { u in range.flatMap { v in range.map { SIMD3(u, v, $0) } } }.filter { step in
            [step.x, step.y, step.z].first { $0 != 0 } == 1
        }.map { SIMD3<Double>($0) }
    }
}
