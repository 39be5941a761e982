import NumericalMethods

/// Distances in a crystal with its periodic images, right for any cell shape: they are taken on a
/// Minkowski-reduced basis.
package struct PeriodicGeometry: Sendable {
    package let lattice: Lattice
    package let reduction: LatticeReduction
    private let metric: PeriodicMetric
    /// f′ = T⁻ᵀ f, from the input's coordinates to the reduced basis.
    private let toReduced: Matrix3

    /// A point seen from another one.
    package struct Neighbour: Sendable, Hashable {
        /// Index of the point.
        package let index: Int
        /// Which image: the neighbour stands at `positions[index] + cell`.
        package let cell: SIMD3<Int>
        /// Å.
        package let distance: Double
    }

    package init(_ lattice: Lattice) {
        self.lattice = lattice
        reduction = LatticeReduction(lattice)
        metric = PeriodicMetric(reduction.lattice)
        toReduced = Matrix3(reduction.transformation.inverse ?? .identity).transpose
    }

    /// The Cartesian vector (Å) of least length among the images of a fractional difference.
    package func shortestVector(_ difference: SIMD3<Double>) -> SIMD3<Double> {
        metric.shortest(toReduced * difference)
    }

    /// The shortest distance (Å) between two fractional positions and all their images.
    package func distance(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
        shortestVector(b - a).length
    }

    /// The closest two of the points, images of one point with itself left out; nil for fewer than two.
    package func closestPair(_ positions: [SIMD3<Double>]) -> (first: Int, second: Int, distance: Double)? {
        metric.closestPair(positions.map { toReduced * $0 })
    }

    /// For each point every neighbour within `cutoff` (Å), its own images included, nearest first.
    package func neighbours(of positions: [SIMD3<Double>], within cutoff: Double) -> [[Neighbour]] {
        let reduced = reduction.lattice.vectors
        let reciprocal = reduction.lattice.reciprocal.lengths
        let back = reduction.transformation.transpose
        let points = positions.map { toReduced * $0 }
        let limit = cutoff * cutoff
        return points.map { origin in
            var found: [Neighbour] = []
            for (index, point) in points.enumerated() {
                // Of the images point − origin + n, component i reaches at most cutoff · |a*ᵢ|.
                let difference = point - origin
                let reach = reciprocal * cutoff
                let low = (-(reach + difference)).rounded(.up)
                let high = (reach - difference).rounded(.down)
                guard low.x <= high.x, low.y <= high.y, low.z <= high.z else { continue }
                for i in Int(low.x)...Int(high.x) {
                    for j in Int(low.y)...Int(high.y) {
                        for k in Int(low.z)...Int(high.z) {
                            let cell = SIMD3(i, j, k)
                            let v = (difference + SIMD3<Double>(cell)) * reduced
                            let square = v.dot(v)
                            guard square <= limit, square > 1e-16 || point != origin else { continue }
                            found.append(
                                Neighbour(index: index, cell: back * cell, distance: square.squareRoot()))
                        }
                    }
                }
            }
            return found.sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }
        }
    }
}
