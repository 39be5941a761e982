import Crystallography

extension PowderPattern {
    /// Normal weights: 1/σ² where the file has σ, 1/max(y, 1) for counts; 0 in the ranges left out.
    public func weights(excluding excluded: [ClosedRange<Double>] = []) -> [Double] {
        twoTheta.indices.map { i in
            if excluded.contains(where: { $0.contains(twoTheta[i]) }) { return 0 }
            if let sigma { return sigma[i] > 0 ? 1 / (sigma[i] * sigma[i]) : 0 }
            return 1 / max(intensity[i], 1)
        }
    }
}
