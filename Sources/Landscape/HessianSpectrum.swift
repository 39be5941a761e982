import Foundation
import NumericalMethods
import Parameterization

/// The second derivatives of an objective at a point, as stiff and sloppy combinations of named parameters.
///
/// In scaled variables, of which a step of 1 moves an atom or a lattice point by about 1 Å: eigenvalues are per Å².
public struct HessianSpectrum: Sendable {
    /// An eigenvector of the Hessian with its eigenvalue.
    public struct Mode: Sendable, Hashable {
        /// Per Å².
        public let eigenvalue: Double
        /// One component for each of `names`; of length 1.
        public let vector: [Double]
    }

    /// The parameters, in the order of the modes' components.
    public let names: [String]
    /// The stiffest first.
    public let modes: [Mode]

    /// Central differences of the analytic gradient at the truth, all free parameters of the structure.
    ///
    /// - `step`: Å; nil for 1e-4.
    /// - Throws: an error of one line where the objective cannot be evaluated.
    public static func spectrum(
        _ objective: LandscapeObjective, of structure: ReducedStructure, step: Double? = nil
    ) throws -> HessianSpectrum {
        let step = step ?? ScanSettings().hessianStep
        let parameters = structure.parameters
        let evaluator = try objective.evaluator(structure, free: parameters.map(\.name))
        let scales = parameters.map(\.scale)
        let count = parameters.count
        var hessian = DenseMatrix(rows: count, columns: count)
        for k in 0..<count {
            func gradient(_ direction: Double) -> [Double] {
                var p = evaluator.truth
                p[k] += direction * step * scales[k]
                return zip(evaluator.evaluate(p).gradient, scales).map(*)
            }
            let (after, before) = (gradient(1), gradient(-1))
            for j in 0..<count {
                let value = (after[j] - before[j]) / (2 * step)
                hessian[j, k] += value / 2
                hessian[k, j] += value / 2
            }
        }
        try evaluator.checkPotential()
        let eigen = try SymmetricEigen(hessian)
        let modes = eigen.values.indices.reversed().map { k in
            let vector = eigen.vectors.column(k)
            // The largest component is positive, so that signs can be compared.
            let largest = vector.max { abs($0) < abs($1) } ?? 1
            return Mode(eigenvalue: eigen.values[k], vector: largest < 0 ? vector.map { -$0 } : vector)
        }
        return HessianSpectrum(names: parameters.map(\.name), modes: modes)
    }

    /// `0.92 a + 0.31 O1.x`: components above a tenth, the largest first.
    public func combination(_ mode: Mode) -> String {
        let parts = zip(names, mode.vector).filter { abs($0.1) >= 0.1 }.sorted { abs($0.1) > abs($1.1) }
        return parts.enumerated().map { index, part in
            let size = String(format: "%.2f", abs(part.1)) + " " + part.0
            return index == 0 ? (part.1 < 0 ? "−" : "") + size : (part.1 < 0 ? " − " : " + ") + size
        }.joined()
    }
}
