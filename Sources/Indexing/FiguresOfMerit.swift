import Foundation

/// Figures of merit that people know, of the first N lines.
public struct FiguresOfMerit: Sendable, Hashable, Codable {
    /// M_N = Q_N / (2 ⟨|ΔQ|⟩ N_calc) (de Wolff, J. Appl. Cryst. 1 (1968) 108).
    public var m: Double
    /// F_N = N / (⟨|Δ2θ|⟩ N_calc), per degree (Smith & Snyder, J. Appl. Cryst. 12 (1979) 60); nil without angles.
    public var f: Double?
    /// Lines of the N that a reflection explains.
    public var explained: Int
    /// Different lines that are predicted up to the last.
    public var predicted: Int
    /// Predicted lines that were not observed, as a share.
    public var absentShare: Double

    package init(
        _ trial: TrialLattice, _ lines: [IndexingLine], tolerance: Double, most: Int
    ) {
        let limit = (lines.last?.q ?? 0) * 1.002
        let sigma = lines.isEmpty ? 0 : lines[lines.count / 2].qSigma
        let all = PredictedLines(trial.lattice, trial.metric, upTo: limit, most: most)
        let sorted = all?.q.sorted() ?? []
        var (sumQ, sumAngle, explained, angles) = (0.0, 0.0, 0, 0)
        for line in lines {
            guard let nearest = sorted.min(by: { abs($0 - line.q) < abs($1 - line.q) }),
                abs(nearest - line.q) <= tolerance * line.qSigma
            else { continue }
            explained += 1
            sumQ += abs(nearest - line.q)
            if line.twoTheta != nil, line.zeroSlope > 0 {
                sumAngle += abs(nearest - line.q) / line.zeroSlope
                angles += 1
            }
        }
        let predicted = all?.distinct(resolution: sigma) ?? most
        self.explained = explained
        self.predicted = predicted
        let count = Double(max(1, explained))
        // Lines that fit better than double precision tells would divide by zero.
        m = (lines.last?.q ?? 0) / (2 * max(sumQ / count, 1e-12) * Double(max(1, predicted)))
        f = angles == 0 ? nil : count / (max(sumAngle / Double(angles), 1e-9) * Double(max(1, predicted)))
        absentShare = max(0, 1 - Double(explained) / Double(max(1, predicted)))
    }
}
