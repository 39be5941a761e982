import Crystallography
import Foundation
import NumericalMethods
import Symmetry

/// The ways to lay one lattice on another within tolerances.
package enum LatticeMapping {
    /// Every M of the determinant ±`index` for which the rows of M·L₁ agree with L₂ and those of M⁻¹·L₂ with L₁: lengths
    /// within the factor 1 + `lengthTolerance` either way, angles within `angleTolerance` degrees. Proper and improper.
    ///
    /// Asking both ways makes the answer independent of the order of the two; one way alone forgives a strain in
    /// one order and not in the other.
    /// - Parameter index: cells of the first that make one of the second.
    package static func all(
        from first: Lattice, to second: Lattice, lengthTolerance: Double, angleTolerance: Double,
        index: Int = 1
    ) -> [IntegerMatrix3] {
        let there = oneWay(first, second, lengthTolerance, angleTolerance, index)
        if index == 1 {
            let back = Set(oneWay(second, first, lengthTolerance, angleTolerance, 1).compactMap(\.inverse))
            return there.filter(back.contains)
        }
        let (lengths, angles) = (first.lengths, first.angles)
        return there.filter { mapping in
            let back = Lattice(vectors: Matrix3(mapping).inverse * second.vectors)
            let ratio = back.lengths / lengths
            let factor = 1 + lengthTolerance
            let turn = back.angles - angles
            return ratio.max() <= factor && ratio.min() * factor >= 1
                && max(turn.max(), -turn.min()) <= angleTolerance
        }
    }

    /// The correspondences of two reduced cells of least strain, however large that is (with all that tie).
    package static func ofLeastStrain(
        from first: Lattice, to second: Lattice, index: Int = 1,
        _ settings: MatchSettings = MatchSettings()
    ) -> [IntegerMatrix3] {
        var candidates = betweenReduced
        if index > 1 {
            // Of the larger cells those of the likest edges.
            let edges = second.lengths
            let cells = TranslationBasis(generatedBy: [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)])
                .sublattices(index: index)
                .map { cell -> (change: IntegerMatrix3, unlikeness: Double) in
                    let reduction = LatticeReduction(
                        Lattice(vectors: Matrix3(cell.rows) * first.vectors))
                    let ratio = reduction.lattice.lengths / edges
                    let unlikeness = (0..<3).reduce(0) { $0 + abs(log(ratio[$1])) }
                    return (reduction.transformation * cell.rows, unlikeness)
                }
            let likest = cells.enumerated().sorted {
                ($0.element.unlikeness, $0.offset) < ($1.element.unlikeness, $1.offset)
            }.prefix(settings.largerCells)
            candidates = likest.flatMap { cell in betweenReduced.map { $0 * cell.element.change } }
        }
        let strains = candidates.map { strain($0, from: first, to: second) }
        guard let least = strains.min(), least.isFinite else { return [] }
        return zip(candidates, strains).filter { $0.1 <= settings.tiedStrain * least + 1e-9 }.map(\.0)
    }

    /// tr(G₁G₂⁻¹) + tr(G₂G₁⁻¹) − 6 with G₁ of M·L₁: zero for equal cells, the same in either order, and
    /// 4 · ‖strain‖² for small strains.
    private static func strain(_ mapping: IntegerMatrix3, from first: Lattice, to second: Lattice) -> Double {
        let moved = Matrix3(mapping) * first.vectors
        let (g, h) = (moved * moved.transpose, second.metric)
        return (g * h.inverse).trace + (h * g.inverse).trace - 6
    }

    /// Unimodular matrices with entries −1, 0, 1 in themselves and in their inverse: enough to lead from one
    /// reduced basis to another of nearly the same lattice.
    private static let betweenReduced: [IntegerMatrix3] = {
        let rows = (0..<27).map { SIMD3($0 % 3 - 1, $0 / 3 % 3 - 1, $0 / 9 - 1) }
        func isSmall(_ v: SIMD3<Int>) -> Bool {
            v.clamped(lowerBound: SIMD3(repeating: -1), upperBound: SIMD3(repeating: 1)) == v
        }
        var found: [IntegerMatrix3] = []
        for a in rows {
            for b in rows {
                for c in rows {
                    let m = IntegerMatrix3(rows: a, b, c)
                    guard let n = m.inverse, isSmall(n.row0), isSmall(n.row1), isSmall(n.row2) else {
                        continue
                    }
                    found.append(m)
                }
            }
        }
        return found
    }()

    private static func oneWay(
        _ first: Lattice, _ second: Lattice, _ lengthTolerance: Double, _ angleTolerance: Double,
        _ index: Int
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
                    if abs(m.determinant) == index { mappings.append(m) }
                }
            }
        }
        return mappings
    }
}
