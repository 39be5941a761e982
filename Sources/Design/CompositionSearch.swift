import NumericalMethods

/// Best-first search over compositions: each one that was solved for cell and coordinates predicts, by its gradient
/// in the shares of elements, what every exchange of one element would do; the most promising composition not yet
/// seen is solved next, and so verified. Compositions that failed come back later from other starts.
struct CompositionSearch {
    let search: DesignSearch
    private var problem: DesignProblem { search.problem }

    init(_ search: DesignSearch) {
        self.search = search
    }

    private struct Item {
        var decoration: Decoration
        var attempt: Int
        /// Predicted or known loss, with a penalty for each attempt that failed.
        var priority: Double
        var start: [Double]?
        /// For an order that depends on nothing else.
        var number: Int
    }

    private static let attempts = 5
    private static let batch = 16

    func run(_ report: @escaping @Sendable (DesignResult.Progress) -> Void) async throws -> DesignResult {
        let (problem, models) = (problem, search.callsPerEvaluation)
        var queue: [Item] = []
        var seen = Set<[Int]>()
        var feasible = Set<[Int]>()
        var found: [DesignCandidate] = []
        var best: [[Int]: DesignCandidate] = [:]
        var (calls, number) = (0, 0)
        var progress: [DesignResult.Progress] = []

        func propose(_ decoration: Decoration, _ priority: Double, start: [Double]? = nil) {
            guard problem.admits(decoration.elements, pattern: decoration.pattern),
                seen.insert(problem.compositionKey(decoration)).inserted
            else { return }
            number += 1
            queue.append(
                Item(decoration: decoration, attempt: 0, priority: priority, start: start, number: number))
        }

        var random = RandomStream(seed: search.seed)
        for _ in 0..<(8 * problem.patterns.count) {
            propose(problem.randomDecoration(&random), 0)
        }
        let reserve = search.allowedCalls - search.allowedCalls / 10
        while !problem.extremes.isEmpty || feasible.count < search.candidates, calls < reserve {
            if queue.isEmpty {
                // The gradient leads only where it was followed; a fresh draw opens what it has not.
                let before = seen.count
                for _ in 0..<64 { propose(problem.randomDecoration(&random), 0) }
                if seen.count == before { break }
            }
            queue.sort { ($0.priority, $0.number) < ($1.priority, $1.number) }
            let items = Array(queue.prefix(Self.batch))
            queue.removeFirst(items.count)
            let seed = search.seed
            let results = try await parallelMap(items, width: search.jobs) { item in
                var random = RandomStream(seed: seed, index: UInt64(item.number * 8 + item.attempt + 1))
                let start = item.start ?? problem.start(item.decoration, attempt: item.attempt, &random)
                return LocalSearch(problem: problem).run(
                    item.decoration, from: start,
                    limit: item.attempt == 0 ? 8 : 14)
            }
            for (item, result) in zip(items, results) {
                calls += result.evaluations * models
                let key = problem.compositionKey(item.decoration)
                let candidate = problem.judge(item.decoration, at: result.x, values: result.evaluation.values)
                calls += candidate.evaluations * models
                if candidate.isSuccess {
                    if feasible.insert(key).inserted { found.append(candidate) }
                } else {
                    if best[key].map({ $0.loss > candidate.loss }) != false { best[key] = candidate }
                    if item.attempt + 1 < Self.attempts {
                        number += 1
                        queue.append(
                            Item(
                                decoration: item.decoration, attempt: item.attempt + 1,
                                priority: result.evaluation.loss + 0.5 * Double(item.attempt + 1), start: nil,
                                number: number))
                    }
                }
                if item.attempt == 0 { exchanges(item.decoration, result, propose) }
            }
            progress.append(.init(calls: calls, successes: found.count, compositions: feasible.count))
            if let last = progress.last { report(last) }
        }
        let variants = try await variants(of: found, calls: &calls)
        found.sort { $0.loss < $1.loss }
        var candidates = found + variants
        if candidates.count < search.candidates {
            let rest = best.filter { !feasible.contains($0.key) }.values
                .sorted {
                    ($0.loss, $0.decoration.elements.description) < (
                        $1.loss, $1.decoration.elements.description
                    )
                }
            // Only where nothing better is known: the nearest misses stand last, marked as such.
            if candidates.isEmpty { candidates += rest.prefix(search.candidates) }
        }
        progress.append(
            .init(calls: calls, successes: candidates.filter(\.isSuccess).count, compositions: feasible.count)
        )
        return DesignResult(
            method: search.method.rawValue, candidates: Array(candidates.prefix(search.candidates)),
            calls: calls,
            progress: progress, feasible: feasible)
    }

    /// Every exchange of one element, by what the gradients say of it.
    private func exchanges(
        _ decoration: Decoration, _ result: LocalSearch.Result,
        _ propose: (Decoration, Double, [Double]?) -> Void
    ) {
        let count = 100
        for orbit in decoration.elements.indices {
            let old = decoration.elements[orbit]
            for new in problem.choices(decoration.pattern, orbit) where new != old {
                let values = zip(result.evaluation.values, result.evaluation.mixtureGradients).map {
                    $0 + $1[orbit * count + new] - $1[orbit * count + old]
                }
                var next = decoration
                next.elements[orbit] = new
                propose(next, problem.loss(values).loss, nil)
            }
        }
    }

    /// Å, about: how far structures of one composition lie apart at first, half as far every ten rounds.
    private static let apart = 0.02
    /// Displacements from what is known, in turn.
    private static let spreads = [0.15, 0.05, 0.3]

    /// Where fewer compositions succeed than candidates are wanted: other structures of the same compositions, so that
    /// a place that was asked for stays empty only where nothing is left to put there.
    private func variants(of found: [DesignCandidate], calls: inout Int) async throws -> [DesignCandidate] {
        guard !found.isEmpty, found.count < search.candidates else { return [] }
        let (problem, models, seed) = (problem, search.callsPerEvaluation, search.seed)
        var result: [DesignCandidate] = []
        var known = Dictionary(grouping: found, by: { problem.compositionKey($0.decoration) }).mapValues {
            $0.map(\.x)
        }
        var round = 0
        while result.count + found.count < search.candidates, calls < search.allowedCalls, round < 40 {
            let (spread, apart) = (
                Self.spreads[round % Self.spreads.count], Self.apart / Double(1 << (round / 10))
            )
            round += 1
            let wanted = min(found.count, search.candidates - found.count - result.count)
            let items = (0..<wanted).map { (round * 7919 + $0, found[(round * 31 + $0) % found.count]) }
            let tried = try await parallelMap(items, width: search.jobs) { number, candidate in
                var random = RandomStream(seed: seed ^ 0x5EED, index: UInt64(number))
                let start = candidate.x.map { $0 + spread * random.normal() }
                return (
                    candidate.decoration,
                    LocalSearch(problem: problem).run(
                        candidate.decoration, from: start, limit: 6)
                )
            }
            for (decoration, local) in tried {
                calls += local.evaluations * models
                let key = problem.compositionKey(decoration)
                let isNew =
                    known[key]?.allSatisfy { zip($0, local.x).contains { abs($0 - $1) > apart } } != false
                guard isNew, result.count + found.count < search.candidates else { continue }
                let candidate = problem.judge(decoration, at: local.x, values: local.evaluation.values)
                calls += candidate.evaluations * models
                guard candidate.isSuccess else { continue }
                known[key, default: []].append(local.x)
                result.append(candidate)
            }
        }
        return result
    }
}
