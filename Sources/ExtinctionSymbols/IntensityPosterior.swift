import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Refinement

/// A line of the pattern: reflections that no powder can separate, and where they stand.
public struct PowderLine: Sendable, Hashable {
    /// The reflection that names it.
    public let index: SIMD3<Int>
    /// Reflections in it, Friedel mates included.
    public let multiplicity: Int
    /// Degrees, of the first spectral line, zero shift included.
    public let twoTheta: Double
    package let orbit: PowderOrbit

    package init(orbit: PowderOrbit, twoTheta: Double) {
        (index, multiplicity) = (orbit.index, orbit.members.count)
        (self.orbit, self.twoTheta) = (orbit, twoTheta)
    }
}

/// Integrated intensities of all lines of a cell with their whole correlation: a quadratic form of the data's likelihood,
/// −2 log L = xᵀHx − 2rᵀx + constant, over intensities and, between knots, a background beside the one taken off.
///
/// Profile columns reach a few widths only, so H is banded in the order of the lines; exact overlap makes it singular,
/// which the prior of intensities mends.
package struct IntensityPosterior: Sendable {
    package let lines: [PowderLine]
    /// The non-negative intensities that fit best, one for each line.
    package let best: [Double]
    /// Variables in the order of their first point: the line that each is, nil for a knot of the background.
    let variables: [Int?]
    /// H in band form.
    let hessian: SymmetricBand
    /// r
    let right: [Double]

    /// A fit's lines, with the weights that its residuals allow.
    init(
        _ fit: PawleyFit.Result, _ data: PawleyFit.Data, orbits: [PowderOrbit], settings: ExtinctionSettings
    ) {
        let metric = fit.lattice.lattice.reciprocalMetric
        let wavelength = data.radiation.wavelength
        var lines: [PowderLine] = []
        var best: [Double] = []
        var columns: [(line: Int?, column: ProfileColumn)] = []
        for (k, orbit) in orbits.enumerated() {
            let q = 4 * ReflectionList.q(of: orbit.index, reciprocalMetric: metric)
            let s = wavelength * q.squareRoot() / 2
            guard s < 0.9999,
                let column = fit.profile.column(q: q, radiation: data.radiation, grid: data.twoTheta)
            else { continue }
            let place = 2 * asin(s) * 180 / .pi + fit.profile.zero
            guard place > (data.twoTheta.first ?? 0), place < (data.twoTheta.last ?? 0) else { continue }
            columns.append((lines.count, column))
            best.append(fit.intensities[k])
            lines.append(PowderLine(orbit: orbit, twoTheta: place))
        }
        self.lines = lines
        self.best = best
        let knots = BackgroundKnots(data.twoTheta, spacing: settings.knotSpacing)
        columns += knots.columns.map { (nil, $0) }
        columns.sort { $0.column.start < $1.column.start }
        variables = columns.map(\.line)
        let matrix = columns.map(\.column)
        let weights = ResidualVariance(settings.residualWindow).weights(data, fit: fit, knots: knots)
        hessian = SymmetricBand(BandedGram(matrix, weights: weights))
        right = matrix.map { $0.projection(of: data.net, weights: weights) }
    }

    /// A quadratic form as it stands, for one intensity after the other.
    package init(lines: [PowderLine], best: [Double], hessian: [[Double]], right: [Double]) {
        self.lines = lines
        self.best = best
        variables = lines.indices.map { $0 }
        self.hessian = SymmetricBand(dense: hessian)
        self.right = right
    }
}
