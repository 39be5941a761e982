import Crystallography
import Foundation
import NumericalMethods

/// The ways to lay one lattice on another within tolerances.
enum LatticeMapping {
    /// Every unimodular M for which the rows of M·L₁ agree with L₂ and those of M⁻¹·L₂ with L₁: lengths within
    /// the factor 1 + `lengthTolerance` either way, angles within `angleTolerance` degrees. Proper and improper.
    ///
    /// Asking both ways makes the answer independent of the order of the two; one way alone forgives a strain in
    /// one order and not in the other.
    static func all(
        from first: Lattice, to second: Lattice, lengthTolerance: Double, angleTolerance: Double
    ) -> [IntegerMatrix3] {
        let back = Set(oneWay(second, first, lengthTolerance, angleTolerance).compactMap(\.inverse))
        return oneWay(first, second, lengthTolerance, angleTolerance).filter(back.contains)
    }

    private static func oneWay(
        _ first: Lattice, _ second: Lattice, _ lengthTolerance: Double, _ angleTolerance: Double
    ) -> [IntegerMatrix3] {
        let lengths = second.lengths
        let angles = second.angles
        let factor = 1 + lengthTolerance
        let reach = lengths.max() * factor
        guard reach.isFinite, first.volume > 0, second.volume > 0 else { return [] }
        let bound = first.reciprocal.lengths * reach
        var points: [(SIMD3<Int>, SIMD3<Double>, Double)] = []
        for i in -Int(bound.x)...Int(bound.x) {
            for j in -Int(bound.y)...Int(bound.y) {
                for k in -Int(bound.z)...Int(bound.z) {
                    let v = SIMD3(Double(i), Double(j), Double(k)) * first.vectors
                    let length = v.length
                    if length > 0, length <= reach { points.append((SIMD3(i, j, k), v, length)) }
                }
            }
        }
        let candidates = (0..<3).map { axis in
            points.filter { $0.2 <= lengths[axis] * factor && $0.2 * factor >= lengths[axis] }
        }
        let margin = angleTolerance * .pi / 180
        func cosines(_ angle: Double) -> ClosedRange<Double> {
            let a = angle * .pi / 180
            return cos(min(a + margin, .pi))...cos(max(a - margin, 0))
        }
        let (alpha, beta, gamma) = (cosines(angles.x), cosines(angles.y), cosines(angles.z))
        var mappings: [IntegerMatrix3] = []
        for a in candidates[0] {
            let partners = candidates[2].filter { beta.contains(a.1.dot($0.1) / (a.2 * $0.2)) }
            for b in candidates[1] where gamma.contains(a.1.dot(b.1) / (a.2 * b.2)) {
                for c in partners where alpha.contains(b.1.dot(c.1) / (b.2 * c.2)) {
                    let m = IntegerMatrix3(rows: a.0, b.0, c.0)
                    if abs(m.determinant) == 1 { mappings.append(m) }
                }
            }
        }
        return mappings
    }
}
