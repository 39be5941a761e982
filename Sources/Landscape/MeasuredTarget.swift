import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement

/// A measured pattern made comparable with the calculated ones of a structure.
///
/// At the truth, scale and a Chebyshev background are fitted by weighted linear least squares (and the width of the
/// peaks, where none is given, by minimising what is left); then the background is taken off and what remains
/// divided by the scale.
public struct MeasuredTarget: Sendable {
    /// (observed − background) / scale, 0 where that is negative.
    public let intensity: [Double]
    /// 1/σ² of `intensity`.
    public let weights: [Double]
    /// Degrees 2θ; nil where the width was given.
    public let fittedWidth: Double?
    /// Rwp of the fit at the truth, the background being part of the pattern.
    public let residual: Double

    /// - `model`: with the truth as its first phase.
    /// - `fitsWidth`: whether all peaks get one width, the one that fits best.
    /// - `backgroundTerms`: Chebyshev coefficients; nil for 8.
    /// - Throws: where the pattern does not hold the structure's at any positive scale.
    public init(
        _ pattern: PowderPattern, model: PowderModel, fitsWidth: Bool, backgroundTerms: Int? = nil
    ) throws {
        var settings = ScanSettings.Target()
        if let backgroundTerms { settings.backgroundTerms = backgroundTerms }
        try self.init(pattern, model: model, fitsWidth: fitsWidth, settings)
    }

    /// The same with settings of one's own.
    package init(
        _ pattern: PowderPattern, model: PowderModel, fitsWidth: Bool, _ settings: ScanSettings.Target
    ) throws {
        let fit = MeasuredFit(pattern, terms: settings.backgroundTerms)
        var model = model
        var width: Double?
        if fitsWidth {
            func residual(_ logarithm: Double) throws -> Double {
                let wide = Self.widened(model, exp(logarithm), settings.lorentzian)
                return try fit.solved(Self.calculated(wide, pattern)).residual
            }
            // Coarsely first: what is left over has several minima in the width.
            let (first, last) = (settings.widths.lowerBound, settings.widths.upperBound)
            let places = (0...settings.steps).map {
                log(first) + Double($0) / Double(settings.steps) * log(last / first)
            }
            let values = try places.map(residual)
            let best = values.indices.min { values[$0] < values[$1] } ?? 0
            let found = try BrentMethod.minimum(
                in: places[max(0, best - 1)]...places[min(places.count - 1, best + 1)],
                tolerance: settings.tolerance,
                of: residual)
            width = exp(found.position)
            model = Self.widened(model, exp(found.position), settings.lorentzian)
        }
        let solution = try fit.solved(Self.calculated(model, pattern))
        guard solution.scale > 0 else { throw LandscapeError.patternIsForeign }
        intensity = zip(pattern.intensity, solution.background).map { max(0, ($0 - $1) / solution.scale) }
        weights = fit.weights.map { $0 * solution.scale * solution.scale }
        fittedWidth = width
        residual = solution.residual
    }

    static func widened(_ model: PowderModel, _ fwhm: Double, _ lorentzian: Double) -> PowderModel {
        var model = model
        model.instrument.widths = PeakWidths(w: fwhm * fwhm, eta: lorentzian)
        return model
    }

    private static func calculated(_ model: PowderModel, _ pattern: PowderPattern) throws -> [Double] {
        try PowderCalculation(model, twoTheta: pattern.twoTheta).calculated
    }
}

/// Scale and background of a calculated pattern under a measured one.
private struct MeasuredFit {
    let weights: [Double]
    private let observed: [Double]
    private let background: [[Double]]

    init(_ pattern: PowderPattern, terms: Int) {
        observed = pattern.intensity
        weights = pattern.weights()
        let angles = pattern.twoTheta
        let chebyshev = Chebyshev(domain: (angles.first ?? 0)...(angles.last ?? 1))
        let rows = angles.map { chebyshev.values(at: $0, count: max(1, terms)) }
        background = (0..<max(1, terms)).map { k in rows.map { $0[k] } }
    }

    /// Weighted linear least squares.
    func solved(_ calculated: [Double]) throws -> (scale: Double, background: [Double], residual: Double) {
        let columns = [calculated] + background
        func product(_ a: [Double], _ b: [Double]) -> Double {
            var sum = 0.0
            for i in weights.indices { sum += weights[i] * a[i] * b[i] }
            return sum
        }
        // Columns of length one, so that the scale's size does not matter.
        let norms = columns.map { max(product($0, $0).squareRoot(), .leastNormalMagnitude) }
        var normal = DenseMatrix(rows: columns.count, columns: columns.count)
        for j in columns.indices {
            for k in columns.indices {
                normal[j, k] = product(columns[j], columns[k]) / (norms[j] * norms[k])
            }
            normal[j, j] += 1e-12
        }
        let right = zip(columns, norms).map { product($0, observed) / $1 }
        let solution = zip(try Cholesky(normal).solve(right), norms).map { $0 / $1 }
        var under = [Double](repeating: 0, count: observed.count)
        for (coefficient, column) in zip(solution.dropFirst(), background) {
            for i in under.indices { under[i] += coefficient * column[i] }
        }
        var (left, whole) = (0.0, 0.0)
        for i in observed.indices {
            let difference = observed[i] - under[i] - solution[0] * calculated[i]
            left += weights[i] * difference * difference
            whole += weights[i] * observed[i] * observed[i]
        }
        return (solution[0], under, whole > 0 ? (left / whole).squareRoot() : .infinity)
    }
}
