import ExtinctionSymbols
import Foundation
import Testing

@Suite struct SymbolProbabilitiesTests {
    /// Without special positions the likelihoods alone decide.
    @Test func theyAreBayesTheorem() {
        let found = SymbolProbabilities(
            logLikelihoods: [0, -1, -700], absent: [[], [1], [1, 2]], specialPositions: 0
        ).values
        #expect(abs(found[0] - 1 / (1 + exp(-1))) < 1e-12)
        #expect(abs(found.reduce(0, +) - 1) < 1e-12)
    }

    /// However clear the absences are, the symbols below the one that they ask for keep their share, and others none.
    @Test func absencesCanBeThoseOfSpecialPositions() {
        let found = SymbolProbabilities(
            logLikelihoods: [-500, 0, -500], absent: [[], [1, 2], [3]], specialPositions: 0.1
        ).values
        #expect(abs(found[0] / found[1] - 0.05) < 1e-9)
        #expect(found[2] < 1e-100)
    }
}
