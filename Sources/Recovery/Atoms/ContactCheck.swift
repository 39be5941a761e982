import Crystallography
import NumericalMethods
import Parameterization

/// Draws positions of orbits at which no atoms stand too close, as a share of the sum of their covalent radii.
package struct ContactCheck {
    private let frames: OrbitFrames
    private let metric: Matrix3
    /// Å; nil where the element has none.
    private let radii: [Double?]
    private let share: Double
    private let draws: Int

    package init(_ structure: ReducedStructure, frames: OrbitFrames, share: Double, draws: Int) {
        self.frames = frames
        (self.share, self.draws) = (share, draws)
        metric = structure.lattice.metric
        radii = structure.orbits.map { ContactLimits.radius(of: $0.occupants) }
    }

    /// Orbits placed one after the other in random order, each where it clashes with none before it: the first of so
    /// many draws, else the last.
    ///
    /// - Parameter moved: the orbits to place; the others stay.
    package func placed(_ moved: [Int], in all: [[Double]], _ random: inout RandomStream) -> [[Double]] {
        var result = all
        var points = [[SIMD3<Double>]](repeating: [], count: all.count)
        for orbit in frames.frames.indices where !moved.contains(orbit) {
            points[orbit] = frames.points(orbit, all[orbit])
        }
        var order = moved
        for i in order.indices.dropFirst() { order.swapAt(i, random.index(below: i + 1)) }
        for orbit in order {
            for _ in 0..<draws {
                result[orbit] = result[orbit].map { _ in random.uniform() }
                if !clashes(orbit, frames.frames[orbit].position(result[orbit]), with: points) { break }
            }
            points[orbit] = frames.points(orbit, result[orbit])
        }
        return result
    }

    /// Whether an orbit at a position clashes with its own images or with the points of others.
    package func clashes(_ orbit: Int, _ position: SIMD3<Double>, with points: [[SIMD3<Double>]]) -> Bool {
        for (other, others) in points.enumerated() where other != orbit && !others.isEmpty {
            let limit = share * ContactLimits.sum(radii[orbit], radii[other])
            for point in others where square(point - position) < limit * limit { return true }
        }
        let limit = share * ContactLimits.sum(radii[orbit], radii[orbit])
        var itself = true
        for image in frames.frames[orbit].images {
            let distance = square(image.rotation * position + image.translation - position)
            if itself, distance < 1e-12 {
                itself = false
            } else if distance < limit * limit {
                return true
            }
        }
        return false
    }

    private func square(_ difference: SIMD3<Double>) -> Double {
        let d = difference.nearestImage
        return d.dot(metric * d)
    }
}
