import Crystallography
import Foundation

/// What a file calls uncertainties or weights, judged by how it runs with the intensities.
package struct StatedUncertainties {
    package private(set) var sigma: [Double]?
    package private(set) var source = PowderPattern.UncertaintySource.deviations
    package private(set) var remarks: [String] = []

    init() {}

    /// A column of σ; nil for a point without one.
    package init(deviations: [Double?], intensity: [Double]) {
        guard var values = Self.usable(deviations, "uncertainties", &remarks) else { return }
        let counting = zip(values, intensity).filter { $0 > 0 && $1 > 0 }
        let isCounting =
            !counting.isEmpty
            && counting.allSatisfy { abs($0 * $0 / $1 - 1) < 0.02 || abs($0 * $0 - $1) < 0.02 }
        if isCounting {
            // √0: a point without counts weighs as one with a single count does.
            for i in values.indices where values[i] == 0 && intensity[i] == 0 { values[i] = 1 }
        }
        if !isCounting, Self.areIntensities(values, intensity) {
            remarks.append(
                "the uncertainties are as large as the intensities, as another column of intensities is: not used"
            )
            return
        }
        if let course = Course(values, intensity), course.isTight, (-1.3 ... -0.7).contains(course.slope) {
            sigma = values.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
            source = .deviationsThatAreWeights
            remarks.append("the uncertainties fall as the intensities rise: taken as weights 1/σ²")
        } else {
            sigma = values
        }
        sayUnweighted()
    }

    /// A column of weights, 1/σ² as the dictionary has it, or what else writers put there.
    package init(weights: [Double?], intensity: [Double]) {
        guard let values = Self.usable(weights, "weights", &remarks) else { return }
        let course = Course(values, intensity)
        if let course, course.isTight, (0.3..<0.75).contains(course.slope) {
            sigma = values
            source = .weightsThatAreDeviations
            remarks.append("the weights rise with the intensities: taken as σ")
        } else if let course, course.isTight, (0.75...1.3).contains(course.slope) {
            sigma = values.map(\.self).map { $0.squareRoot() }
            source = .weightsThatAreVariances
            remarks.append("the weights rise as the intensities do: taken as σ²")
        } else {
            sigma = values.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
            source = .weights
        }
        sayUnweighted()
    }

    /// A calculated pattern in the place of σ: of the size of the intensities, and running as they do.
    private static func areIntensities(_ values: [Double], _ intensity: [Double]) -> Bool {
        guard let course = Course(values, intensity), course.isTight, (0.75...1.3).contains(course.slope)
        else { return false }
        let ratios = zip(values, intensity).filter { $1 > 0 }.map { $0 / $1 }.sorted()
        return (0.5...2).contains(ratios[ratios.count / 2])
    }

    private mutating func sayUnweighted() {
        let count = sigma?.count { $0 == 0 } ?? 0
        if count > 0 { remarks.append("\(count) points without an uncertainty have no weight") }
    }

    /// nil where the values say nothing: below zero, all zero, all one.
    private static func usable(_ values: [Double?], _ name: String, _ remarks: inout [String]) -> [Double]? {
        let known = values.compactMap(\.self)
        guard !known.isEmpty else { return nil }
        if known.contains(where: { $0 < 0 || !$0.isFinite }) {
            remarks.append("\(name) below zero are not used")
            return nil
        }
        if known.allSatisfy({ $0 == 0 }) || (known.count > 2 && known.allSatisfy { $0 == 1 }) {
            remarks.append("\(name) that are all \(known[0] == 0 ? "zero" : "one") are not used")
            return nil
        }
        return values.map { $0 ?? 0 }
    }

    /// How a quantity runs with the intensities: the exponent of its power law.
    private struct Course {
        let slope: Double
        private let correlation: Double

        /// Fits to one point, and scattered ones, say nothing.
        var isTight: Bool { abs(correlation) > 0.8 }

        /// nil where the intensities hardly differ.
        init?(_ values: [Double], _ intensity: [Double]) {
            let points = zip(values, intensity).filter { $0 > 0 && $1 > 0 }.map { (log($1), log($0)) }
            guard points.count > 20 else { return nil }
            let n = Double(points.count)
            let mx = points.reduce(0) { $0 + $1.0 } / n
            let my = points.reduce(0) { $0 + $1.1 } / n
            let xx = points.reduce(0) { $0 + ($1.0 - mx) * ($1.0 - mx) } / n
            let yy = points.reduce(0) { $0 + ($1.1 - my) * ($1.1 - my) } / n
            let xy = points.reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) } / n
            guard xx > 0.04, yy > 0 else { return nil }
            slope = xy / xx
            correlation = xy / (xx * yy).squareRoot()
        }
    }
}
