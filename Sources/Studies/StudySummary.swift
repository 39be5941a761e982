import Foundation
import NumericalMethods

/// What the runs of a study say together: rates with intervals, correlations, spurious minima, the table of results.
package struct StudySummary: Sendable {
    package let runs: [RecoveryRun]

    package init(_ runs: [RecoveryRun]) { self.runs = runs }

    // MARK: Rates

    /// Structures by their free coordinates: rates are given apart.
    package enum SizeClass: String, Sendable, Hashable, CaseIterable {
        case upTo15 = "up to 15 free coordinates"
        case upTo30 = "16 to 30"
        case more = "above 30"

        package init(freeCoordinates: Int) {
            self = freeCoordinates <= 15 ? .upTo15 : freeCoordinates <= 30 ? .upTo30 : .more
        }
    }

    package struct Rate: Sendable, Hashable {
        package var successes: Int
        package var trials: Int

        package init(successes: Int, trials: Int) {
            (self.successes, self.trials) = (successes, trials)
        }

        package var share: Double { Double(successes) / Double(max(1, trials)) }
        /// 95 %, Jeffreys.
        package var interval: ClosedRange<Double> {
            Statistics.jeffreysInterval(successes: successes, trials: trials)
        }
    }

    /// One arm at one level.
    package struct Cell: Sendable {
        package var arm: String
        package var prior: String
        package var noise: String
        package var level: Double
        package var sizeClass: SizeClass
        package var matched: Rate
        package var matchedFixedScale: Rate
        package var exact: Rate
        /// Lengths within 0.1 %, atoms within 0.05 Å (root mean square): what a measured pattern can be asked for.
        package var near: Rate
        package var ambiguous: Rate
        package var failed: Int
        package var medianCosine: Double
        package var medianSeconds: Double
    }

    private struct CellKey: Hashable {
        var arm, prior, noise: String
        var level: Double
        var sizeClass: SizeClass
    }

    /// In the order noise, level, size, arm.
    package var cells: [Cell] {
        let groups = Dictionary(grouping: runs) {
            CellKey(
                arm: $0.armName, prior: $0.prior, noise: $0.noise, level: $0.level,
                sizeClass: SizeClass(freeCoordinates: $0.freeCoordinates))
        }
        let cells = groups.map { key, runs -> Cell in
            func rate(_ holds: (RecoveryMeasures) -> Bool) -> Rate {
                Rate(successes: runs.count { $0.measures.map(holds) ?? false }, trials: runs.count)
            }
            return Cell(
                arm: key.arm, prior: key.prior, noise: key.noise, level: key.level, sizeClass: key.sizeClass,
                matched: rate(\.matched), matchedFixedScale: rate(\.matchedFixedScale), exact: rate(\.exact),
                near: rate { $0.cellError < 1e-3 && $0.rmsDisplacement < 0.05 },
                ambiguous: rate(\.ambiguous), failed: runs.count { $0.measures == nil },
                medianCosine: Statistics.median(runs.compactMap { $0.measures?.cosine }),
                medianSeconds: Statistics.median(runs.map(\.seconds)))
        }
        return cells.sorted { a, b in
            let order = [
                Self.noiseOrder(a.noise) - Self.noiseOrder(b.noise), a.level - b.level,
                Self.sizeOrder(a.sizeClass) - Self.sizeOrder(b.sizeClass),
                Self.armOrder(a.arm) - Self.armOrder(b.arm),
            ].first { $0 != 0 }
            return order.map { $0 < 0 } ?? (a.arm < b.arm)
        }
    }

    private static func noiseOrder(_ name: String) -> Double {
        Double(NoiseLevel.Kind.allCases.firstIndex { $0.rawValue == name } ?? 9)
    }

    private static func sizeOrder(_ size: SizeClass) -> Double {
        Double(SizeClass.allCases.firstIndex(of: size) ?? 9)
    }

    /// Null arms first, ours last.
    static func armOrder(_ name: String) -> Double {
        let order =
            ["nothing", "project-once"] + DescentArm.Method.allCases.map(\.rawValue)
            + ["wyckoff-family", "wyckoff-space-group", "wyckoff"]
        return Double(order.firstIndex { name == $0 || name.hasPrefix($0 + ":") } ?? 99)
    }

    // MARK: Spurious minima

    /// The pattern fits (cosine above 0.9) and the structure is no match.
    package var fittingButWrong: [RecoveryRun] {
        runs.filter { ($0.measures?.cosine ?? 0) > 0.9 && $0.measures?.matched == false }
            .sorted { ($0.measures?.cosine ?? 0) > ($1.measures?.cosine ?? 0) }
    }

    /// The structure is a match and the pattern does not fit (cosine below 0.5).
    package var matchedButNotFitting: [RecoveryRun] {
        runs.filter { ($0.measures?.cosine ?? 1) < 0.5 && $0.measures?.matched == true }
            .sorted { ($0.measures?.cosine ?? 0) < ($1.measures?.cosine ?? 0) }
    }
}
