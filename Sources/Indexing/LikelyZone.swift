/// A plane of the reciprocal lattice, Q(hk) = a h² + b k² + ab hk, and the lines that speak for it.
package struct LikelyZone: Sendable {
    /// Å⁻²; squares of the axes, a ≤ b.
    package let a: Double
    package let b: Double
    /// Å⁻²; twice the product of the axes, from 0 to a.
    package let ab: Double
    /// −ln of the probability that a line lies by chance as near to a point as it does, for each line; 0 where it lies off all.
    package var gains: [Double] = []

    /// Of all lines.
    package var score: Double { gains.reduce(0, +) }

    /// On the reduced basis of the same points; nil where these are no plane's.
    package init?(a: Double, b: Double, ab: Double) {
        guard a > 0, b > 0, 4 * a * b > ab * ab else { return nil }
        var (a, b, ab) = (a, b, ab)
        while true {
            if a > b { (a, b) = (b, a) }
            // Equality is reduced: ±a would follow each other for ever.
            guard abs(ab) > a * (1 + 1e-9) else { break }
            let row = Row(a: a, next: b, product: ab)
            (b, ab) = (row.b, row.ab)
            guard b > 0 else { return nil }
        }
        (self.a, self.b, self.ab) = (a, b, abs(ab))
    }

    /// Å⁻².
    package func q(_ h: Int, _ k: Int) -> Double {
        let (h, k) = (Double(h), Double(k))
        return h * (a * h + ab * k) + b * k * k
    }

    /// Whether the bases agree within a share of the axes.
    package func isSame(as other: LikelyZone, within share: Double) -> Bool {
        abs(a - other.a) < share * a && abs(b - other.b) < share * b && abs(ab - other.ab) < share * b
    }

    /// The plane seen from one of its rows.
    package struct Row: Sendable {
        /// Å⁻²; of the row's shortest vector.
        package let a: Double
        /// Å⁻²; of the vector of the next row that is nearest to its normal.
        package let b: Double
        /// Å⁻²; twice their product, from 0 to a.
        package let ab: Double

        /// - Parameters:
        ///   - next: Å⁻²; of any vector of the next row.
        ///   - product: Å⁻²; twice the product of both vectors.
        init(a: Double, next: Double, product: Double) {
            let steps = (product / (2 * a)).rounded()
            self.a = a
            b = next + steps * (steps * a - product)
            ab = abs(product - 2 * steps * a)
        }
    }

    /// From its shortest rows, one for each direction.
    package var rows: [Row] {
        Self.directions.map { direction, next in
            let (a, b) = (q(direction.x, direction.y), q(next.x, next.y))
            return Row(a: a, next: b, product: q(direction.x + next.x, direction.y + next.y) - a - b)
        }
    }

    /// Primitive vectors, and a second vector that makes a basis with each.
    private static let directions: [(SIMD2<Int>, SIMD2<Int>)] = [
        (SIMD2(1, 0), SIMD2(0, 1)), (SIMD2(0, 1), SIMD2(1, 0)), (SIMD2(1, -1), SIMD2(1, 0)),
        (SIMD2(1, 1), SIMD2(1, 0)), (SIMD2(2, -1), SIMD2(1, 0)), (SIMD2(1, -2), SIMD2(0, 1)),
        (SIMD2(2, 1), SIMD2(1, 0)), (SIMD2(1, 2), SIMD2(0, 1)),
    ]
}
