import Crystallography

extension PowderPattern {
    /// Normal weights as `weighting` judges them: 1/σ² where the file has σ, 1/y for counts; 0 for points of no stated
    /// uncertainty beside others that have one, and in the ranges left out.
    public func weights(excluding excluded: [ClosedRange<Double>] = []) -> [Double] {
        let statistics = weighting
        return twoTheta.indices.map { i in
            if excluded.contains(where: { $0.contains(twoTheta[i]) }) { return 0 }
            if let sigma { return sigma[i] > 0 ? 1 / (sigma[i] * sigma[i]) : 0 }
            return statistics.weight(of: intensity[i])
        }
    }
}
