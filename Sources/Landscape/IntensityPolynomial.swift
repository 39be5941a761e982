import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization

/// The degree of the trigonometric polynomials that a structure's intensities are along one free coordinate.
///
/// F of a reflection is Σ exp 2πi(h·R A u + …): its frequencies are the integers h·R·A over the images of the moving
/// atom, and 0 for all others; |F|² has their differences.
package enum IntensityPolynomial {
    /// - Parameter name: a free coordinate; nil for any other parameter.
    package static func degree(
        of name: String, in structure: ReducedStructure, reflections: [PowderReflection]
    ) -> Int? {
        let lattice = structure.latticeParameters.names.count
        guard let position = structure.parameters.firstIndex(where: { $0.name == name }), position >= lattice
        else { return nil }
        let index = structure.freeCoordinates[position - lattice]
        let orbit = structure.orbits[index.orbit]
        let direction = orbit.siteSymmetry.directions[index.coordinate]
        let hasOthers = structure.orbits.count > 1
        let moves = Set(orbit.images.map { $0.rotation * direction })
        var degree = 0
        for reflection in reflections where reflection.twoTheta != nil {
            var (low, high) = hasOthers ? (0, 0) : (Int.max, Int.min)
            for move in moves {
                let product = reflection.index &* move
                let frequency = product.x + product.y + product.z
                low = min(low, frequency)
                high = max(high, frequency)
            }
            degree = max(degree, high - low)
        }
        return degree
    }
}

