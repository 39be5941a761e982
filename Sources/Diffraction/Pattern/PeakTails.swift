import CStructureFactors
import Foundation

/// The tails of peaks that reach over the whole of an even grid, by interpolation.
///
/// A Lorentzian is smooth far from its centre: over a block of points of half-length h whose middle lies 6 h and more
/// away, its Chebyshev interpolation on 12 nodes has an error of 12⁻¹² of its value there, and the Gaussian is below
/// rounding. So a peak is evaluated at the points of its own neighbourhood, at the nodes of blocks of 64 points
/// farther out, and at the nodes of blocks of 256 points beyond; the nodes' sums over all peaks are interpolated to
/// the grid once. Of a grid of 9,000 points a peak then touches about 1,000. The reverse pass is the exact transpose.
final class PeakTails {
    private static let nodeCount = 12
    private static let blockLength = 64
    private static let children = 4
    /// Far is what lies more half-lengths away.
    private static let separation = 6.0
    /// exp(−4 ln 2 u²) is 4·10⁻¹⁸ at this u.
    private static let gaussianReach = 3.8
    /// Below, the blocks save little.
    static let smallestGrid = 2048

    private let origin: Double
    private let step: Double
    private let count: Int
    /// Blocks of 256 points.
    let parents: Int
    private let fine: Level
    private let coarse: Level
    /// [node][point of a block], [parent's node][child's node, children in order].
    private let toPoints: DoubleBuffer
    private let toChildren: DoubleBuffer

    /// The nodes of blocks of one length: angles, and sums or cotangents there.
    private struct Level {
        let blocks: Int
        /// Degrees.
        let length: Double
        let x: DoubleBuffer
        let values: DoubleBuffer

        init(blocks: Int, points: Int, origin: Double, step: Double) {
            self.blocks = blocks
            length = Double(points) * step
            x = DoubleBuffer(blocks * PeakTails.nodeCount)
            values = DoubleBuffer(blocks * PeakTails.nodeCount)
            for block in 0..<blocks {
                let middle = origin + (Double(block * points) + Double(points - 1) / 2) * step
                for (n, node) in PeakTails.nodes.enumerated() {
                    x[block * PeakTails.nodeCount + n] = middle + node * length / 2
                }
            }
        }

        /// Blocks that are not far from a peak.
        func near(position: Double, width: Double, origin: Double, step: Double) -> Range<Int> {
            let half = length / 2
            let reach = max(PeakTails.separation * half, PeakTails.gaussianReach * width + half)
            // The middle of block b is origin − step/2 + (b + ½) length.
            let center = (position - origin + step / 2) / length - 0.5
            let (low, high) = (center - reach / length, center + reach / length)
            let first = min(max(Int(low.rounded(.up)), 0), blocks)
            return first..<min(max(Int(high.rounded(.down)) + 1, first), blocks)
        }
    }

    private static let nodes = (0..<nodeCount).map {
        cos((2 * Double($0) + 1) * .pi / (2 * Double(nodeCount)))
    }

    /// The Lagrange polynomials of the nodes, by the barycentric formula.
    private static func interpolation(to points: [Double]) -> DoubleBuffer {
        let weights = (0..<nodeCount).map { n in
            (n % 2 == 0 ? 1 : -1) * sin((2 * Double(n) + 1) * .pi / (2 * Double(nodeCount)))
        }
        let result = DoubleBuffer(nodeCount * points.count)
        for (j, t) in points.enumerated() {
            let terms = zip(weights, nodes).map { $0 / (t - $1) }
            if let exact = terms.firstIndex(where: { !$0.isFinite }) {
                result[exact * points.count + j] = 1
                continue
            }
            let sum = terms.reduce(0, +)
            for n in 0..<nodeCount { result[n * points.count + j] = terms[n] / sum }
        }
        return result
    }

    /// nil for a grid that is not even or too short to gain.
    init?(grid: [Double]) {
        guard grid.count >= Self.smallestGrid, let first = grid.first, let last = grid.last else {
            return nil
        }
        let step = (last - first) / Double(grid.count - 1)
        for (i, x) in grid.enumerated() where abs(x - first - Double(i) * step) > 1e-9 * step { return nil }
        origin = first
        self.step = step
        count = grid.count
        let length = Self.blockLength
        parents = (grid.count + length * Self.children - 1) / (length * Self.children)
        fine = Level(blocks: parents * Self.children, points: length, origin: first, step: step)
        coarse = Level(blocks: parents, points: length * Self.children, origin: first, step: step)
        toPoints = Self.interpolation(
            to: (0..<length).map { (Double($0) - Double(length - 1) / 2) / (Double(length) / 2) })
        toChildren = Self.interpolation(
            to: (0..<Self.children).flatMap { child in
                Self.nodes.map { node in
                    (Double(child) - Double(Self.children - 1) / 2) / (Double(Self.children) / 2)
                        + node / Double(Self.children)
                }
            })
    }

    /// Where a peak is evaluated: points, nodes of small blocks on both sides, nodes of large ones on both sides.
    private struct Zones {
        let points: Range<Int>
        let fine: (Range<Int>, Range<Int>)
        let coarse: (Range<Int>, Range<Int>)
    }

