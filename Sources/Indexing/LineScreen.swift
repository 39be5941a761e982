/// A first look at a trial, without a list of anything: which of the first few lines have a reflection near them. Nearly all of the
/// millions of trials end here.
struct LineScreen: Sendable {
    private let q: SIMD8<Double>
    private let tolerance: SIMD8<Double>
    private let limit: Double
    /// Lines that must have a reflection.
    private let least: Int
    private let most: Int

    /// - Parameters:
    ///   - q: Å⁻², ascending, at most eight.
    ///   - tolerance: Å⁻² for each.
    ///   - missed: lines that may have none.
    ///   - most: reflections with which a lattice explains anything.
    init(_ q: [Double], tolerance: [Double], missed: Int, most: Int) {
        var (lines, reach) = (SIMD8<Double>(repeating: -1), SIMD8<Double>(repeating: 0))
        for (i, value) in q.prefix(8).enumerated() { (lines[i], reach[i]) = (value, tolerance[i]) }
        (self.q, self.tolerance) = (lines, reach)
        limit = (q.prefix(8).last ?? 0) * 1.01
        least = min(8, q.count) - missed
        self.most = most
    }

    func passes(_ trial: TrialLattice) -> Bool {
        var found = SIMDMask<SIMD8<Int64>>(repeating: false)
        var count = 0
        let isFew = PredictedLines.each(trial.lattice, trial.metric, upTo: limit) { value, _, _, _ in
            let distance = q - SIMD8(repeating: value)
            found .|= (distance .<= tolerance) .& (distance .>= -tolerance)
            count += 1
            return count <= most
        }
        guard isFew else { return false }
        var matched = 0
        for i in 0..<8 where found[i] { matched += 1 }
        return matched >= least
    }
}
