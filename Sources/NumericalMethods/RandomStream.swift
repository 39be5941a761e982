import Foundation

/// A stream of pseudo-random numbers keyed by (seed, index), so that a result depends on neither the order
/// nor the number of jobs.
///
/// xoshiro256++ (Blackman & Vigna 2019), its state filled by SplitMix64 from the key.
package struct RandomStream: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)
    private var spareNormal: Double?

    package init(seed: UInt64, index: UInt64 = 0) {
        var key = seed &* 0x9E37_79B9_7F4A_7C15 ^ (index &+ 1) &* 0xD1B5_4A32_D192_ED03
        func split() -> UInt64 {
            key &+= 0x9E37_79B9_7F4A_7C15
            var z = key
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        state = (split(), split(), split(), split())
    }

    package mutating func next() -> UInt64 {
        func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
        let result = rotate(state.0 &+ state.3, 23) &+ state.0
        let t = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= t
        state.3 = rotate(state.3, 45)
        return result
    }

    /// Uniform in [0, 1).
    package mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Uniform in [lower, upper).
    package mutating func uniform(_ lower: Double, _ upper: Double) -> Double {
        lower + (upper - lower) * uniform()
    }

    /// Uniform in 0..<count; `count` must be positive.
    package mutating func index(below count: Int) -> Int {
        Int(truncatingIfNeeded: UInt64(count).multipliedFullWidth(by: next()).high)
    }

    /// A whole number from Poisson's distribution: Knuth's product of uniform numbers below a mean of 30, the rounded
    /// normal distribution above; 0 where the mean is not above 0.
    package mutating func poisson(mean: Double) -> Double {
        guard mean < 30 else { return max(0, (mean + mean.squareRoot() * normal()).rounded()) }
        let limit = Foundation.exp(-max(0, mean))
        var (count, product) = (0.0, uniform())
        while product > limit {
            count += 1
            product *= uniform()
        }
        return count
    }

    /// Standard normal deviate (Marsaglia's polar method).
    package mutating func normal() -> Double {
        if let spare = spareNormal {
            spareNormal = nil
            return spare
        }
        while true {
            let u = uniform(-1, 1)
            let v = uniform(-1, 1)
            let s = u * u + v * v
            guard s > 0, s < 1 else { continue }
            let factor = (-2 * Foundation.log(s) / s).squareRoot()
            spareNormal = v * factor
            return u * factor
        }
    }
}
