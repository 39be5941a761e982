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
        /// nil where it was not asked for.
        package var null: Null?
    }

    /// What the estimator gives where nothing, or what is known, is to be found.
    package struct Null: Sendable, Hashable {
        /// Mean and largest of the permutations.
        package var mean: Double
        package var maximum: Double
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

    private struct Point: Sendable {
        var structure: Int
        var x, y: Double
    }

    /// - Parameters:
    ///   - runs: those that ended with a distance.
    ///   - resamples: bootstrap draws.
    ///   - neighbours: k of the information; without permutations there is no null and no bias.
    ///   - informationPoints: more are thinned evenly for the information: every permutation takes N^1.5 steps.
    /// - Returns: nil for fewer than 20 points.
    package init?(
        _ similarity: String, of runs: [RecoveryRun], resamples: Int = 200, neighbours: [Int] = [3, 5, 10],
        permutations: Int = 99, informationPoints: Int = 10_000, seed: UInt64 = 1,
        value: (RecoveryMeasures) -> Double
    ) {
        let names = Set(runs.map(\.structure)).sorted()
        let places = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
        let points = runs.compactMap { run -> Point? in
            guard let m = run.measures, m.structuralDistance.isFinite, value(m).isFinite,
                let structure = places[run.structure]
            else { return nil }
            return Point(structure: structure, x: value(m), y: m.structuralDistance)
        }
        guard points.count >= 20 else { return nil }
        self.similarity = similarity
        self.points = points.count
        let groups = Dictionary(grouping: points, by: \.structure).sorted { $0.key < $1.key }.map(\.value)
        structures = groups.count
        var random = RandomStream(seed: seed, index: 11)
        let draws = (0..<resamples).map { _ in groups.map { _ in random.index(below: groups.count) } }
        let estimates = Self.estimates(points, groups, draws)
        (pearson, spearman, kendall) = (estimates[0], estimates[1], estimates[2])
        let thinned = Self.thinned(points, to: informationPoints)
        let (x, y) = (thinned.map(\.x), thinned.map(\.y))
        // The estimator breaks ties at random: of what never varies it would make noise.
        guard Set(x).count > 1, Set(y).count > 1 else {
            information = []
            return
        }
        information = neighbours.map { k in
            Self.information(x, y, k: k, permutations: permutations, seed: seed)
        }
    }

    private static func thinned(_ points: [Point], to limit: Int) -> [Point] {
        let step = max(1, Double(points.count) / Double(limit))
        return stride(from: 0, to: Double(points.count), by: step).map { points[Int($0)] }
    }

    /// Pearson's, Spearman's and Kendall's correlation with what the draws of groups give.
    private static func estimates(_ points: [Point], _ groups: [[Point]], _ draws: [[Int]]) -> [Estimate] {
        let measures: [@Sendable ([Double], [Double]) -> Double] = [
            Statistics.pearson, Statistics.spearman, Statistics.kendall,
        ]
        let values = draws.map { draw in
            let drawn = draw.flatMap { groups[$0] }
            let (x, y) = (drawn.map(\.x), drawn.map(\.y))
            return measures.map { $0(x, y) }
        }
        return measures.indices.map { n in
            let value = measures[n](points.map(\.x), points.map(\.y))
            let finite = values.map { $0[n] }.filter(\.isFinite)
            guard value.isFinite, !finite.isEmpty else { return Estimate(value: .nan, interval: nil) }
            let (low, high) = (Statistics.quantile(finite, 0.025), Statistics.quantile(finite, 0.975))
            return Estimate(value: value, interval: min(low, high)...max(low, high))
        }
    }

    private static func information(
        _ x: [Double], _ y: [Double], k: Int, permutations: Int, seed: UInt64
    ) -> Information {
        let value = MutualInformation.kraskov(x, y, k: k, seed: seed)
        guard permutations > 0 else { return Information(k: k, value: value, null: nil) }
        let null = MutualInformation.permutationNull(x, y, k: k, permutations: permutations, seed: seed)
        return Information(
            k: k, value: value,
            null: Null(
                mean: Statistics.mean(null), maximum: null.max() ?? .nan,
                p: Double(1 + null.count { $0 >= value }) / Double(1 + null.count),
                biasAt0: bias(0, truth: 0, count: x.count, k: k, seed: seed),
                biasAt09: bias(0.9, truth: 0.830_365_6, count: x.count, k: k, seed: seed)))
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
