import Foundation
import NumericalMethods
import Testing

/// Problems of NIST's Statistical Reference Datasets (nonlinear regression) with their certified values.
struct ReferenceProblem: Sendable {
    var name: String
    var x: [Double]
    var y: [Double]
    var starts: [[Double]]
    var certified: [Double]
    var deviations: [Double]
    var sumOfSquares: Double
    /// f(x; b) and its derivatives by b.
    var model: @Sendable (_ x: Double, _ b: [Double]) -> (Double, [Double])

    func residuals(_ b: [Double]) -> [Double] { zip(x, y).map { model($0, b).0 - $1 } }
    func jacobian(_ b: [Double]) -> DenseMatrix { DenseMatrix(x.map { model($0, b).1 }) }

    static let all: [ReferenceProblem] = [
        ReferenceProblem(
            name: "Misra1a",
            x: [77.6, 114.9, 141.1, 190.8, 239.9, 289, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760],
            y: [
                10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47,
                81.78,
            ], starts: [[500, 0.0001], [250, 0.0005]], certified: [238.94212918, 5.5015643181e-4],
            deviations: [2.7070075241, 7.2668688436e-6], sumOfSquares: 0.12455138894,
            model: { x, b in
                let e = exp(-b[1] * x)
                return (b[0] * (1 - e), [1 - e, b[0] * x * e])
            }),
        ReferenceProblem(
            name: "Rat42", x: [9, 14, 21, 28, 42, 57, 63, 70, 79],
            y: [8.93, 10.8, 18.59, 22.33, 39.35, 56.11, 61.73, 64.62, 67.08],
            starts: [[100, 1, 0.1], [75, 2.5, 0.07]],
            certified: [72.462237576, 2.6180768402, 0.067359200066],
            deviations: [1.7340283401, 0.088295217536, 3.4465663377e-3], sumOfSquares: 8.0565229338,
            model: { x, b in
                let e = exp(b[1] - b[2] * x)
                let s = 1 / (1 + e)
                return (b[0] * s, [s, -b[0] * s * s * e, b[0] * s * s * e * x])
            }),
        ReferenceProblem(
            name: "BoxBOD", x: [1, 2, 3, 5, 7, 10], y: [109, 149, 149, 191, 213, 224],
            // From NIST's first start (1, 1) b₂ runs to the plateau at infinity, as with most such methods.
            starts: [[100, 0.75]], certified: [213.80940889, 0.54723748542],
            deviations: [12.354515176, 0.10455993237], sumOfSquares: 1168.0088766,
            model: { x, b in
                let e = exp(-b[1] * x)
                return (b[0] * (1 - e), [1 - e, b[0] * x * e])
            }),
        ReferenceProblem(
            name: "MGH09", x: [4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625],
            y: [
                0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246,
            ], starts: [[0.25, 0.39, 0.415, 0.39]],
            certified: [0.19280693458, 0.19128232873, 0.12305650693, 0.13606233068],
            deviations: [0.011435312227, 0.19633220911, 0.080842031232, 0.090025542308],
            sumOfSquares: 3.0750560385e-4,
            model: { x, b in
                let (n, d) = (x * x + x * b[1], x * x + x * b[2] + b[3])
                return (b[0] * n / d, [n / d, b[0] * x / d, -b[0] * n * x / (d * d), -b[0] * n / (d * d)])
            }),
    ]
}

extension ReferenceProblem: CustomTestStringConvertible {
    var testDescription: String { name }
}

@Suite struct LevenbergMarquardtTests {
    @Test(arguments: ReferenceProblem.all) func certifiedValuesOfNISTAreReached(
        _ problem: ReferenceProblem
    ) throws {
        for start in problem.starts {
            var solver = LevenbergMarquardt()
            solver.diagonalFloor = 0
            solver.maximumIterations = 2000
            solver.relativeTolerance = 1e-15
            let solution = try solver.minimize(
                from: start, residuals: problem.residuals, jacobian: problem.jacobian)
            #expect(abs(solution.chiSquared / problem.sumOfSquares - 1) < 1e-8)
            let uncertainties = solution.standardUncertainties(observations: problem.x.count)
            for i in start.indices {
                #expect(abs(solution.parameters[i] / problem.certified[i] - 1) < 1e-5)
                let u = try #require(uncertainties[i])
                #expect(abs(u / problem.deviations[i] - 1) < 1e-4)
            }
        }
    }

    static func rosenbrock(_ x: [Double]) -> [Double] { [10 * (x[1] - x[0] * x[0]), 1 - x[0]] }
    static func rosenbrockSlope(_ x: [Double]) -> DenseMatrix { DenseMatrix([[-20 * x[0], 10], [-1, 0]]) }

    @Test func rosenbrockEndsAtOne() throws {
        var solver = LevenbergMarquardt()
        solver.maximumIterations = 300
        let solution = try solver.minimize(
            from: [-1.2, 1], residuals: Self.rosenbrock, jacobian: Self.rosenbrockSlope)
        #expect(isClose(solution.parameters, [1, 1], 1e-7))
        #expect(solution.outcome == .converged)
    }

