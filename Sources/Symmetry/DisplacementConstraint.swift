import NumericalMethods

/// The symmetric tensors that a site's symmetry allows: atomic displacement tensors with R U Rᵀ = U for every
/// rotation of the site (Peterse & Palm 1966).
package struct DisplacementConstraint: Sendable, Hashable {
    /// An integer basis in reduced echelon form over (11, 22, 33, 23, 13, 12), of contravariant components u^ij on
    /// the cell's vectors: ⟨Δxᵢ Δxⱼ⟩ for fractional displacements Δx. 1–6 matrices.
    ///
    /// CIF's U_ij = u^ij / (a*ᵢ a*ⱼ) obeys the same relations in every tabulated setting, because rotations mix
    /// only axes of equal length there; elsewhere constrain u^ij.
    package let basis: [IntegerMatrix3]

    /// What a site symmetry leaves of the tensor (Peterse & Palm, Acta Cryst. 20, 147).
    package init(_ site: SiteSymmetry) {
        self.init(rotations: site.rotations)
    }

    /// What rotations of a point group, on fractional coordinates, leave of the tensor.
    package init(rotations: [IntegerMatrix3]) {
        var rows: [[Int]] = []
        for (i, j) in Self.order {
            var unit = IntegerMatrix3(rows: .zero, .zero, .zero)
            unit[i, j] = 1
            unit[j, i] = 1
            var sum = [Int](repeating: 0, count: 6)
            for rotation in rotations {
                let image = rotation * unit * rotation.transpose
                for (k, place) in Self.order.enumerated() { sum[k] += image[place.0, place.1] }
            }
            rows.append(sum)
        }
        basis = Self.echelon(rows).map { row in
            IntegerMatrix3(
                rows: SIMD3(row[0], row[5], row[4]), SIMD3(row[5], row[1], row[3]),
                SIMD3(row[4], row[3], row[2]))
        }
    }

    private static let order = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]
    private static let names = ["U11", "U22", "U33", "U23", "U13", "U12"]

    /// 1 to 6.
    package var degreesOfFreedom: Int { basis.count }

    /// A tensor component that stays free: each tensor of the basis has its own, where the others vanish.
    package struct Component: Sendable, Hashable {
        /// `U11`, `U22`, `U33`, `U23`, `U13` or `U12`.
        package let name: String
        /// 0, 1, 2 for a*, b*, c*.
        package let row: Int
        /// 0, 1, 2 for a*, b*, c*.
        package let column: Int
        /// ∂U/∂(the component): symmetric, 1 there.
        package let derivative: Matrix3
    }

    /// One for each tensor of `basis`.
    package var components: [Component] {
        basis.compactMap { tensor in
            guard let index = Self.order.firstIndex(where: { tensor[$0.0, $0.1] != 0 }) else { return nil }
            let (row, column) = Self.order[index]
            return Component(
                name: Self.names[index], row: row, column: column,
                derivative: (1 / Double(tensor[row, column])) * Matrix3(tensor))
        }
    }

    /// U11, U22, U33, U23, U13, U12 in the free components, as tables of site symmetry print them:
    /// `U11,U11,U33,0,0,U11/2`.
    package var formula: String {
        let pivots = basis.compactMap { tensor in
            Self.order.indices.first { tensor[Self.order[$0].0, Self.order[$0].1] != 0 }.map { (tensor, $0) }
        }
        return Self.order.map { place in
            var text = ""
            for (tensor, pivot) in pivots where tensor[place.0, place.1] != 0 {
                let share = Rational(
                    tensor[place.0, place.1], tensor[Self.order[pivot].0, Self.order[pivot].1])
                let size = abs(share.numerator)
                text += share.numerator < 0 ? "-" : text.isEmpty ? "" : "+"
                text += (size == 1 ? "" : "\(size)") + Self.names[pivot]
                text += share.denominator == 1 ? "" : "/\(share.denominator)"
            }
            return text.isEmpty ? "0" : text
        }.joined(separator: ",")
    }

    /// The mean of R U Rᵀ over the rotations, given the site's: the nearest allowed tensor.
    package static func average(_ tensor: Matrix3, over rotations: [IntegerMatrix3]) -> Matrix3 {
        var sum = Matrix3.zero
        for rotation in rotations {
            let r = Matrix3(rotation)
            sum = sum + r * tensor * r.transpose
        }
        return (1 / Double(rotations.count)) * sum
    }

    /// Independent rows in reduced echelon form, each divided by its greatest common divisor, pivots positive.
    private static func echelon(_ rows: [[Int]]) -> [[Int]] {
        func reduced(_ row: [Int]) -> [Int] {
            let divisor = row.reduce(0) { $0 == 0 ? abs($1) : greatestCommonDivisor($0, $1) }
            let sign = (row.first { $0 != 0 } ?? 1) < 0 ? -1 : 1
            return divisor == 0 ? row : row.map { sign * $0 / divisor }
        }
        var rows = rows
        var rank = 0
        for column in 0..<6 {
            guard let pivot = rows.indices.dropFirst(rank).first(where: { rows[$0][column] != 0 }) else {
                continue
            }
            rows.swapAt(rank, pivot)
            rows[rank] = reduced(rows[rank])
            for other in rows.indices where other != rank && rows[other][column] != 0 {
                let (p, q) = (rows[rank][column], rows[other][column])
                rows[other] = reduced(zip(rows[other], rows[rank]).map { $0 * p - $1 * q })
            }
            rank += 1
        }
        return Array(rows.prefix(rank))
    }
}