    private func zones(position: Double, width: Double, in window: Range<Int>) -> Zones {
        let n = Self.nodeCount
        func nodes(_ blocks: Range<Int>) -> Range<Int> { blocks.lowerBound * n..<blocks.upperBound * n }
        func sides(_ near: Range<Int>, of whole: Range<Int>) -> (Range<Int>, Range<Int>) {
            (nodes(whole.lowerBound..<near.lowerBound), nodes(near.upperBound..<whole.upperBound))
        }
        let nearParents = coarse.near(position: position, width: width, origin: origin, step: step)
            .clamped(to: window)
        let children =
            nearParents.lowerBound * Self.children..<nearParents.upperBound * Self.children
        let near = fine.near(position: position, width: width, origin: origin, step: step)
            .clamped(to: children)
        let points = near.lowerBound * Self.blockLength..<near.upperBound * Self.blockLength
        return Zones(
            points: points.clamped(to: 0..<count), fine: sides(near, of: children),
            coarse: sides(nearParents, of: window))
    }

    // MARK: Forward

    /// Before the peaks of a window of parents are added.
    func clear(_ window: Range<Int>) {
        let n = Self.nodeCount
        (coarse.values.base + window.lowerBound * n).update(repeating: 0, count: window.count * n)
        (fine.values.base + window.lowerBound * n * Self.children).update(
            repeating: 0, count: window.count * n * Self.children)
    }

    /// The peak on the points near it, which are added to `out`, and on nodes.
    func add(
        _ peak: inout wyckoff_peak, height: Double, window: Range<Int>, grid: UnsafePointer<Double>,
        _ out: UnsafeMutablePointer<Double>
    ) {
        let zones = zones(position: peak.position, width: peak.width, in: window)
        if !zones.points.isEmpty {
            wyckoff_peak_add(
                &peak, height, grid, Int32(zones.points.lowerBound), Int32(zones.points.upperBound), out)
        }
        let intensity = height * peak.amplitude_l
        func tail(_ level: Level, _ range: Range<Int>) {
            guard !range.isEmpty else { return }
            wyckoff_tail_add(
                peak.position, peak.width, intensity, level.x.base, Int32(range.lowerBound),
                Int32(range.upperBound), level.values.base)
        }
        tail(fine, zones.fine.0)
        tail(fine, zones.fine.1)
        tail(coarse, zones.coarse.0)
        tail(coarse, zones.coarse.1)
    }

    /// After them: from nodes to points.
    func interpolate(_ window: Range<Int>, _ out: UnsafeMutablePointer<Double>) {
        let (n, family) = (Int32(Self.nodeCount), Self.nodeCount * Self.children)
        for parent in window {
            wyckoff_nodes_add(
                toChildren.base, n, Int32(family), coarse.values.base + parent * Self.nodeCount,
                Int32(family),
                fine.values.base + parent * family)
        }
        for block in window.lowerBound * Self.children..<window.upperBound * Self.children {
            let start = block * Self.blockLength
            guard start < count else { break }
            wyckoff_nodes_add(
                toPoints.base, n, Int32(Self.blockLength), fine.values.base + block * Self.nodeCount,
                Int32(min(Self.blockLength, count - start)), out + start)
        }
    }

    // MARK: Reverse

    /// Cotangents of the nodes from those of the points; afterwards several threads may call `reverse`.
    func prepareReverse(_ cotangent: UnsafePointer<Double>) {
        let (n, family) = (Int32(Self.nodeCount), Self.nodeCount * Self.children)
        for block in 0..<fine.blocks {
            let start = block * Self.blockLength
            wyckoff_nodes_reverse(
                toPoints.base, n, Int32(Self.blockLength), cotangent + min(start, count),
                Int32(max(0, min(Self.blockLength, count - start))), fine.values.base + block * Self.nodeCount
            )
        }
        for parent in 0..<parents {
            wyckoff_nodes_reverse(
                toChildren.base, n, Int32(family), fine.values.base + parent * family, Int32(family),
                coarse.values.base + parent * Self.nodeCount)
        }
    }

    /// Σ_i g_i · (value, ∂/∂position, u ∂/∂u, ∂/∂η).
    func reverse(
        _ peak: inout wyckoff_peak, grid: UnsafePointer<Double>, cotangent: UnsafePointer<Double>
    ) -> SIMD4<Double> {
        let zones = zones(position: peak.position, width: peak.width, in: 0..<parents)
        var sums = SIMD4<Double>.zero
        withUnsafeMutablePointer(to: &sums) { pointer in
            pointer.withMemoryRebound(to: Double.self, capacity: 4) {
                wyckoff_peak_reverse(
                    &peak, grid, Int32(zones.points.lowerBound), Int32(zones.points.upperBound), cotangent, $0
                )
            }
        }
        var tails = SIMD3<Double>.zero
        withUnsafeMutablePointer(to: &tails) { pointer in
            pointer.withMemoryRebound(to: Double.self, capacity: 3) { out in
                func tail(_ level: Level, _ range: Range<Int>) {
                    guard !range.isEmpty else { return }
                    wyckoff_tail_reverse(
                        peak.position, peak.width, level.x.base, Int32(range.lowerBound),
                        Int32(range.upperBound), level.values.base, out)
                }
                tail(fine, zones.fine.0)
                tail(fine, zones.fine.1)
                tail(coarse, zones.coarse.0)
                tail(coarse, zones.coarse.1)
            }
        }
        // With l = 1/(1 + 4u²): dl/du = −8 u l² and u dl/du = −2 (l − l²).
        return sums
            + SIMD4(
                peak.amplitude_l * tails[0], 8 * peak.amplitude_l * tails[1] / peak.width,
                -2 * peak.amplitude_l * (tails[0] - tails[2]), peak.slope_l * tails[0])
    }
}
