import NumericalMethods

/// Every composition of every pattern, each solved from five starts: what succeeds is the known feasible set, a
/// lower bound of the true one.
struct ExhaustiveSearch {
    let search: DesignSearch
    static let starts = 5
    /// More compositions are refused.
    static let limit = 200_000

    init(_ search: DesignSearch) {
        self.search = search
    }

    /// One decoration for each composition, tolerance factor in range or not.
    static func compositions(_ problem: DesignProblem) throws(DesignError) -> [Decoration] {
        var result: [Decoration] = []
        var seen = Set<[Int]>()
        for pattern in problem.patterns.indices {
            let choices = (0..<problem.space.orbitCount).map { problem.choices(pattern, $0) }
            let count = choices.reduce(1.0) { $0 * Double($1.count) }
            guard count + Double(result.count) <= Double(limit) else {
                throw .space(
                    "--method exhaustive: \(count.formatted()) decorations are too many; at most \(limit) are searched"
                )
            }
            var digits = [Int](repeating: 0, count: choices.count)
            for _ in 0..<Int(count) {
                let decoration = Decoration(
                    pattern: pattern, elements: zip(choices, digits).map { $0[$1] })
                if seen.insert(problem.compositionKey(decoration)).inserted { result.append(decoration) }
                for k in digits.indices {
                    digits[k] += 1
                    if digits[k] < choices[k].count { break }
                    digits[k] = 0
                }
            }
        }
        return result
    }

    func run(_ report: @escaping @Sendable (DesignResult.Progress) -> Void) async throws -> DesignResult {
        let problem = search.problem
        let all = try Self.compositions(problem).filter {
            problem.admits($0.elements, pattern: $0.pattern)
        }
        let seed = search.seed
        var found: [DesignCandidate] = []
        var misses: [DesignCandidate] = []
        var calls = 0
        var progress: [DesignResult.Progress] = []
        for first in stride(from: 0, to: all.count, by: 256) {
            let block = Array(all[first..<min(all.count, first + 256)].enumerated())
            let results = try await parallelMap(block, width: search.jobs) { offset, decoration in
                var random = RandomStream(seed: seed, index: UInt64(first + offset))
                var evaluations = 0
                var best: DesignCandidate?
                for attempt in 0..<Self.starts {
                    let local = LocalSearch(problem: problem).run(
                        decoration,
                        from: problem.start(decoration, attempt: attempt, &random), limit: 20)
                    evaluations += local.evaluations
                    let candidate = problem.judge(decoration, at: local.x, values: local.evaluation.values)
                    evaluations += candidate.evaluations
                    if best.map({ candidate.loss < $0.loss }) != false || candidate.isSuccess {
                        best = candidate
                    }
                    if candidate.isSuccess { break }
                }
                return (evaluations, best)
            }
            for case (let evaluations, let candidate?) in results {
                calls += evaluations * search.callsPerEvaluation
                if candidate.isSuccess { found.append(candidate) } else { misses.append(candidate) }
            }
            progress.append(.init(calls: calls, successes: found.count, compositions: found.count))
            if let last = progress.last { report(last) }
        }
        found.sort { $0.loss < $1.loss }
        misses.sort { $0.loss < $1.loss }
        return DesignResult(
            method: search.method.rawValue,
            candidates: found.isEmpty ? Array(misses.prefix(search.candidates)) : found,
            calls: calls, progress: progress,
            feasible: Set(found.map { problem.compositionKey($0.decoration) }))
    }
}
