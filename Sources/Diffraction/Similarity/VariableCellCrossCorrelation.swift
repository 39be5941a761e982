import NumericalMethods

/// The cross-correlation of a structure's pattern with a target, at the cell that makes it largest: the
/// variable-cell form (Mayo, Otero-de-la-Roza & Johnson, CrystEngComm 24 (2022) 8326), which compares what stands
/// in the cell and forgives a cell that is a few per cent off.
///
/// The free lattice parameters of the calculation move, within ± `strain`; atoms keep their fractional coordinates.
/// At the best cell the derivative with respect to the cell vanishes, so that the gradient with respect to every
/// other parameter is that of the plain cross-correlation there (envelope theorem).
package struct VariableCellCrossCorrelation: Sendable {
    package var halfWidth: Double
    /// Largest relative change of a length, and of an angle.
    package var strain: Double

    package init(halfWidth: Double = 0.6, strain: Double = 0.05) {
        self.halfWidth = halfWidth
        self.strain = strain
    }

    package struct Result: Sendable {
        /// 0 to 1.
        package let similarity: Double
        /// The lattice parameters that give it, in the order of the calculation's lattice names.
        package let lattice: [Double]
        /// ∂(similarity)/∂(pattern) at that cell.
        package let gradient: [Double]
    }

    /// - Parameter check: throws where the work is to end; asked before every pattern.
    package func evaluate(
        _ model: PowderModel, target: [Double], twoTheta: [Double], check: () throws -> Void = {}
    ) throws -> Result {
        let names = model.phases.count == 1 ? model.phases[0].structure.latticeParameters.names : []
        let calculation = try PowderCalculation(model, twoTheta: twoTheta, free: names)
        let start = calculation.values
        var best = (value: -1.0, cell: start)
        // Broad triangles first: a peak must see its partner before it can climb on it.
        for width in [4 * halfWidth, 2 * halfWidth, halfWidth] {
            let measure = TriangleCrossCorrelation(target: target, twoTheta: twoTheta, halfWidth: width)
            var cell = best.cell
            calculation.values = cell
            var (value, gradient) = gradientOfCell(calculation, measure)
            var step = 1e-3
            for _ in 0..<80 {
                let scaled = zip(gradient, start).map { $0 * $1 }
                let norm = scaled.reduce(0) { $0 + $1 * $1 }.squareRoot()
                guard norm > 0, step > 1e-9 else { break }
                try check()
                let trial = zip(cell, zip(scaled, start)).map { cell, rest in
                    let moved = cell + step * rest.0 / norm * rest.1
                    let reach = strain * abs(rest.1)
                    return min(max(moved, rest.1 - reach), rest.1 + reach)
                }
                calculation.values = trial
                let next = gradientOfCell(calculation, measure)
                if next.value > value {
                    (cell, value, gradient) = (trial, next.value, next.gradient)
                    step *= 1.5
                } else {
                    step *= 0.4
                }
            }
            best = (value, cell)
        }
        calculation.values = best.cell
        let measure = TriangleCrossCorrelation(target: target, twoTheta: twoTheta, halfWidth: halfWidth)
        let final = measure.valueAndGradient(calculation.calculated)
        return Result(similarity: final.value, lattice: best.cell, gradient: final.gradient)
    }

    private func gradientOfCell(
        _ calculation: PowderCalculation, _ measure: TriangleCrossCorrelation
    ) -> (value: Double, gradient: [Double]) {
        let (value, gradient) = measure.valueAndGradient(calculation.calculated)
        return (value, calculation.gradient(of: gradient))
    }
}
