import Foundation

/// The zeros of a function on an interval, each in a place of its own, proven by bounds on its derivatives.
struct IsolatedZeros {
    struct Place {
        let interval: ClosedRange<Double>
        let position: Double
        /// 1 where the function goes from negative to positive, −1 from positive to negative, 0 where it only
        /// touches zero.
        let change: Int
        /// Whether the function was proven to be monotone over the interval.
        let isProven: Bool
    }

    private(set) var places: [Place] = []
    private(set) var evaluations = 0
    private let first: Double
    private let second: Double
    private let noise: Double
    private let narrowest: Double
    private let limit: Int
    private var undecided: [ClosedRange<Double>] = []

    /// - Parameters:
    ///   - firstDerivative: no slope is larger in size.
    ///   - secondDerivative: no second derivative is larger in size.
    ///   - noise: how far a computed value may be from the true one.
    ///   - narrowest: an interval of this width is not halved any more.
    init(
        of function: (Double) -> (value: Double, slope: Double), firstDerivative: Double,
        secondDerivative: Double, noise: Double, in domain: ClosedRange<Double>, pieces: Int,
        narrowest: Double, limit: Int = .max
    ) {
        let length = domain.upperBound - domain.lowerBound
        (self.first, self.second, self.noise) = (firstDerivative, secondDerivative, noise)
        (self.narrowest, self.limit) = (narrowest, limit)
        guard length > 0, firstDerivative > 0 else { return }
        func border(_ k: Int) -> Double { domain.lowerBound + length * Double(k) / Double(pieces) }
        for piece in 0..<pieces { search(border(piece)...border(piece + 1), function) }
        settleUndecided(domain, function)
        places.sort { $0.position < $1.position }
        removeRepeated()
    }

    private mutating func search(
        _ whole: ClosedRange<Double>, _ function: (Double) -> (value: Double, slope: Double)
    ) {
        var stack = [whole]
        while let interval = stack.popLast() {
            let half = (interval.upperBound - interval.lowerBound) / 2
            let middle = interval.lowerBound + half
            let (value, slope) = function(middle)
            evaluations += 1
            let bend = second * half * half / 2
            if abs(value) - noise > min(first * half, abs(slope) * half + bend) { continue }
            if abs(slope) > second * half {
                addMonotone(interval, rises: slope > 0, function)
                continue
            }
            if 2 * half <= narrowest || evaluations > limit {
                undecided.append(interval)
                continue
            }
            stack.append(middle...interval.upperBound)
            stack.append(interval.lowerBound...middle)
        }
    }

    /// The zero of a function that is monotone over the interval, if it is there.
    private mutating func addMonotone(
        _ interval: ClosedRange<Double>, rises: Bool,
        _ function: (Double) -> (value: Double, slope: Double)
    ) {
        let (low, high) = (function(interval.lowerBound).value, function(interval.upperBound).value)
        evaluations += 2
        let sign = rises ? 1.0 : -1.0
        guard sign * low <= 0, sign * high >= 0 else { return }
        var count = 0
        let root = BrentMethod.root(in: interval, tolerance: 1e-14) { x in
            count += 1
            return function(x).value
        }
        evaluations += count
        guard let root else { return }
        places.append(Place(interval: interval, position: root, change: rises ? 1 : -1, isProven: true))
    }

    /// Adjoining intervals too narrow to halve become one place: its ends tell whether the sign changes.
    private mutating func settleUndecided(
        _ domain: ClosedRange<Double>, _ function: (Double) -> (value: Double, slope: Double)
    ) {
        undecided.sort { $0.lowerBound < $1.lowerBound }
        var merged: [ClosedRange<Double>] = []
        for interval in undecided {
            if let last = merged.last, interval.lowerBound <= last.upperBound + 2 * narrowest {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, interval.upperBound)
            } else {
                merged.append(interval)
            }
        }
        for stretch in merged {
            let margin = narrowest
            let low = function(max(domain.lowerBound, stretch.lowerBound - margin)).value
            let high = function(min(domain.upperBound, stretch.upperBound + margin)).value
            evaluations += 2
            // Zeros that were proven beside the stretch are counted there.
            let change = low < 0 && high > 0 ? 1 : low > 0 && high < 0 ? -1 : 0
            places.append(
                Place(
                    interval: stretch, position: (stretch.lowerBound + stretch.upperBound) / 2,
                    change: change, isProven: false))
        }
    }

    /// A zero on the border of two intervals was found in both.
    private mutating func removeRepeated() {
        var kept: [Place] = []
        for place in places {
            if let last = kept.last, place.position - last.position < 1e-13 * max(1, abs(place.position)),
                place.change == last.change
            {
                continue
            }
            kept.append(place)
        }
        places = kept
    }
}
