import CStructureFactors
import NumericalMethods

extension PowderCalculation {
    /// χ² = Σ w (y_calc − y_obs)² at the present values.
    package func chiSquared(observed: [Double], weights: [Double]) -> Double {
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
    package func normalEquations(observed: [Double], weights: [Double], into result: inout NormalEquations) {
        precondition(
            observed.count == twoTheta.count && weights.count == twoTheta.count, "one for each grid point")
        let memory =
            normalEquationMemory
            ?? NormalEquationMemory(
                parameters: names.count, points: twoTheta.count, threads: threads)
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
        let (count, split) = (names.count, memory.split)
        result.matrix.elements.withUnsafeMutableBufferPointer { matrix in
            result.gradient.withUnsafeMutableBufferPointer { gradient in
                memory.jacobian.elements.withUnsafeBufferPointer { jacobian in
                    weights.withUnsafeBufferPointer { weights in
                        split.forEach { part in
                            wyckoff_normal_equations(
                                Int32(count), Int32(twoTheta.count), Int32(part), Int32(split.parts),
                                jacobian.baseAddress, weights.baseAddress, memory.residuals.base,
                                matrix.baseAddress, gradient.baseAddress, memory.scratch[part].base)
                        }
                    }
                }
            }
            for a in 0..<count {
                for b in 0..<a { matrix[a * count + b] = matrix[b * count + a] }
            }
        }
    }
}

/// Memory of the normal equations of one calculation.
final class NormalEquationMemory {
    var jacobian: DenseMatrix
    let residuals: DoubleBuffer
    let scratch: [DoubleBuffer]
    let split: WorkSplit

    init(parameters: Int, points: Int, threads: Int) {
        jacobian = DenseMatrix(rows: parameters, columns: points)
        residuals = DoubleBuffer(points)
        split = WorkSplit(
            threads: threads, nanoseconds: 0.1 * Double(parameters * parameters) * Double(points))
        scratch = (0..<split.parts).map { _ in DoubleBuffer(Int(WYCKOFF_TILE * WYCKOFF_BLOCK)) }
    }
}
