import Crystallography
import Evaluations
import NumericalMethods
import Publishing
import Validation

/// What a set comes to: summary.json of `wyckoff validate`.
package struct ValidationSummary: Encodable, Sendable {
    /// A share of all records with its 95 % interval by Wilson's score.
    package struct Rate: Encodable, Sendable {
        package var count: Int
        package var of: Int
        @ExplicitNull package var share: Double?
        /// From and to.
        package var interval: [Double]

        init(_ interval: WilsonInterval) {
            (count, of) = (interval.successes, interval.trials)
            share = interval.trials > 0 ? interval.share : nil
            self.interval = [interval.bounds.lowerBound, interval.bounds.upperBound]
        }

        /// `0.123 [0.100, 0.150], 123 of 1000`.
        var text: String {
            guard let share else { return "0 of 0" }
            return String(format: "%.3f [%.3f, %.3f], %d of %d", share, interval[0], interval[1], count, of)
        }
    }

    package struct Rates: Encodable, Sendable {
        package var valid: Rate
        package var aboveP1: Rate
        /// Null where it was not asked for, as are those below.
        @ExplicitNull package var unique: Rate?
        @ExplicitNull package var novel: Rate?
        @ExplicitNull package var stable: Rate?
        /// Stable, unique and novel.
        @ExplicitNull package var sun: Rate?
        /// The same of valid records only, still of all.
        @ExplicitNull package var validSUN: Rate?

        init(_ statistics: SetStatistics) {
            (valid, aboveP1) = (Rate(statistics.valid), Rate(statistics.aboveP1))
            (unique, novel) = (statistics.unique.map(Rate.init), statistics.novel.map(Rate.init))
            (stable, sun) = (statistics.stable.map(Rate.init), statistics.sun.map(Rate.init))
            validSUN = statistics.validSUN.map(Rate.init)
        }

        /// Named, those that were asked for.
        var named: [(name: String, rate: Rate)] {
            [
                ("valid", valid), ("unique", unique), ("novel", novel), ("stable", stable),
                ("S.U.N.", sun), ("valid and S.U.N.", validSUN), ("above P1", aboveP1),
            ].compactMap { name, rate in rate.map { (name, $0) } }
        }
    }

    /// Space-group or atomic numbers with their counts.
    package struct Groups: Encodable, Sendable {
        package var claimed: [Int: Int]
        package var found: [Int: Int]
        /// Empty without a reference.
        package var reference: [Int: Int]
        /// Half the sum of the differences between the shares, 0 to 1.
        @ExplicitNull package var totalVariationClaimedFound: Double?
        @ExplicitNull package var totalVariationFoundReference: Double?
        /// To base 2, 0 to 1.
        @ExplicitNull package var jensenShannonFoundReference: Double?
    }

    package struct Elements: Encodable, Sendable {
        /// Records that hold it, by symbol.
        package var own: [String: Int]
        package var reference: [String: Int]
        @ExplicitNull package var totalVariation: Double?
    }

    package struct Numbers: Encodable, Sendable {
        @ExplicitNull package var mean: Double?
        @ExplicitNull package var median: Double?
        @ExplicitNull package var referenceMean: Double?
        @ExplicitNull package var referenceMedian: Double?
        /// The area between the cumulative distributions, in the unit of the numbers.
        @ExplicitNull package var wasserstein: Double?

        init(_ own: SetStatistics.Distribution, _ reference: SetStatistics.Distribution) {
            func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
            (mean, median) = (finite(own.mean), finite(own.median))
            (referenceMean, referenceMedian) = (finite(reference.mean), finite(reference.median))
            wasserstein = own.distance(to: reference)
        }
    }

    package struct Distributions: Encodable, Sendable {
        package var spaceGroups: Groups
        package var elements: Elements
        /// g/cm³.
        package var density: Numbers
        package var degreesOfFreedom: Numbers
        package var elementCount: Numbers
        package var atoms: Numbers
        /// eV/atom.
        @ExplicitNull package var energyAboveHull: Numbers?
    }

    /// As typed.
    package var command: String
    package var version: String
    /// As in the last line of `--json`.
    package var records: ValidationTotals.Counts
    package var rates: Rates
    package var distributions: Distributions

    package init(_ statistics: SetStatistics, command: String, version: String) {
        (self.command, self.version) = (command, version)
        records = ValidationTotals(statistics.summary).summary
        rates = Rates(statistics)
        let (own, reference) = (statistics.own, statistics.reference)
        distributions = Distributions(
            spaceGroups: Groups(
                claimed: own.claimedGroups.counts, found: own.groups.counts,
                reference: reference.groups.counts,
                totalVariationClaimedFound: own.claimedGroups.totalVariation(to: own.groups),
                totalVariationFoundReference: own.groups.totalVariation(to: reference.groups),
                jensenShannonFoundReference: own.groups.jensenShannon(to: reference.groups)),
            elements: Elements(
                own: Self.named(own.elements), reference: Self.named(reference.elements),
                totalVariation: own.elements.totalVariation(to: reference.elements)),
            density: Numbers(own.density, reference.density),
            degreesOfFreedom: Numbers(own.degreesOfFreedom, reference.degreesOfFreedom),
            elementCount: Numbers(own.elementCount, reference.elementCount),
            atoms: Numbers(own.atomCount, reference.atomCount),
            energyAboveHull: statistics.aboveHull.values.isEmpty
                ? nil : Numbers(statistics.aboveHull, SetStatistics.Distribution()))
    }

    private static func named(_ histogram: SetStatistics.Histogram) -> [String: Int] {
        Dictionary(
            uniqueKeysWithValues: histogram.counts.compactMap { number, count in
                Element(atomicNumber: number).map { ($0.symbol, count) }
            })
    }

    /// The rates, a line each.
    package var text: String {
        rates.named.map { "\($0.name): \($0.rate.text)" }.joined(separator: "\n")
    }
}
