import CStructureFactors
import Crystallography
import Foundation
import NumericalMethods

/// A reflection of a calculated pattern.
public struct PowderReflection: Sendable, Hashable {
    /// Index into the model's phases.
    public let phase: Int
    /// Position in the phase's list.
    public let number: Int
    /// h, k, l in the phase's (conventional) cell.
    public let index: SIMD3<Int>
    /// The number of equivalent reflections, Friedel mates included.
    public let multiplicity: Int
    /// Å.
    public let d: Double
    /// Where its peak of the first spectral line stands, shifts included, degrees 2θ; nil beyond the range.
    public let twoTheta: Double?
    /// √⟨|F|²⟩ in electrons (fm) per conventional cell.
    public let structureFactor: Double
    /// Integrated intensity of the first spectral line: scale · m O LP A ⟨|F|²⟩ e^{−2Bq}/V².
    public let intensity: Double
}

/// The profiles of reflections as columns on the grid: y = background + Σ_h column_h · x_h.
package struct ProfileMatrix: Sendable, Hashable {
    package struct Column: Sendable, Hashable {
        package let phase: Int
        /// Position in the phase's list of reflections.
        package let number: Int
        /// The grid point of `values[0]`.
        package let start: Int
        package let values: [Double]
    }

    package let rows: Int
    /// In the order of the phases and of their lists; reflections that do not reach the grid are left out.
    package let columns: [Column]

    /// Σ_h column_h · x_h.
    package func times(_ x: [Double]) -> [Double] {
        var y = [Double](repeating: 0, count: rows)
        for (column, value) in zip(columns, x) {
            for (i, p) in column.values.enumerated() { y[column.start + i] += p * value }
        }
        return y
    }

    /// Pᵀ W P for diagonal weights: symmetric, entry (h, k) nonzero where two columns overlap.
    package func normalMatrix(weights: [Double]) -> DenseMatrix {
        var result = DenseMatrix(rows: columns.count, columns: columns.count)
        for a in columns.indices {
            for b in a..<columns.count {
                let first = max(columns[a].start, columns[b].start)
                let last = min(
                    columns[a].start + columns[a].values.count, columns[b].start + columns[b].values.count)
                guard last > first else { continue }
                var sum = 0.0
                for i in first..<last {
                    sum +=
                        weights[i] * columns[a].values[i - columns[a].start]
                        * columns[b].values[i - columns[b].start]
                }
                result[a, b] = sum
                result[b, a] = sum
            }
        }
        return result
    }

    /// Pᵀ v.
    package func transposedTimes(_ v: [Double]) -> [Double] {
        columns.map { column in
            var sum = 0.0
            for (i, p) in column.values.enumerated() { sum += p * v[column.start + i] }
            return sum
        }
    }
}

/// What one unit of a profile matrix's x is.
package enum ProfileUnit: Sendable, Hashable {
    /// ⟨|F|²⟩: columns hold scale · m O LP A e^{−2Bq}/V² and the profile.
    case squaredStructureFactor
    /// The integrated intensity of the first spectral line: columns hold the bare profile, other lines in their
    /// proportion.
    case integratedIntensity
}

extension PowderCalculation {
    /// All listed reflections of all phases, those beyond the range included.
    public var reflections: [PowderReflection] {
        updatePhases()
        return phases.enumerated().flatMap { index, phase in
            let intensities = phase.intensities
            return phase.factors.reflections.indices.indices.map { h in
                let peak = phase.peaks[h]
                let squared = phase.intensity(h, intensities)
                return PowderReflection(
                    phase: index, number: h, index: phase.factors.reflections.indices[h],
                    multiplicity: phase.factors.reflections.multiplicities[h],
                    d: 0.5 / phase.factors.q[h].squareRoot(), twoTheta: peak.isVisible ? peak.position : nil,
                    structureFactor: max(squared, 0).squareRoot(),
                    intensity: peak.isVisible ? phase.phase.scale * peak.factor * squared : 0)
            }
        }
    }

    /// ⟨|F|²⟩ of every listed reflection of a phase: the structure's, or the free ones.
    package func squaredStructureFactors(phase: Int = 0) -> [Double] {
        updatePhases()
        return phases[phase].freeIntensities ?? Array(phases[phase].intensities)
    }

    /// Replaces a phase's ⟨|F|²⟩ by free numbers, one for each listed reflection (Le Bail, Pawley): the pattern, its
    /// gradient and its Jacobian with respect to lattice, widths, shifts and scale then use these, and the
    /// structure's parameters have no effect. The list stays as it is meanwhile. nil brings the structure back.
    package func setFreeIntensities(_ squared: [Double]?, phase: Int = 0) {
        updatePhases()
        precondition(
            squared == nil || squared?.count == phases[phase].factors.reflections.count,
            "one intensity for each listed reflection")
        phases[phase].freeIntensities = squared
        markPatternStale()
    }

    /// The profiles of all reflections that reach the grid.
    package func profileMatrix(unit: ProfileUnit = .squaredStructureFactor) -> ProfileMatrix {
        updatePhases()
        var columns: [ProfileMatrix.Column] = []
        twoTheta.withUnsafeBufferPointer { grid in
            for (index, phase) in phases.enumerated() {
                let count = phase.factors.reflections.count
                for h in 0..<count {
                    let lines = stride(from: h, to: phase.peaks.count, by: count).filter {
                        phase.peaks[$0].isVisible && phase.peaks[$0].last > phase.peaks[$0].first
                    }
                    guard let first = lines.map({ phase.peaks[$0].first }).min(),
                        let last = lines.map({ phase.peaks[$0].last }).max()
                    else { continue }
                    var values = [Double](repeating: 0, count: Int(last - first))
                    values.withUnsafeMutableBufferPointer { out in
                        guard let base = out.baseAddress else { return }
                        for line in lines {
                            let peak = phase.peaks[line]
                            let height =
                                switch unit {
                                case .squaredStructureFactor: phase.phase.scale * peak.factor
                                case .integratedIntensity: phase.ratioToFirstLine(line)
                                }
                            phase.addPeak(
                                line, height: height, instrument, grid, window: 0..<grid.count,
                                base - Int(first))
                        }
                    }
                    columns.append(
                        ProfileMatrix.Column(phase: index, number: h, start: Int(first), values: values))
                }
            }
        }
        return ProfileMatrix(rows: twoTheta.count, columns: columns)
    }

    /// scale · m O LP A e^{−2Bq}/V² of the first spectral line for every listed reflection of a phase: integrated
    /// intensity for one unit of ⟨|F|²⟩; 0 beyond the range.
    package func intensityFactors(phase: Int = 0) -> [Double] {
        updatePhases()
        let calculation = phases[phase]
        return (0..<calculation.factors.reflections.count).map { h in
            calculation.peaks[h].isVisible ? calculation.phase.scale * calculation.peaks[h].factor : 0
        }
    }
}

extension PhaseCalculation {
    /// Intensity of a peak over that of its reflection on the first line.
    func ratioToFirstLine(_ index: Int) -> Double {
        let count = factors.reflections.count
        let first = peaks[index % count]
        guard first.isVisible, first.factor > 0 else { return lineWeights[index / count] }
        return peaks[index].factor / first.factor
    }
}
