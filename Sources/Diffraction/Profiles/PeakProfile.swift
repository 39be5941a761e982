import CStructureFactors
import Foundation

/// One peak on a grid of angles: a pseudo-Voigt of given position, FWHM and Lorentzian share.
///
/// Beyond `radius` times the FWHM it is exactly zero; between 0.75 and 1 times the radius it is taken smoothly
/// (twice continuously differentiable) to zero, so that a pattern does not jump when a peak's window moves over
/// a grid point. An infinite radius takes the whole grid.
package struct PeakProfile: Sendable, Hashable {
    /// Degrees 2θ.
    package var position: Double
    /// FWHM in degrees 2θ.
    package var width: Double
    /// Share of the Lorentzian, 0–1.
    package var eta: Double
    package var normalization: PeakNormalization
    /// In units of the FWHM.
    package var radius: Double

    package init(
        position: Double, width: Double, eta: Double, normalization: PeakNormalization = .area,
        radius: Double = 30
    ) {
        self.position = position
        self.width = width
        self.eta = eta
        self.normalization = normalization
        self.radius = radius
    }

    /// The points where the peak is not zero, as a range of indices of the ascending grid.
    package func support(on grid: UnsafeBufferPointer<Double>) -> Range<Int> {
        guard radius.isFinite else { return 0..<grid.count }
        let reach = radius * width
        let first = Self.lowerBound(of: position - reach, in: grid)
        return first..<max(first, Self.lowerBound(of: position + reach, in: grid))
    }

    static func lowerBound(of value: Double, in grid: UnsafeBufferPointer<Double>) -> Int {
        var (low, high) = (0, grid.count)
        while low < high {
            let middle = (low + high) / 2
            if grid[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static let lorentzArea = 2 / Double.pi
    private static let gaussArea = 2 * (log(2) / Double.pi).squareRoot()

    var kernel: wyckoff_peak {
        switch normalization {
        case .area:
            let (l, g) = (Self.lorentzArea / width, Self.gaussArea / width)
            return wyckoff_peak(
                position: position, width: width, radius: radius, amplitude_l: eta * l,
                amplitude_g: (1 - eta) * g, slope_l: l, slope_g: -g)
        case .height:
            return wyckoff_peak(
                position: position, width: width, radius: radius, amplitude_l: eta, amplitude_g: 1 - eta,
                slope_l: 1, slope_g: -1)
        }
    }

    /// ∂(value)/∂(FWHM) = −(n · value + u ∂value/∂u)/FWHM with n = 1 for unit area and 0 for unit height.
    var areaExponent: Double { normalization == .area ? 1 : 0 }

    /// Values and derivatives on a grid; index 0 of each array belongs to grid point `start`.
    package struct Samples: Sendable, Hashable {
        package let start: Int
        package let values: [Double]
        package let byPosition: [Double]
        package let byWidth: [Double]
        package let byEta: [Double]
    }

    /// - Parameter grid: degrees 2θ, ascending.
    package func samples(on grid: [Double]) -> Samples {
        grid.withUnsafeBufferPointer { grid in
            let support = support(on: grid)
            let n = support.count
            var out = [Double](repeating: 0, count: 4 * n)
            var kernel = kernel
            wyckoff_peak_derivatives(
                &kernel, grid.baseAddress, Int32(support.lowerBound), Int32(support.upperBound), &out,
                Int32(n))
            let values = Array(out[0..<n])
            let byWidth = (0..<n).map { -(areaExponent * out[$0] + out[2 * n + $0]) / width }
            return Samples(
                start: support.lowerBound, values: values, byPosition: Array(out[n..<2 * n]),
                byWidth: byWidth,
                byEta: Array(out[3 * n..<4 * n]))
        }
    }
}
