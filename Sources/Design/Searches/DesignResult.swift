import Crystallography

/// What a method found, and what it cost.
public struct DesignResult: Sendable {
    /// How far a search is.
    public struct Progress: Sendable {
        /// Predictor calls made so far.
        public var calls: Int
        /// Candidates found so far that meet everything.
        public var successes: Int
        /// Distinct compositions that succeeded.
        public var compositions: Int
    }

    /// As typed: `gradient`.
    public var method: String
    /// Best first.
    public var candidates: [DesignCandidate]
    /// Calls of one model on one crystal, with or without gradient.
    public var calls: Int
    /// How it went, block by block.
    public var progress: [Progress]
    /// Compositions with a success, also those beyond the candidates asked for.
    package var feasible: Set<SiteComposition>
    /// Every composition that is admitted was looked at, however many candidates were asked for.
    package var isComplete: Bool

    /// What a method found.
    package init(
        method: String, candidates: [DesignCandidate], calls: Int, progress: [Progress],
        feasible: Set<SiteComposition>, isComplete: Bool = false
    ) {
        self.method = method
        self.candidates = candidates
        self.calls = calls
        self.progress = progress
        self.feasible = feasible
        self.isComplete = isComplete
    }
}

/// Told now and then how far a search is, by one task at a time.
public typealias DesignReporting = @Sendable (DesignResult.Progress) -> Void

/// A way to find candidates: it sees an evaluator and what it may spend.
package protocol CandidateSearch: Sendable {
    func run(_ report: @escaping DesignReporting) async throws -> DesignResult
}
