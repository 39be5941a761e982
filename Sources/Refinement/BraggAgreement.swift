import Diffraction

/// Observed integrated intensities apportioned after Rietveld (1969) and their agreement with the calculated ones.
package struct BraggAgreement: Sendable, Hashable {
    /// Of the reflections of one phase.
    package struct Phase: Sendable, Hashable {
        /// Σ|Io − Ic|/ΣIo, a fraction.
        package var rBragg: Double
        /// Σ||Fo| − |Fc||/Σ|Fo|, a fraction; Fo follows from Io as Fc does from Ic.
        package var rF: Double
        /// Those that the pattern holds.
        package var reflections: Int
    }

    /// A reflection of the pattern and its share of what was measured.
    package struct Reflection: Sendable, Hashable {
        package var reflection: PowderReflection
        /// √Io in the unit of the structure factor; 0 where Io is negative.
        package var observed: Double
        /// Whether it stands in the pattern and more than half of it has weight.
        package var isSeen: Bool
    }

    /// Σ|Io − Ic|/ΣIo of the reflections that are seen, of all phases; a fraction.
    package var rBragg: Double { seen.rBragg }
    /// Io of every reflection that reaches the pattern, in the order of the calculation's profile matrix.
    package var observed: [Double]
    package var calculated: [Double]
    /// Of all phases' reflections that are seen.
    package private(set) var seen = Phase(rBragg: .nan, rF: .nan, reflections: 0)
    /// In the order of the model's; of the reflections that are seen.
    package private(set) var phases: [Phase] = []
    /// In the order of `observed`.
    package private(set) var reflections: [Reflection] = []

    /// - Parameter weights: points of weight 0 take no part.
    package init(_ calculation: PowderCalculation, observed pattern: [Double], weights: [Double]) {
        let matrix = calculation.profileMatrix(unit: .integratedIntensity)
        let reflections = calculation.reflections
        var listed: [Key: PowderReflection] = [:]
        for reflection in reflections {
            listed[Key(phase: reflection.phase, number: reflection.number)] = reflection
        }
        let (model, background) = (calculation.calculated, calculation.background)
        let ends = (calculation.twoTheta.first ?? 0)...(calculation.twoTheta.last ?? 0)
        var observed: [Double] = []
        var calculated: [Double] = []
        for column in matrix.columns {
            guard let reflection = listed[Key(phase: column.phase, number: column.number)] else { continue }
            let ic = reflection.intensity
            var (share, whole, all) = (0.0, 0.0, 0.0)
            for (i, value) in column.values.enumerated() {
                let point = column.start + i
                all += value
                let net = model[point] - background[point]
                guard weights[point] > 0, net > 0 else { continue }
                share += value * (pattern[point] - background[point]) / net
                whole += value
            }
            guard whole > 0 else { continue }
            // Of a reflection beyond the ends, or of one that was left out, the tails alone speak, and say nothing.
            let isSeen = whole > 0.5 * all && reflection.twoTheta.map(ends.contains) == true
            calculated.append(ic)
            observed.append(ic * share / whole)
            self.reflections.append(
                Reflection(
                    reflection: reflection,
                    observed: reflection.structureFactor * max(0, share / whole).squareRoot(), isSeen: isSeen)
            )
        }
        self.observed = observed
        self.calculated = calculated
        let rows = self.reflections.indices.filter { self.reflections[$0].isSeen }
            .map { (observed[$0], calculated[$0], self.reflections[$0]) }
        seen = Self.phase(rows)
        phases = calculation.model.phases.indices.map { phase in
            Self.phase(rows.filter { $0.2.reflection.phase == phase })
        }
    }

    private static func phase(
        _ rows: [(observed: Double, calculated: Double, reflection: Reflection)]
    ) -> Phase {
        let intensity = rows.reduce(0) { $0 + abs($1.observed) }
        let amplitude = rows.reduce(0) { $0 + $1.reflection.observed }
        let misfit = rows.reduce(0) { $0 + abs($1.observed - $1.calculated) }
        let amplitudeMisfit = rows.reduce(0) {
            $0 + abs($1.reflection.observed - $1.reflection.reflection.structureFactor)
        }
        return Phase(
            rBragg: intensity > 0 ? misfit / intensity : .nan,
            rF: amplitude > 0 ? amplitudeMisfit / amplitude : .nan, reflections: rows.count)
    }

    private struct Key: Hashable {
        let phase: Int
        let number: Int
    }
}
