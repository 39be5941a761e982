/// How many candidates a search is to find, and what it may spend on them.
package struct SearchBudget: Sendable {
    package var candidates: Int
    /// Predictor calls at most; a search may end a little above, with what it had begun.
    package var calls: Int
    /// Of every random choice.
    package var seed: UInt64
    /// Tasks at a time; nil for the number of cores. It changes no result.
    package var jobs: Int?

    package init(candidates: Int, calls: Int, seed: UInt64 = 1, jobs: Int? = nil) {
        (self.candidates, self.calls, self.seed, self.jobs) = (candidates, calls, seed, jobs)
    }
}
