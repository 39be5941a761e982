import Crystallography
import NumericalMethods

extension PowderPattern {
    /// The pattern as a counter would see it: at every point a whole number, drawn from Poisson's distribution about the
    /// intensity.
    ///
    /// - Parameter seed: the same gives the same counts.
    public func counted(seed: UInt64) -> PowderPattern {
        var random = RandomStream(seed: seed)
        var counted = self
        // Where nothing scatters no number is drawn.
        counted.intensity = intensity.map { $0 > 0 ? random.poisson(mean: $0) : 0 }
        return counted
    }
}
