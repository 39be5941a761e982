import NumericalMethods

/// Variances and covariances of refined parameters: (JᵀWJ)⁻¹ χ²/(N − P), of which standard uncertainties are the
/// roots of the diagonal.
public struct ParameterCovariance: Sendable, Hashable {
    /// Two parameters that the data tell apart badly.
    public struct Correlation: Sendable, Hashable, Codable {
        /// Its name.
        public var first: String
        /// Its name; it stands behind the first in the order of the parameters.
        public var second: String
        /// C₁₂/√(C₁₁ C₂₂), −1 to 1.
        public var value: Double
    }

    /// Of the parameters, in the order of the rows.
    public let names: [String]
    /// One row for each name, in the product of the parameters' units; rows that the data leave undetermined, and those
    /// of parameters at a bound, are zero.
    package let matrix: DenseMatrix

    /// The largest step that the normal equations still ask for where the refinement ended, in standard uncertainties (the
    /// shift/su of a CIF); nil where nobody refined, or nothing is determined.
    package private(set) var largestShift: Double?

    /// - Parameter matrix: P × P for P names, the factor χ²/(N − P) included.
    package init(names: [String], matrix: DenseMatrix) {
        (self.names, self.matrix) = (names, matrix)
    }

    /// Share of its terms below which a variance is what rounding leaves of nothing.
    private static let rounding = 1e-10

    /// - Parameter observations: points with weight.
    init(names: [String], _ solution: LevenbergMarquardt.Solution, observations: Int) {
        let free = names.count - solution.atBounds.count
        let factor = observations > free ? solution.chiSquared / Double(observations - free) : 0
        var matrix = solution.covariance.matrix
        for i in matrix.elements.indices { matrix.elements[i] *= factor }
        let shifts = solution.covariance.matrix * solution.normalEquations.gradient
        self.init(names: names, matrix: matrix)
        largestShift = names.indices.compactMap { k in
            matrix[k, k] > 0 ? abs(shifts[k]) / matrix[k, k].squareRoot() : nil
        }.max()
    }

    /// Of some of the parameters, under other names.
    func selecting(_ rows: [Int], names: [String]) -> ParameterCovariance {
        ParameterCovariance(names: names, matrix: matrix.selecting(rows: rows, columns: rows))
    }

    /// The standard uncertainty of a function of the parameters, its gradient given by name; parameters that were not
    /// refined are without uncertainty. nil where a named one that was refined is not determined.
    package func uncertainty(gradient: [String: Double]) -> Double? {
        var slopes = [Double](repeating: 0, count: names.count)
        for (k, name) in names.enumerated() {
            guard let slope = gradient[name], slope != 0 else { continue }
            guard matrix[k, k] > 0 else { return nil }
            slopes[k] = slope
        }
        let variance = zip(matrix * slopes, slopes).reduce(0) { $0 + $1.0 * $1.1 }
        // Of what a rigid group holds, terms that cancel leave rounding.
        let terms = slopes.indices.reduce(0) { $0 + slopes[$1] * slopes[$1] * matrix[$1, $1] }
        return variance > Self.rounding * terms ? variance.squareRoot() : nil
    }

    /// Pairs whose correlation is stronger than a limit, the strongest first.
    public func correlations(above limit: Double) -> [Correlation] {
        var found: [Correlation] = []
        for i in names.indices {
            for j in names.indices where j > i {
                let product = matrix[i, i] * matrix[j, j]
                guard product > 0 else { continue }
                let value = matrix[i, j] / product.squareRoot()
                if abs(value) > limit {
                    found.append(Correlation(first: names[i], second: names[j], value: value))
                }
            }
        }
        return found.sorted { abs($0.value) > abs($1.value) }
    }
}
