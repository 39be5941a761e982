import Crystallography
import NumericalMethods
import Symmetry

/// The metric tensors that a set of rotations leaves invariant, RᵀGR = G: the second view on free lattice
/// parameters, valid in any setting, primitive cells included.
package enum InvariantMetric {
    /// The mean of RᵀGR over the operations: the orthogonal projection on the invariant metrics.
    package static func average(_ metric: Matrix3, over operations: [SymmetryOperation]) -> Matrix3 {
        let rotations = rotations(of: operations)
        var sum = Matrix3.zero
        for rotation in rotations {
            let r = Matrix3(rotation)
            sum = sum + r.transpose * metric * r
        }
        return (1 / Double(rotations.count)) * sum
    }

    /// Each rotation once, in the operations' order: that of a set differs between runs, and with it the last bit of a sum.
    package static func rotations(of operations: [SymmetryOperation]) -> [IntegerMatrix3] {
        var seen = Set<IntegerMatrix3>()
        return operations.map(\.rotation).filter { seen.insert($0).inserted }
    }

    /// An integer basis of the invariant symmetric matrices, one element for each metric degree of freedom:
    /// 6 triclinic, 4 monoclinic, 3 orthorhombic, 2 uniaxial, 1 cubic.
    package static func basis(of operations: [SymmetryOperation]) -> [IntegerMatrix3] {
        let rotations = Set(operations.map(\.rotation))
        var basis: [[Int]] = []
        for (i, j) in [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)] {
            var unit = IntegerMatrix3(rows: .zero, .zero, .zero)
            unit[i, j] = 1
            unit[j, i] = 1
            var sum = [Int](repeating: 0, count: 6)
            for r in rotations {
                let image = r.transpose * unit * r
                let six = [
                    image[0, 0], image[1, 1], image[2, 2], image[1, 2], image[0, 2], image[0, 1],
                ]
                for k in 0..<6 { sum[k] += six[k] }
            }
            basis.append(sum)
        }
        return rowReduced(basis).map { v in
            IntegerMatrix3(rows: SIMD3(v[0], v[5], v[4]), SIMD3(v[5], v[1], v[3]), SIMD3(v[4], v[3], v[2]))
        }
    }

    /// Independent rows in echelon form, each divided by its greatest common divisor.
    private static func rowReduced(_ rows: [[Int]]) -> [[Int]] {
        var rows = rows
        var rank = 0
        for column in 0..<6 {
            guard let pivot = (rank..<rows.count).first(where: { rows[$0][column] != 0 }) else { continue }
            rows.swapAt(rank, pivot)
            rows[rank] = primitive(rows[rank])
            for other in rows.indices where other != rank && rows[other][column] != 0 {
                let (p, q) = (rows[rank][column], rows[other][column])
                rows[other] = primitive((0..<6).map { rows[other][$0] * p - rows[rank][$0] * q })
            }
            rank += 1
            if rank == rows.count { break }
        }
        return Array(rows.prefix(rank))
    }

    private static func primitive(_ row: [Int]) -> [Int] {
        let divisor = row.contains { $0 != 0 } ? row.filter { $0 != 0 }.reduce(0, greatestCommonDivisor) : 1
        return row.map { $0 / divisor }
    }
}

extension InvariantMetric {
    /// The same for the reciprocal metric, R G* Rᵀ = G*.
    package static func reciprocalBasis(of operations: [SymmetryOperation]) -> [IntegerMatrix3] {
        basis(of: operations.map { SymmetryOperation(rotation: $0.rotation.transpose) })
    }
}
