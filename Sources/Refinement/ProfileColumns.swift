import Crystallography
import Diffraction
import Foundation
import NumericalMethods

/// One reflection's profile of unit integrated intensity (all spectral lines together) on consecutive points of the
/// pattern, with derivatives.
package struct ProfileColumn: Sendable {
    package var start: Int
    package var values: [Double]
    /// By Q = 1/d² in Å⁻².
    package var byQ: [Double]
    /// By the zero shift in degrees.
    package var byZero: [Double]
    /// By FWHM² at tan²θ = 0, by its slope in tan²θ, by the Lorentzian share.
    package var byW: [Double]
    package var byU: [Double]
    package var byEta: [Double]

    /// Whether any of its points counts.
    package func isSeen(_ weights: [Double]) -> Bool {
        values.indices.contains { values[$0] != 0 && weights[start + $0] > 0 }
    }

    /// Σ w pᵢ vᵢ over the points of the column.
    package func projection(of v: [Double], weights: [Double]) -> Double {
        var sum = 0.0
        for i in values.indices { sum += weights[start + i] * values[i] * v[start + i] }
        return sum
    }
}

/// The symmetric profile that cells are refined with: FWHM² = W + U tan²θ, a pseudo-Voigt of share η.
package struct CellProfile: Sendable, Hashable {
    /// Degrees².
    package var w: Double
    /// Degrees².
    package var u: Double
    /// Share of the Lorentzian, 0–1.
    package var eta: Double
    /// Degrees 2θ, added to calculated positions.
    package var zero: Double
    /// How far a peak reaches, in FWHM.
    package var radius: Double

    package init(w: Double, u: Double = 0, eta: Double = 0.5, zero: Double = 0, radius: Double = 12) {
        (self.w, self.u, self.eta, self.zero, self.radius) = (w, u, eta, zero, radius)
    }

    /// One spectral line's peak.
    private struct LineProfile {
        let weight: Double
        let samples: PeakProfile.Samples
        /// d(2θ)/dQ in degrees Å².
        let slope: Double
        let tangent2: Double
        /// FWHM, degrees.
        let width: Double
        /// d(FWHM²)/dQ.
        let square: Double
    }

    /// nil where no spectral line reaches the grid.
    ///
    /// - Parameters:
    ///   - q: Q = 1/d² in Å⁻².
    ///   - grid: degrees 2θ, ascending.
    package func column(q: Double, radiation: Radiation, grid: [Double]) -> ProfileColumn? {
        let total = radiation.lines.reduce(0) { $0 + $1.weight }
        var parts: [LineProfile] = []
        for line in radiation.lines {
            let s = line.wavelength * q.squareRoot() / 2
            guard s < 0.9999 else { continue }
            let theta = asin(s)
            let tangent2 = pow(tan(theta), 2)
            let width = max(0.1 * w, w + u * tangent2).squareRoot()
            let profile = PeakProfile(
                position: 2 * theta * 180 / .pi + zero, width: width, eta: eta, radius: radius)
            // d(2θ)/dQ = λ²/(2 sin 2θ) in radians.
            let slope = line.wavelength * line.wavelength / (2 * sin(2 * theta)) * 180 / .pi
            // d(FWHM²)/dQ through tan²θ; the floor does not move.
            let square =
                w + u * tangent2 > 0.1 * w ? u * tan(theta) / pow(cos(theta), 2) * slope * .pi / 180 : 0
            parts.append(
                LineProfile(
                    weight: line.weight / total, samples: profile.samples(on: grid), slope: slope,
                    tangent2: tangent2, width: width, square: square))
        }
        let filled = parts.filter { !$0.samples.values.isEmpty }
        guard let start = filled.map(\.samples.start).min(),
            let end = filled.map({ $0.samples.start + $0.samples.values.count }).max()
        else { return nil }
        let zeros = [Double](repeating: 0, count: end - start)
        var column = ProfileColumn(
            start: start, values: zeros, byQ: zeros, byZero: zeros, byW: zeros, byU: zeros, byEta: zeros)
        for part in filled {
            let s = part.samples
            let offset = s.start - start
            for i in s.values.indices {
                let byPosition = part.weight * s.byPosition[i]
                let byW = part.weight * s.byWidth[i] / (2 * part.width)
                column.values[offset + i] += part.weight * s.values[i]
                column.byQ[offset + i] += byPosition * part.slope + byW * part.square
                column.byZero[offset + i] += byPosition
                column.byW[offset + i] += byW
                column.byU[offset + i] += byW * part.tangent2
                column.byEta[offset + i] += part.weight * s.byEta[i]
            }
        }
        return column
    }
}

extension ProfileColumn {
    /// Any shape on consecutive points, without derivatives.
    package init(start: Int, values: [Double]) {
        self.init(start: start, values: values, byQ: [], byZero: [], byW: [], byU: [], byEta: [])
    }

    /// The profile of one reflection as an instrument of known widths makes it (Caglioti, one η, its first spectral
    /// line alone), without derivatives: for fits in which the profile does not move.
    ///
    /// - Parameter q: Q = 1/d² in Å⁻².
    package init?(q: Double, instrument: Instrument, grid: [Double]) {
        guard let line = instrument.radiation.lines.first else { return nil }
        let s = line.wavelength * q.squareRoot() / 2
        guard s < 0.9999 else { return nil }
        let tangent = tan(asin(s))
        let widths = instrument.widths.values
        let square = widths[0] * tangent * tangent + widths[1] * tangent + widths[2]
        guard square > 0 else { return nil }
        let samples = PeakProfile(
            position: 2 * asin(s) * 180 / .pi + instrument.zero, width: square.squareRoot(),
            eta: widths[6], normalization: instrument.normalization, radius: instrument.radius
        ).samples(on: grid)
        guard !samples.values.isEmpty else { return nil }
        self.init(
            start: samples.start, values: samples.values, byQ: [], byZero: [], byW: [], byU: [], byEta: [])
    }
}
