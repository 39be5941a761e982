import Diffraction

/// Observed integrated intensities apportioned after Rietveld (1969) and their agreement with the calculated ones.
package struct BraggAgreement: Sendable, Hashable {
    /// Σ|Io − Ic|/ΣIo, a fraction.
    package var rBragg: Double
    /// Io of every reflection that reaches the pattern, in the order of the calculation's profile matrix.
    package var observed: [Double]
    package var calculated: [Double]

    /// - Parameter weights: points of weight 0 take no part.
    package init(_ calculation: PowderCalculation, observed pattern: [Double], weights: [Double]) {
        let matrix = calculation.profileMatrix(unit: .integratedIntensity)
        let reflections = calculation.reflections
        var intensity: [Key: Double] = [:]
        for reflection in reflections {
            intensity[Key(phase: reflection.phase, number: reflection.number)] = reflection.intensity
        }
        let (model, background) = (calculation.calculated, calculation.background)
        var observed: [Double] = []
        var calculated: [Double] = []
        for column in matrix.columns {
            let ic = intensity[Key(phase: column.phase, number: column.number)] ?? 0
            var (share, whole) = (0.0, 0.0)
            for (i, value) in column.values.enumerated() {
                let point = column.start + i
                let net = model[point] - background[point]
                guard weights[point] > 0, net > 0 else { continue }
                share += value * (pattern[point] - background[point]) / net
                whole += value
            }
            guard whole > 0 else { continue }
            calculated.append(ic)
            observed.append(ic * share / whole)
        }
        let total = observed.reduce(0) { $0 + abs($1) }
        let misfit = zip(observed, calculated).reduce(0) { $0 + abs($1.0 - $1.1) }
        rBragg = total > 0 ? misfit / total : .nan
        self.observed = observed
        self.calculated = calculated
    }

    private struct Key: Hashable {
        let phase: Int
        let number: Int
    }
}