    @Test func normalEquationsGiveTheSameMinimumAsTheStoredJacobian() throws {
        var solver = LevenbergMarquardt()
        solver.maximumIterations = 300
        let stored = try solver.minimize(
            from: [-1.2, 1], residuals: Self.rosenbrock, jacobian: Self.rosenbrockSlope)
        let streamed = try solver.minimize(
            from: [-1.2, 1],
            normalEquations: { x, normal in
                normal = NormalEquations(residuals: Self.rosenbrock(x), jacobian: Self.rosenbrockSlope(x))
            })
        #expect(stored.parameters == streamed.parameters)
    }

    @Test func boundsHoldAtEveryIterationAndAtTheEnd() throws {
        var solver = LevenbergMarquardt()
        solver.bounds = [-2...0.5, -2...2]
        solver.maximumIterations = 500
        var inside = true
        let solution = try solver.minimize(
            from: [-1.2, 1], residuals: Self.rosenbrock, jacobian: Self.rosenbrockSlope,
            progress: { step in
                inside = inside && step.parameters[0] <= 0.5
                return true
            })
        #expect(inside)
        #expect(isClose(solution.parameters, [0.5, 0.25], 1e-7))
        #expect(solution.atBounds == [0])
        #expect(solution.standardUncertainties()[0] == nil)
        #expect(solution.standardUncertainties()[1] != nil)
    }

    @Test func noStepIsLongerThanItsLimit() throws {
        var solver = LevenbergMarquardt()
        solver.stepLimits = [0.05, 0.2]
        solver.maximumIterations = 1000
        var last = [-1.2, 1.0]
        var longest = [0.0, 0.0]
        let solution = try solver.minimize(
            from: last, residuals: Self.rosenbrock, jacobian: Self.rosenbrockSlope,
            progress: { step in
                for i in 0..<2 { longest[i] = max(longest[i], abs(step.parameters[i] - last[i])) }
                last = step.parameters
                return true
            })
        #expect(longest[0] <= 0.05 + 1e-15 && longest[1] <= 0.2 + 1e-15)
        #expect(isClose(solution.parameters, [1, 1], 1e-6))
    }

    @Test func aSingularDirectionIsNamedAndDoesNotStopTheOthers() throws {
        // r depends on x₀ + x₁ and x₂ only; x₃ has no influence at all.
        let solution = try LevenbergMarquardt().minimize(
            from: [0, 0, 0, 7],
            residuals: { x in [x[0] + x[1] - 2, 3 * x[2] - 6, x[0] + x[1] - 2.5] },
            jacobian: { _ in DenseMatrix([[1, 1, 0, 0], [0, 0, 3, 0], [1, 1, 0, 0]]) })
        #expect(isClose(solution.parameters[0] + solution.parameters[1], 2.25, 1e-6))
        #expect(isClose(solution.parameters[2], 2, 1e-6))
        #expect(solution.parameters[3] == 7)
        #expect(solution.covariance.undetermined == [0, 1, 3])
        #expect(isClose(try #require(solution.covariance.variances[2]), 1.0 / 9))
    }

    @Test func anUndefinedTrialPointIsARejectedStep() throws {
        // The first full step from 3 leads to where the logarithm is undefined.
        let solution = try LevenbergMarquardt().minimize(
            from: [3], residuals: { x in [log(x[0])] }, jacobian: { x in DenseMatrix([[1 / x[0]]]) })
        #expect(isClose(solution.parameters[0], 1, 1e-8))
    }

    @Test func progressCanStopTheRun() throws {
        let solution = try LevenbergMarquardt().minimize(
            from: [-1.2, 1], residuals: Self.rosenbrock, jacobian: Self.rosenbrockSlope,
            progress: { $0.iteration < 3 })
        #expect(solution.iterations == 3)
        #expect(solution.outcome == .stopped)
    }

    @Test func aStartWithoutFiniteSumIsRefused() {
        #expect(throws: LeastSquaresError.startNotFinite) {
            try LevenbergMarquardt().minimize(
                from: [-1], residuals: { x in [log(x[0])] }, jacobian: { x in DenseMatrix([[1 / x[0]]]) })
        }
    }
}

@Suite struct CovarianceTests {
    @Test func wellPosedProblemsGetTheInverse() throws {
        let s = Sample.random(12, 5, seed: 9).gram
        let covariance = Covariance(s)
        #expect((covariance.matrix * s - .identity(5)).frobeniusNorm < 1e-9)
        #expect(covariance.undetermined.isEmpty)
        #expect(covariance.correlations.diagonal.allSatisfy { isClose($0, 1) })
    }

    @Test func unitsDoNotDecideWhatIsSingular() throws {
        var s = Sample.random(12, 4, seed: 10).gram
        let units = [1e-6, 1, 1e5, 1e9]
        for i in 0..<4 {
            for j in 0..<4 { s[i, j] *= units[i] * units[j] }
        }
        #expect(Covariance(s).undetermined.isEmpty)
    }
}
