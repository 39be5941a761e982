/// The points h0l of a monoclinic reciprocal lattice, as squares of their lengths.
struct ReciprocalZone {
    private let a: Double
    private let c: Double
    private let product: Double
    private let limit: Double
    private let most: SIMD2<Int>

    /// - Parameters:
    ///   - a: Å⁻²; square of an axis, as `c`.
    ///   - product: twice the product of the axes.
    ///   - limit: Å⁻², up to which points count.
    ///   - most: points; nil where there would be more, or where the axes are parallel.
    init?(_ a: Double, _ c: Double, _ product: Double, limit: Double, most: Int) {
        let area = a * c - product * product / 4
        guard area > 0, 1.6 * limit < Double(most) * area.squareRoot() else { return nil }
        (self.a, self.c, self.product, self.limit) = (a, c, product, limit)
        self.most = SIMD2(Int((limit * c / area).squareRoot()), Int((limit * a / area).squareRoot()))
    }

    /// Of every point that stands off one of the lattice by `shift`, up to inversion, the origin among them.
    func values(_ shift: SIMD2<Double>) -> [Double] {
        var found: [Double] = []
        for h in 0...most.x {
            let x = Double(h) + shift.x
            for l in (x == 0 && shift.y == 0 ? 0 : -most.y - 1)...most.y {
                let y = Double(l) + shift.y
                let value = x * x * a + y * y * c + x * y * product
                if value <= limit { found.append(value) }
            }
        }
        return found
    }
}
