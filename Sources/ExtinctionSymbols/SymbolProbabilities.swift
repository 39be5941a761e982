import Foundation

/// Posterior probabilities of symbols that are equally likely beforehand.
///
/// Lines that a symbol allows are absent together where the atoms stand in special positions: a crystal of one symbol then
/// looks like one of a symbol above it, by whatever its intensities would say one by one.
package struct SymbolProbabilities: Sendable {
    /// One for each symbol; they add up to one.
    package let values: [Double]

    /// - Parameters:
    ///   - logLikelihoods: natural, one for each symbol.
    ///   - absent: lines of the pattern that each forbids, ascending.
    ///   - specialPositions: probability that a crystal has the absences of one of the symbols above its own.
    package init(logLikelihoods: [Double], absent: [[Int]], specialPositions: Double) {
        let highest = logLikelihoods.max() ?? 0
        let likelihoods = logLikelihoods.map { exp($0 - highest) }
        let sets = absent.map { Set($0) }
        let weights = likelihoods.indices.map { k in
            let above = sets.indices.filter {
                sets[$0].count > sets[k].count && sets[$0].isSuperset(of: sets[k])
            }
            guard !above.isEmpty else { return likelihoods[k] }
            let mean = above.reduce(0) { $0 + likelihoods[$1] } / Double(above.count)
            return (1 - specialPositions) * likelihoods[k] + specialPositions * mean
        }
        let whole = weights.reduce(0, +)
        values = weights.map { $0 / whole }
    }
}
