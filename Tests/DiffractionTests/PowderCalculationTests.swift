import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Symmetry
import Testing

/// Reaches `ForwardPass`, `ReversePass`, `PhaseCalculation`, `PowderNormalEquations`, `OrientationFactors`,
/// `StructureFactorJacobian`.
@Suite("A prepared powder calculation") struct PowderCalculationTests {
    static let grid = stride(from: 12.0, through: 52.0, by: 0.08).map { $0 }

    /// A typical step of a parameter, to scale differences with.
    static func scale(of name: String) -> Double {
        if name.contains(".U") { return 0.01 }
        if name.hasSuffix(".x") || name.hasSuffix(".y") || name.hasSuffix(".z") { return 0.05 }
        switch name {
        case "alpha", "beta", "gamma": return 1
        case "a", "b", "c", "size", "strain", "X", "Y", "zero", "displacement", "transparency": return 0.05
        case "U", "V", "W", "P", "SL", "HL": return 0.01
        default: return 0.3
        }
    }

    @Test("every gradient entry is the difference quotient", arguments: RandomModels.cases)
    func gradient(_ testCase: RandomModels.Case) throws {
        let hallNumber = testCase.hallNumber
        var random = RandomStream(seed: testCase.seed, index: UInt64(hallNumber))
        let model = try #require(try RandomModels.model(hallNumber: hallNumber, random: &random))
        let names = model.parameters.map(\.name)
        let calculation = try PowderCalculation(model, twoTheta: Self.grid, free: names)
        let target = calculation.calculated.map { _ in random.normal() }
        // A quadratic loss, so that the cotangent depends on the pattern.
        func loss(_ y: [Double]) -> Double {
            zip(y, target).reduce(0) { $0 + $1.0 * $1.1 + 1e-5 * $1.0 * $1.0 }
        }
        let values = calculation.values
        let y = calculation.calculated
        let cotangent = zip(y, target).map { 2e-5 * $0 + $1 }
        let gradient = calculation.gradient(of: cotangent)
        let jacobian = calculation.jacobian
        let value = abs(loss(y))
        for (k, name) in names.enumerated() {
            let column = Array(jacobian.row(k))
            let forward = zip(column, cotangent).reduce(0) { $0 + $1.0 * $1.1 }
            let difference = Differences.best(
                { x in
                    var moved = values
                    moved[k] = x
                    calculation.values = moved
                    return loss(calculation.calculated)
                }, at: values[k], scale: Self.scale(of: name), expected: gradient[k])
            calculation.values = values
            let bound = 1e-6 * max(abs(gradient[k]), 1e-3 * value / Self.scale(of: name))
            #expect(abs(gradient[k] - difference) <= bound, "\(name): \(gradient[k]) against \(difference)")
            #expect(
                abs(gradient[k] - forward) <= 1e-9 * max(abs(forward), value),
                "\(name): reverse \(gradient[k]) forward \(forward)")
        }
    }

    @Test("normal equations are those of the dense Jacobian")
    func normalEquations() throws {
        var random = RandomStream(seed: 4)
        let model = try #require(try RandomModels.model(hallNumber: 115, random: &random))
        let names = model.parameters.map(\.name)
        let calculation = try PowderCalculation(model, twoTheta: Self.grid, free: names)
        let observed = calculation.calculated.map { $0 * random.uniform(0.9, 1.1) }
        let weights = observed.map { _ in random.uniform() }
        var result = NormalEquations(parameterCount: names.count)
        calculation.normalEquations(observed: observed, weights: weights, into: &result)
        let jacobian = calculation.jacobian
        let residuals = zip(calculation.calculated, observed).map { $0 - $1 }
        let chiSquared = calculation.chiSquared(observed: observed, weights: weights)
        #expect(abs(result.chiSquared - chiSquared) <= 1e-12 * chiSquared)
        for a in names.indices {
            let row = Array(jacobian.row(a))
            var expected = 0.0
            for i in row.indices { expected += weights[i] * row[i] * residuals[i] }
            let size = result.matrix[a, a].squareRoot()
            #expect(abs(result.gradient[a] - expected) <= 1e-10 * size * chiSquared.squareRoot())
            for b in names.indices {
                let other = Array(jacobian.row(b))
                var entry = 0.0
                for i in row.indices { entry += weights[i] * row[i] * other[i] }
                let bound = 1e-11 * size * result.matrix[b, b].squareRoot()
                #expect(abs(result.matrix[a, b] - entry) <= bound)
            }
        }
    }
}
