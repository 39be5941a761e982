import Refinement

/// Weights no larger than the residuals around a point allow: where the profile's shape is wrong, residuals of one sign stand
/// beside each other, and intensities are known less well than counting says (Bérar & Lelann, J. Appl. Cryst. 24 (1991) 1).
struct ResidualVariance {
    /// In FWHM, on either side.
    private let window: Double

    init(_ window: Double) { self.window = window }

    /// What a point's share of the squared sums of runs of one sign is where there is nothing but white noise: runs have n
    /// points with probability 2⁻ⁿ, and E(Σ|r|)² = n + n(n − 1)·2/π.
    private static let ofWhiteNoise = 1 + 4 / Double.pi

    func weights(_ data: PawleyFit.Data, fit: PawleyFit.Result, knots: BackgroundKnots) -> [Double] {
        let grid = data.twoTheta
        // What the knots take up is no misfit.
        let residual = zip(data.net, fit.calculated).map { $0 - $1 }
        let rest = knots.removed(from: residual, weights: data.weights)
        let sums = cumulated(runs(zip(rest, data.weights).map { $0 * $1.squareRoot() }))
        let counts = cumulated(data.weights.map { $0 > 0 ? 1 : 0 })
        var (low, high) = (0, 0)
        return grid.indices.map { i in
            let reach = window * fit.profile.width(at: grid[i])
            while grid[low] < grid[i] - reach { low += 1 }
            while high < grid.count, grid[high] <= grid[i] + reach { high += 1 }
            let points = counts[high] - counts[low]
            let mean = points > 0 ? (sums[high] - sums[low]) / points / Self.ofWhiteNoise : 1
            return data.weights[i] / max(1, mean)
        }
    }

    /// (Σr)² of the run of one sign that a point belongs to, divided among its points.
    private func runs(_ residuals: [Double]) -> [Double] {
        var shares = [Double](repeating: 0, count: residuals.count)
        var start = 0
        for end in stride(from: 1, through: residuals.count, by: 1) {
            guard end == residuals.count || (residuals[end] > 0) != (residuals[start] > 0) else { continue }
            let sum = residuals[start..<end].reduce(0, +)
            for i in start..<end { shares[i] = sum * sum / Double(end - start) }
            start = end
        }
        return shares
    }

    private func cumulated(_ values: [Double]) -> [Double] {
        var sums = [0.0]
        for value in values { sums.append(sums[sums.count - 1] + value) }
        return sums
    }
}
