import NumericalMethods

/// How much a pattern similarity says about the structural distance, over end points of a study.
package struct SimilarityCorrelation: Sendable {
    package struct Estimate: Sendable, Hashable {
        /// Not a number where either side is the same at all points.
        package var value: Double
        /// 2.5 to 97.5 % of a bootstrap that draws structures, not runs: runs of one structure are not independent.
        /// nil where no draw has a value.
        package var interval: ClosedRange<Double>?
    }

    package struct Information: Sendable, Hashable {
        package var k: Int
        /// Nats.
        package var value: Double
        /// Mean and largest of the permutations.
        package var nullMean: Double
        package var nullMaximum: Double
        /// (1 + permutations at least as large)/(1 + permutations).
        package var p: Double
        /// Mean estimate less the truth for Gaussians of correlation 0 and 0.9 at this number of points.
        package var biasAt0: Double
        package var biasAt09: Double
    }

    package var similarity: String
    package var points: Int
    package var structures: Int
    package var pearson: Estimate
    package var spearman: Estimate
    package var kendall: Estimate
    /// Empty where either side is the same at all points.
    package var information: [Information]

    /// - Parameters:
    ///   - runs: those that ended with a distance.
    ///   - limit: more points than this are thinned evenly; the estimators take N² steps.
    /// - Returns: nil for fewer than 20 points.
    package init?(
        _ similarity: String, of runs: [RecoveryRun], limit: Int = 800, resamples: Int = 200,
        permutations: Int = 99, seed: UInt64 = 1, value: (RecoveryMeasures) -> Double
    ) {
        let all = runs.compactMap { run -> (structure: String, x: Double, y: Double)? in
            guard let m = run.measures, m.structuralDistance.isFinite, value(m).isFinite else { return nil }
            return (run.structure, value(m), m.structuralDistance)
        }
        guard all.count >= 20 else { return nil }
        let step = max(1, Double(all.count) / Double(limit))
        let points = stride(from: 0, to: Double(all.count), by: step).map { all[Int($0)] }
        self.similarity = similarity
        self.points = points.count
        let groups = Dictionary(grouping: points, by: \.structure)
        let names = groups.keys.sorted()
        structures = names.count
        var random = RandomStream(seed: seed, index: 11)
        var draws: [[(structure: String, x: Double, y: Double)]] = []
        for _ in 0..<resamples {
            draws.append(names.flatMap { _ in groups[names[random.index(below: names.count)]] ?? [] })
        }
        func estimate(_ function: ([Double], [Double]) -> Double) -> Estimate {
            let values = draws.map { function($0.map(\.x), $0.map(\.y)) }.filter(\.isFinite)
            let value = function(points.map(\.x), points.map(\.y))
            guard value.isFinite, !values.isEmpty else { return Estimate(value: .nan, interval: nil) }
            let (low, high) = (Statistics.quantile(values, 0.025), Statistics.quantile(values, 0.975))
            return Estimate(value: value, interval: min(low, high)...max(low, high))
        }
        pearson = estimate(Statistics.pearson)
        spearman = estimate(Statistics.spearman)
        kendall = estimate(Statistics.kendall)
        let (x, y) = (points.map(\.x), points.map(\.y))
        // The estimator breaks ties at random: of what never varies it would make noise.
        guard Set(x).count > 1, Set(y).count > 1 else {
            information = []
            return
        }
        information = [3, 5, 10].map { k in
            let value = MutualInformation.kraskov(x, y, k: k, seed: seed)
            let null = MutualInformation.permutationNull(x, y, k: k, permutations: permutations, seed: seed)
            return Information(
                k: k, value: value, nullMean: Statistics.mean(null), nullMaximum: null.max() ?? .nan,
                p: Double(1 + null.count { $0 >= value }) / Double(1 + null.count),
                biasAt0: Self.bias(0, truth: 0, count: x.count, k: k, seed: seed),
                biasAt09: Self.bias(0.9, truth: 0.830_365_6, count: x.count, k: k, seed: seed))
        }
    }

    private static func bias(_ rho: Double, truth: Double, count: Int, k: Int, seed: UInt64) -> Double {
        let estimates = (0..<5).map { draw in
            var random = RandomStream(seed: seed, index: 100 + UInt64(draw))
            let x = (0..<count).map { _ in random.normal() }
            let y = x.map { rho * $0 + (1 - rho * rho).squareRoot() * random.normal() }
            return MutualInformation.kraskov(x, y, k: k, seed: seed)
        }
        return Statistics.mean(estimates) - truth
    }
}
