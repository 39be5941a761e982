import Crystallography
import Diffraction
import NumericalMethods

/// χ² of a powder calculation against one pattern, what is known beside it included, and its normal equations.
final class PatternMisfit {
    let calculation: PowderCalculation
    private let observed: [Double]
    /// √w of every point.
    private let roots: [Double]
    private let restraint: RestraintMisfit?
    /// Where the data choose the intensities instead of the structure.
    private var intensities: FreeIntensities?
    private var jacobian: DenseMatrix

    init(
        _ calculation: PowderCalculation, _ pattern: PowderPattern, weights: [Double],
        freeIntensities: Bool, restraint: RestraintMisfit?
    ) {
        self.calculation = calculation
        observed = pattern.intensity
        roots = weights.map { $0.squareRoot() }
        intensities =
            freeIntensities ? FreeIntensities(calculation, observed: observed, weights: weights) : nil
        self.restraint = restraint
        jacobian = DenseMatrix(rows: calculation.names.count, columns: observed.count)
    }

    /// How many intensities the data have chosen.
    var intensityCount: Int { intensities?.count ?? 0 }

    /// Gives the calculation these values of its free parameters, and the intensities that fit best.
    func place(_ x: [Double]) {
        calculation.values = x
        intensities?.fit()
    }

    func chiSquared(at x: [Double]) -> Double {
        place(x)
        let (observed, roots) = (observed, roots)
        func sum(_ y: UnsafeBufferPointer<Double>) -> Double {
            var sum = 0.0
            for i in observed.indices {
                let r = roots[i] * (y[i] - observed[i])
                sum += r * r
            }
            return sum
        }
        let misfit =
            intensities.map { $0.calculated.withUnsafeBufferPointer(sum) } ?? calculation.withCalculated(sum)
        return misfit + (restraint?.chiSquared(calculation.model) ?? 0)
    }

    /// - Throws: what the restraints throw.
    func normalEquations(at x: [Double], into equations: inout NormalEquations) throws {
        place(x)
        calculation.jacobian(into: &jacobian)
        intensities?.project(&jacobian)
        let residual = weightedResidual()
        Self.scale(&jacobian, by: roots)
        equations.matrix = jacobian * jacobian.transpose
        equations.gradient = jacobian * residual
        equations.chiSquared = residual.reduce(0) { $0 + $1 * $1 }
        try restraint?.add(to: &equations, calculation.model)
    }

    private func weightedResidual() -> [Double] {
        let (observed, roots) = (observed, roots)
        var residual = [Double](repeating: 0, count: observed.count)
        func fill(_ y: UnsafeBufferPointer<Double>) {
            for i in observed.indices { residual[i] = roots[i] * (y[i] - observed[i]) }
        }
        if let intensities {
            intensities.calculated.withUnsafeBufferPointer(fill)
        } else {
            calculation.withCalculated(fill)
        }
        return residual
    }

    private static func scale(_ jacobian: inout DenseMatrix, by factors: [Double]) {
        for p in 0..<jacobian.rows {
            for i in factors.indices { jacobian.elements[p * factors.count + i] *= factors[i] }
        }
    }
}
