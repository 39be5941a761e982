import Foundation
import NumericalMethods
import Validation

/// What a set comes to: rates with their intervals, and how it is distributed beside the reference.
package struct SetStatistics: Sendable {
    /// How often a number occurs.
    package struct Distribution: Sendable {
        package private(set) var values: [Double] = []

        /// Of nothing.
        package init() {}

        mutating func add(_ value: Double?) {
            if let value, value.isFinite { values.append(value) }
        }

        package var mean: Double { values.reduce(0, +) / Double(values.count) }

        package var median: Double {
            let sorted = values.sorted()
            guard let middle = sorted.dropFirst(sorted.count / 2).first else { return .nan }
            return sorted.count % 2 == 1 ? middle : (middle + sorted[sorted.count / 2 - 1]) / 2
        }

        /// The area between the two cumulative distributions (Wasserstein's distance), in the unit of the values; nil where
        /// one is empty.
        package func distance(to other: Distribution) -> Double? {
            guard !values.isEmpty, !other.values.isEmpty else { return nil }
            let (a, b) = (values.sorted(), other.values.sorted())
            var (i, j, area) = (0, 0, 0.0)
            var here = min(a[0], b[0])
            while i < a.count || j < b.count {
                let next = min(i < a.count ? a[i] : .infinity, j < b.count ? b[j] : .infinity)
                let gap = Double(i) / Double(a.count) - Double(j) / Double(b.count)
                area += abs(gap) * (next - here)
                here = next
                while i < a.count, a[i] == next { i += 1 }
                while j < b.count, b[j] == next { j += 1 }
            }
            return area
        }
    }

    /// Counts of space groups or elements.
    package struct Histogram: Sendable {
        package private(set) var counts: [Int: Int] = [:]

        mutating func add(_ bin: Int?) {
            if let bin { counts[bin, default: 0] += 1 }
        }

        package var total: Int { counts.values.reduce(0, +) }

        /// Half the sum of the differences of the shares: the part that would have to move, 0 to 1; nil where one is empty.
        package func totalVariation(to other: Histogram) -> Double? {
            differences(to: other) { abs($0 - $1) / 2 }
        }

        /// The Jensen–Shannon distance to base 2, 0 to 1; nil where one is empty.
        package func jensenShannon(to other: Histogram) -> Double? {
            let divergence = differences(to: other) { p, q in
                let middle = (p + q) / 2
                return (p > 0 ? p / 2 * log2(p / middle) : 0) + (q > 0 ? q / 2 * log2(q / middle) : 0)
            }
            return divergence.map { max(0, $0).squareRoot() }
        }

        private func differences(to other: Histogram, _ term: (Double, Double) -> Double) -> Double? {
            let (own, others) = (Double(total), Double(other.total))
            guard own > 0, others > 0 else { return nil }
            return Set(counts.keys).union(other.counts.keys).sorted().reduce(0.0) { sum, bin in
                sum + term(Double(counts[bin] ?? 0) / own, Double(other.counts[bin] ?? 0) / others)
            }
        }
    }

    /// The distributions of a set or of its reference.
    package struct Distributions: Sendable {
        /// Of the records that claim a group.
        package var claimedGroups = Histogram()
        package var groups = Histogram()
        /// By atomic number: in how many records.
        package var elements = Histogram()
        /// g/cm³.
        package var density = Distribution()
        package var degreesOfFreedom = Distribution()
        package var elementCount = Distribution()
        package var atomCount = Distribution()

        mutating func add(_ record: RecordProfile) {
            claimedGroups.add(record.claimed)
            groups.add(record.spaceGroup)
            density.add(record.density)
            degreesOfFreedom.add(record.degreesOfFreedom.map(Double.init))
            elementCount.add(record.elements.isEmpty ? nil : Double(record.elements.count))
            atomCount.add(record.atomCount.map(Double.init))
            for number in record.elements { elements.add(number) }
        }
    }

    package private(set) var summary = SetValidation.Summary()
    package private(set) var own = Distributions()
    /// Empty without a reference.
    package private(set) var reference = Distributions()
    private var answers: [(valid: Bool, unique: Bool?, novel: Bool?, stable: Bool?)] = []
    /// eV/atom above the hull of all that have one.
    package private(set) var aboveHull = Distribution()

    /// - Throws: `ValidationStoreError`.
    package init(_ set: EvaluatedSet) throws {
        (asksUnique, asksNovel, asksStable) = (set.duplicates != nil, set.known != nil, set.hasHull)
        try set.forEach { record in
            summary.count(record.verdict)
            own.add(RecordProfile(record.verdict))
            aboveHull.add(record.stability?.aboveHull)
            answers.append((record.verdict.passed, record.isUnique, record.isNovel, record.isStable))
        }
        try set.forEachOfReference { reference.add($0) }
    }

    private let asksUnique: Bool
    private let asksNovel: Bool
    private let asksStable: Bool

    /// Of all records; what has no answer (unreadable, no energy) counts as "no".
    package var valid: WilsonInterval { rate { $0.valid } }
    /// nil where it was not asked for, as are those below.
    package var unique: WilsonInterval? { asksUnique ? rate { $0.unique == true } : nil }
    package var novel: WilsonInterval? { asksNovel ? rate { $0.novel == true } : nil }
    package var stable: WilsonInterval? { asksStable ? rate { $0.stable == true } : nil }
    /// Stable, unique and novel.
    package var sun: WilsonInterval? {
        guard asksUnique, asksNovel, asksStable else { return nil }
        return rate { $0.unique == true && $0.novel == true && $0.stable == true }
    }
    /// The same among valid ones only.
    package var validSUN: WilsonInterval? {
        guard asksUnique, asksNovel, asksStable else { return nil }
        return rate { $0.valid && $0.unique == true && $0.novel == true && $0.stable == true }
    }
    /// Records in a group above P1, of those with a group.
    package var aboveP1: WilsonInterval {
        WilsonInterval(own.groups.total - (own.groups.counts[1] ?? 0), of: own.groups.total)
    }

    private func rate(
        _ isYes: ((valid: Bool, unique: Bool?, novel: Bool?, stable: Bool?)) -> Bool
    ) -> WilsonInterval {
        WilsonInterval(answers.count(where: isYes), of: answers.count)
    }
}
