/// What a search has found so far, and how it went.
struct CollectedCandidates {
    /// Successes, in the order in which they were found.
    private(set) var found: [DesignCandidate] = []
    private var misses: [DesignCandidate] = []
    private var progress: [DesignResult.Progress] = []
    /// Of predictors.
    var calls = 0

    mutating func add(_ candidate: DesignCandidate, isSuccess: Bool) {
        if isSuccess { found.append(candidate) } else { misses.append(candidate) }
    }

    /// - Parameter compositions: different ones among the successes.
    mutating func note(compositions: Int, _ report: DesignReporting) {
        let step = DesignResult.Progress(calls: calls, successes: found.count, compositions: compositions)
        progress.append(step)
        report(step)
    }

    /// The successes first, each part by loss.
    ///
    /// - Parameters:
    ///   - method: as the result names it.
    ///   - count: candidates at most.
    func result(_ method: String, _ count: Int, feasible: Set<SiteComposition>) -> DesignResult {
        let ranked = [found, misses].flatMap { part in part.sorted { $0.loss < $1.loss } }
        return DesignResult(
            method: method, candidates: Array(ranked.prefix(count)), calls: calls,
            progress: progress, feasible: feasible)
    }

    /// Of a search that has looked at everything: all successes, or, where there are none, the nearest misses.
    ///
    /// - Parameter count: misses at most.
    func complete(_ method: String, nearest count: Int, feasible: Set<SiteComposition>) -> DesignResult {
        var result = result(method, found.isEmpty ? count : found.count, feasible: feasible)
        result.isComplete = true
        return result
    }
}
