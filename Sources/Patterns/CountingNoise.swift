import Crystallography
import Foundation
import NumericalMethods

extension PowderPattern {
    /// The pattern as a counter would see it: at every point a whole number, drawn from Poisson's distribution about the
    /// intensity (Knuth's product of uniform numbers below a mean of 30, the rounded normal distribution above).
    ///
    /// - Parameter seed: the same gives the same counts.
    public func counted(seed: UInt64) -> PowderPattern {
        var random = RandomStream(seed: seed)
        var counted = self
        counted.intensity = intensity.map { mean in
            guard mean > 0 else { return 0 }
            guard mean < 30 else { return max(0, (mean + mean.squareRoot() * random.normal()).rounded()) }
            let limit = exp(-mean)
            var (count, product) = (0.0, random.uniform())
            while product > limit {
                count += 1
                product *= random.uniform()
            }
            return count
        }
        return counted
    }
}
