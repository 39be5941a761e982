import Refinement

/// A line of the pattern: reflections that this powder does not separate, and where they stand.
public struct PowderLine: Sendable, Hashable {
    /// The reflection that names it.
    public let index: SIMD3<Int>
    /// Reflections of other lengths or lattice rows that stand too near to be told apart from it.
    public var others: [SIMD3<Int>] { orbits.dropFirst().map(\.index) }
    /// Reflections in it, Friedel mates included.
    public let multiplicity: Int
    /// Degrees, of the first spectral line, zero shift included.
    public let twoTheta: Double
    package let orbits: [PowderOrbit]

    /// - Parameter orbits: one at least.
    package init(orbits: [PowderOrbit], twoTheta: Double) {
        index = orbits[0].index
        multiplicity = orbits.reduce(0) { $0 + $1.members.count }
        (self.orbits, self.twoTheta) = (orbits, twoTheta)
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
        let blocks = LineBlocks(fit, data, orbits: orbits, width: settings.blockWidth).blocks
        lines = blocks.map { PowderLine(orbits: $0.orbits, twoTheta: $0.twoTheta) }
        best = blocks.map(\.intensity)
        var columns: [(line: Int?, column: ProfileColumn)] = blocks.enumerated().map { ($0, $1.column) }
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
