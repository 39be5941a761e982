/// The lines that a lattice predicts up to some Q, equivalent reflections once.
package struct PredictedLines: Sendable {
    package private(set) var q: [Double] = []
    package private(set) var indices: [SIMD3<Int32>] = []

    /// Nil where there are more than `most`: such a lattice would explain anything.
    package init?(_ lattice: BravaisLattice, _ metric: ReciprocalMetric, upTo limit: Double, most: Int) {
        q.reserveCapacity(most + 1)
        indices.reserveCapacity(most + 1)
        let isFew = Self.each(lattice, metric, upTo: limit) { value, h, k, l in
            q.append(value)
            indices.append(SIMD3(Int32(h), Int32(k), Int32(l)))
            return q.count <= most
        }
        guard isFew else { return nil }
    }

    /// Calls `body` with Q and indices of each line, in no order, until it returns false; whether it never did.
    @inline(__always)
    static func each(
        _ lattice: BravaisLattice, _ metric: ReciprocalMetric, upTo limit: Double,
        _ body: (Double, Int, Int, Int) -> Bool
    ) -> Bool {
        let squares = limit * metric.squaredLengths
        // Å⁻² times Å² of 100 and more: no lattice of a few dozen lines.
        guard squares.max() < 1e4, squares.min() >= 0 else { return false }
        let (hMost, kMost, lMost) = (
            Int(squares.x.squareRoot()), Int(squares.y.squareRoot()), Int(squares.z.squareRoot())
        )
        for h in 0...hMost {
            for k in secondIndices(lattice, h, kMost) {
                for l in thirdIndices(lattice, h, k, lMost) {
                    guard lattice.allows(h, k, l) else { continue }
                    let value = metric.q(h, k, l)
                    guard value <= limit, value > 0 else { continue }
                    if !body(value, h, k, l) { return false }
                }
            }
        }
        return true
    }

    /// Of the asymmetric unit of the holohedry.
    private static func secondIndices(_ lattice: BravaisLattice, _ h: Int, _ most: Int) -> ClosedRange<Int> {
        switch lattice.family {
        case .cubic, .tetragonal, .hexagonal: 0...min(h, most)
        case .orthorhombic, .monoclinic: 0...most
        case .triclinic: h == 0 ? 0...most : -most...most
        }
    }

    private static func thirdIndices(
        _ lattice: BravaisLattice, _ h: Int, _ k: Int, _ most: Int
    ) -> ClosedRange<Int> {
        switch lattice {
        case .cF, .cI, .cP: 0...min(k, most)
        case .hP, .tI, .tP, .oF, .oI, .oC, .oP: 0...most
        case .hR: h == 0 ? 0...most : -most...most
        case .mC, .mP: h == 0 ? 0...most : -most...most
        case .aP: h == 0 && k == 0 ? 0...most : -most...most
        }
    }

    /// Lines that an instrument of such a resolution (Å⁻²) tells apart.
    package func distinct(resolution: Double) -> Int {
        var (count, last) = (0, -Double.infinity)
        for value in q.sorted() where value - last > resolution { (count, last) = (count + 1, value) }
        return count
    }
}
