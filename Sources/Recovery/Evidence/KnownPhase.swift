import Crystallography
import Diffraction
import Foundation
import Parameterization
import Refinement

/// A phase of the sample that is known beforehand: an impurity, a standard, a pressure medium.
package struct KnownPhase: Sendable, Hashable {
    /// Its file.
    package var name: String
    package var structure: ReducedStructure

    package init(name: String, _ structure: ReducedStructure) {
        (self.name, self.structure) = (name, structure)
    }
}

/// What known phases give to a pattern, as far as that can be told before the other phase is known.
package struct KnownContribution: Sendable {
    /// Files, in the order of `phases`.
    package var names: [String] = []
    /// With their scales and cells; `known1`, `known2` are the prefixes of their parameters.
    package var phases: [PowderModel.Phase] = []
    /// At each point of the pattern, background apart.
    package var calculated: [Double]
    /// Of the whole pattern, at each point.
    package var background: [Double]
    /// Their lines' places, degrees 2θ, in the order of `phases`.
    package var lines: [[Double]] = []
    package var settings: RecoverySettings.Known

    /// Ranges of their scales and cells in a refinement, by the names of the parameters.
    package var bounds: [String: ClosedRange<Double>] {
        phases.reduce(into: [:]) { ranges, phase in
            let cell = phase.structure.latticeParameters
            for (name, value) in zip(cell.names, cell.values) {
                ranges["\(phase.name).\(name)"] = value * (1 - settings.cell)...value * (1 + settings.cell)
            }
        }
    }

    /// Scales, then cells.
    package var parameters: (scales: [String], cells: [String]) {
        (
            phases.map { "\($0.name).scale" },
            phases.flatMap { phase in phase.structure.latticeParameters.names.map { "\(phase.name).\($0)" } }
        )
    }

    /// The pattern without them, its uncertainties grown by what their contribution may be wrong by.
    package func removed(from pattern: PowderPattern, weights: [Double]) -> PowderPattern {
        var rest = pattern
        // Never below the background by what is taken off: a hole would draw the background of the rest down.
        rest.intensity = pattern.intensity.indices.map { i in
            let left = pattern.intensity[i] - calculated[i]
            return calculated[i] > settings.residue * background[i].squareRoot()
                ? max(left, min(pattern.intensity[i], background[i])) : left
        }
        rest.sigma = zip(weights, calculated).map { weight, known in
            weight > 0 ? (1 / weight + pow(settings.error * known, 2)).squareRoot() : 0
        }
        return rest
    }

    /// Peaks of the pattern without them that are more than the residue of one of their lines.
    package func clean(_ found: PeakSearch.Result, _ pattern: PowderPattern) -> PeakSearch.Result {
        var result = found
        result.peaks = found.peaks.filter { peak in
            let near = pattern.twoTheta.indices.lazy.filter {
                abs(pattern.twoTheta[$0] - peak.twoTheta) < found.width
            }
            return peak.height > settings.residue * (near.map { calculated[$0] }.max() ?? 0)
        }
        return result
    }
}