/// An objective along a coordinate at fixed cell, written by trigonometric polynomials: the pattern is linear in the
/// intensities, so its product with the target and its square are polynomials in the coordinate.
package struct PolynomialObjective {
    /// Has the sign of the objective's derivative.
    package let sign: TrigonometricPolynomial
    private let product: TrigonometricPolynomial
    private let square: TrigonometricPolynomial
    private let productSlope: TrigonometricPolynomial
    private let squareSlope: TrigonometricPolynomial
    private let form: Form
    /// Pattern evaluations that were spent.
    package let evaluations: Int

    private enum Form {
        /// 1 − N/(√D t)
        case cosine(targetNorm: Double)
        /// M
        case meanSquare
        /// √M
        case rootMeanSquare
        /// Q/S²: squares of differences of cumulative sums, and the sum of the pattern
        case squareOverSum
    }

    /// nil where the objective is no such polynomial, or where one more evaluation contradicts it.
    package init?(_ objective: LandscapeObjective, axis: LandscapeAxis, evaluator: LandscapeEvaluator) {
        guard axis.kind == .coordinate, objective.energy == nil, let term = objective.pattern,
            let calculation = evaluator.calculation,
            let degree = IntensityPolynomial.degree(
                of: axis.parameter.name, in: axis.structure, reflections: calculation.reflections),
            degree > 0, degree < 400
        else { return nil }
        let count = 4 * degree + 2
        let target = evaluator.target
        let weights: [Double]? = term.measure == .weightedProfileR ? term.weights : nil
        var targetNorm = 0.0
        var meanOfTarget = 0.0
        switch term.measure {
        case .cosine, .meanSquaredError, .weightedProfileR, .squaredCDF, .crossCorrelation: break
        case .pearson: meanOfTarget = target.reduce(0, +) / Double(max(1, target.count))
        default: return nil
        }
        targetNorm = target.reduce(0) { $0 + ($1 - meanOfTarget) * ($1 - meanOfTarget) }.squareRoot()
        let weightedNorm = target.indices.reduce(0.0) { $0 + (weights?[$1] ?? 1) * target[$1] * target[$1] }
        guard targetNorm > 0, weightedNorm > 0 else { return nil }
        var smoothing: TriangleCrossCorrelation?
        if case .crossCorrelation(let halfWidth) = term.measure {
            let prepared = TriangleCrossCorrelation(
                target: target, twoTheta: term.twoTheta, halfWidth: halfWidth)
            (smoothing, targetNorm) = (prepared, prepared.targetNorm)
        }
        let targetSum = target.reduce(0, +)
        guard targetSum > 0 else { return nil }
        func moments(_ u: Double) -> (product: Double, square: Double) {
            evaluator.withPattern(at: u) { y in
                var (product, square) = (0.0, 0.0)
                switch term.measure {
                case .cosine:
                    for i in y.indices {
                        product += y[i] * target[i]
                        square += y[i] * y[i]
                    }
                case .pearson:
                    let mean = y.reduce(0, +) / Double(y.count)
                    for i in y.indices {
                        let x = y[i] - mean
                        product += x * (target[i] - meanOfTarget)
                        square += x * x
                    }
                case .crossCorrelation:
                    return smoothing?.moments(Array(y)) ?? (0, 0)
                case .squaredCDF:
                    // F_x − F_y times the sum S of the pattern is linear in the intensities.
                    let sum = y.reduce(0, +)
                    var difference = 0.0
                    for i in y.indices.dropLast() {
                        difference += y[i] - target[i] / targetSum * sum
                        square += difference * difference * (term.twoTheta[i + 1] - term.twoTheta[i])
                    }
                    product = sum
                default:
                    for i in y.indices {
                        let difference = y[i] - target[i]
                        square += (weights?[i] ?? 1) * difference * difference
                    }
                    square /= term.measure == .weightedProfileR ? weightedNorm : Double(y.count)
                }
                return (product, square)
            } ?? (.nan, .nan)
        }
        let samples = (0..<count).map { moments(Double($0) / Double(count)) }
        let full = TrigonometricPolynomial(samples: samples.map(\.square))
        let square = Self.truncated(full, to: 2 * degree)
        let product = Self.truncated(TrigonometricPolynomial(samples: samples.map(\.product)), to: degree)
        // An evaluation between the samples proves the degree.
        let probe = (0.5 + 0.3) / Double(count)
        let seen = moments(probe)
        let tolerance = 1e-9 * (samples.map { abs($0.square) }.max() ?? 0)
        let productTolerance = 1e-9 * (samples.map { abs($0.product) }.max() ?? 0)
        guard abs(square.value(at: probe) - seen.square) <= tolerance,
            abs(product.value(at: probe) - seen.product) <= productTolerance
        else { return nil }
        (self.product, self.square) = (product, square)
        (productSlope, squareSlope) = (product.derivative, square.derivative)
        switch term.measure {
        case .squaredCDF:
            form = .squareOverSum
            sign = squareSlope * product + (-2) * (square * productSlope)
        case .cosine, .pearson, .crossCorrelation:
            form = .cosine(targetNorm: targetNorm)
            sign = -1 * (productSlope * square + (-0.5) * (product * squareSlope))
        case .weightedProfileR:
            form = .rootMeanSquare
            sign = squareSlope
        default:
            form = .meanSquare
            sign = squareSlope
        }
        evaluations = count + 1
    }

    private static func truncated(_ f: TrigonometricPolynomial, to degree: Int) -> TrigonometricPolynomial {
        TrigonometricPolynomial(
            cosines: Array(f.cosines.prefix(degree + 1)), sines: Array(f.sines.prefix(degree + 1)))
    }

    /// f, f′ and f″.
    package func evaluate(_ u: Double) -> (value: Double, slope: Double) {
        let d = max(square.value(at: u), 0)
        let ds = squareSlope.value(at: u)
        switch form {
        case .meanSquare: return (d, ds)
        case .rootMeanSquare:
            let root = d.squareRoot()
            return (root, root > 0 ? ds / (2 * root) : 0)
        case .squareOverSum:
            let (n, ns) = (product.value(at: u), productSlope.value(at: u))
            guard n > 0 else { return (.nan, .nan) }
            return (d / (n * n), ds / (n * n) - 2 * d * ns / (n * n * n))
        case .cosine(let norm):
            guard d > 0 else { return (1, 0) }
            let (n, ns) = (product.value(at: u), productSlope.value(at: u))
            let root = d.squareRoot()
            return (1 - n / (root * norm), -(ns - n * ds / (2 * d)) / (root * norm))
        }
    }
}
