import CStructureFactors
import NumericalMethods

extension PowderCalculation {
    /// χ² = Σ w (y_calc − y_obs)² at the present values.
    public func chiSquared(observed: [Double], weights: [Double]) -> Double {
        withCalculated { y in
            var sum = 0.0
            for i in y.indices {
                let residual = y[i] - observed[i]
                sum += weights[i] * residual * residual
            }
            return sum
        }
    }

    /// JᵀWJ, JᵀWr and χ² of the residuals r = y_calc − y_obs at the present values, without allocation after the
    /// first call: what `LevenbergMarquardt` asks for.
    ///
    /// - Parameters:
    ///   - weights: 1/σ², one for each grid point; 0 excludes a point.
    ///   - result: of as many parameters as `names`; overwritten.
    public func normalEquations(observed: [Double], weights: [Double], into result: inout NormalEquations) {
        precondition(
            observed.count == twoTheta.count && weights.count == twoTheta.count, "one for each grid point")
        let memory =
            normalEquationMemory ?? NormalEquationMemory(parameters: names.count, points: twoTheta.count)
        normalEquationMemory = memory
        withCalculated { y in
            var sum = 0.0
            for i in y.indices {
                let residual = y[i] - observed[i]
                memory.residuals[i] = residual
                sum += weights[i] * residual * residual
            }
            result.chiSquared = sum
        }
        jacobian(into: &memory.jacobian)
        result.matrix.elements.withUnsafeMutableBufferPointer { matrix in
            result.gradient.withUnsafeMutableBufferPointer { gradient in
                memory.jacobian.elements.withUnsafeBufferPointer { jacobian in
                    wyckoff_normal_equations(
                        Int32(names.count), Int32(twoTheta.count), jacobian.baseAddress, weights,
                        memory.residuals.base, matrix.baseAddress, gradient.baseAddress, memory.scratch.base)
                }
            }
        }
    }
}

/// Memory of the normal equations of one calculation.
final class NormalEquationMemory {
    var jacobian: DenseMatrix
    let residuals: DoubleBuffer
    let scratch: DoubleBuffer

    init(parameters: Int, points: Int) {
        jacobian = DenseMatrix(rows: parameters, columns: points)
        residuals = DoubleBuffer(points)
        scratch = DoubleBuffer(points)
    }
}
