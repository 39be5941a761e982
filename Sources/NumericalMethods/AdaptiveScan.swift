import ExplainedErrors
import Foundation

extension CertifiedScan {
    /// Why a scan was not made.
    package enum Failure: ExplainedError, Hashable {
        /// Steps so wide that stationary points would be missed.
        case tooCoarse(step: Double, needed: Double)
        case emptyDomain

        /// What went wrong, where, and what to do: the parts of the one line.
        package var explanation: Explanation {
            switch self {
            case .tooCoarse(let step, let needed):
                Explanation(
                    "steps of \(step) are too coarse: \(needed) or less is needed to see every "
                        + "stationary point")
            case .emptyDomain:
                Explanation("the range to scan has no length")
            }
        }
    }

    /// Stationary points of a function of which nothing is proven.
    ///
    /// The domain is sampled in equal steps. An interval is halved while the cubic through its ends (values and
    /// slopes) fails to foretell value or slope in the middle, or turns inside it without a change of sign. Every
    /// change of sign of the slope is then refined by Brent's method.
    /// - Parameters:
    ///   - step: the first sampling; choose it from the narrowest feature the function can have.
    ///   - tolerance: of the cubic, as a share of the slopes nearby.
    ///   - evaluate: f and f′; not a number where there is no function.
    package static func heuristic(
        in domain: ClosedRange<Double>, step: Double, resolution: Double? = nil, tolerance: Double = 0.1,
        depth: Int = 6, evaluate: (Double) throws -> (value: Double, slope: Double)
    ) rethrows -> CertifiedScan {
        let length = domain.upperBound - domain.lowerBound
        var evaluations = 0
        func sample(_ x: Double) throws -> ScanSample {
            evaluations += 1
            let (value, slope) = try evaluate(x)
            return ScanSample(position: x, value: value, slope: slope)
        }
        let count = max(4, Int((length / step).rounded(.up)))
        var coarse: [ScanSample] = []
        for k in 0...count {
            coarse.append(try sample(domain.lowerBound + length * Double(k) / Double(count)))
        }
        let largest = coarse.map { abs($0.slope) }.filter(\.isFinite).max() ?? 0
        var samples = Array(coarse.prefix(1))
        for k in 1..<coarse.count {
            var stack = [(coarse[k], 0)]
            while let (right, level) = stack.last {
                guard let left = samples.last else { break }
                guard level < depth, left.slope.isFinite, right.slope.isFinite,
                    needsMiddle(left, right, largest: largest, tolerance: tolerance)
                else {
                    samples.append(right)
                    stack.removeLast()
                    continue
                }
                let middle = try sample((left.position + right.position) / 2)
                if isForetold(middle, left, right, largest: largest, tolerance: tolerance) {
                    samples.append(middle)
                    samples.append(right)
                    stack.removeLast()
                } else {
                    stack[stack.count - 1].1 = level + 1
                    stack.append((middle, level + 1))
                }
            }
        }
        var points: [StationaryPoint] = []
        for (left, right) in zip(samples, samples.dropFirst()) {
            guard left.slope.isFinite, right.slope.isFinite,
                (left.slope < 0) != (right.slope < 0) || left.slope == 0
            else { continue }
            var near = left
            let root = try BrentMethod.root(in: left.position...right.position, tolerance: 1e-11 * length) {
                near = try sample($0)
                return near.slope
            }
            guard let root else { continue }
            if let last = points.last, root - last.position < 1e-12 * length { continue }
            let at = near.position == root ? near : try sample(root)
            let h = min(1e-3 * (right.position - left.position), 1e-5 * length)
            let other = try sample(root + (root + h < domain.upperBound ? h : -h))
            let curvature = (other.slope - at.slope) / (other.position - root)
            points.append(
                StationaryPoint(
                    position: root, value: at.value, curvature: curvature,
                    kind: left.slope < 0 || (left.slope == 0 && right.slope > 0) ? .minimum : .maximum))
        }
        let clusters = clusters(&points, unresolved: [], resolution: resolution ?? 1e-4 * length)
        return CertifiedScan(
            domain: domain, certificate: .heuristic(step: length / Double(count)), points: points,
            clusters: clusters, samples: samples, evaluations: evaluations)
    }

    /// Whether an interval may hide what its ends do not show: the cubic turns inside, or the secant does not lie
    /// between the slopes.
    private static func needsMiddle(
        _ left: ScanSample, _ right: ScanSample, largest: Double, tolerance: Double
    ) -> Bool {
        let h = right.position - left.position
        let secant = (right.value - left.value) / h
        // The cubic's slope is a parabola: its value in the middle, from both ends and the secant.
        let middle = 1.5 * secant - (left.slope + right.slope) / 4
        let near = max(abs(left.slope), abs(right.slope), abs(secant))
        guard near > 1e-9 * largest else { return false }
        // A parabola far from the straight line between the ends is a curve that the step does not resolve.
        return abs(middle - (left.slope + right.slope) / 2) > tolerance * near
    }

    private static func isForetold(
        _ middle: ScanSample, _ left: ScanSample, _ right: ScanSample, largest: Double, tolerance: Double
    ) -> Bool {
        let h = right.position - left.position
        let value = (left.value + right.value) / 2 + h * (left.slope - right.slope) / 8
        let slope = 1.5 * (right.value - left.value) / h - (left.slope + right.slope) / 4
        let near = max(abs(left.slope), abs(right.slope), abs(middle.slope))
        // Signs tell whether a turn is hidden: they must be those of the cubic.
        let ends = (left.slope < 0) == (right.slope < 0)
        let turns = ends && (middle.slope < 0) != (left.slope < 0)
        if turns { return false }
        return abs(middle.slope - slope) <= tolerance * near
            && abs(middle.value - value) <= tolerance * near * h / 4
    }
}
