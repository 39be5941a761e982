import Foundation
import NumericalMethods
import Testing

@Suite struct MinimizerTests {
    /// The chained Rosenbrock function; minimum 0 at (1, …, 1).
    static func rosenbrock(_ x: [Double], _ g: inout [Double]) -> Double {
        var sum = 0.0
        for i in g.indices { g[i] = 0 }
        for i in 0..<x.count - 1 {
            let (a, b) = (x[i + 1] - x[i] * x[i], 1 - x[i])
            sum += 100 * a * a + b * b
            if !g.isEmpty {
                g[i] += -400 * x[i] * a - 2 * b
                g[i + 1] += 200 * a
            }
        }
        return sum
    }

    @Test(arguments: [Minimizer.Method.lbfgs, .slsqp]) func rosenbrockInTenDimensionsEndsAtOne(
        _ method: Minimizer.Method
    ) throws {
        let result = try Minimizer(method).minimize(
            from: (0..<10).map { $0 % 2 == 0 ? -1.2 : 1 }, Self.rosenbrock)
        #expect(result.value < 1e-10 || isClose(result.value, 3.986579, 1e-4))
        #expect(result.evaluations < 400)
    }

    @Test(arguments: [Minimizer.Method.sbplx, .nelderMead]) func valuesAloneSufficeInTwoDimensions(
        _ method: Minimizer.Method
    ) throws {
        let result = try Minimizer(method).minimize(from: [-1.2, 1], Self.rosenbrock)
        #expect(isClose(result.parameters, [1, 1], 1e-4))
    }

    @Test func boundsAreKept() throws {
        let result = try Minimizer(.lbfgs, bounds: [-2...0.5, -2...2]).minimize(
            from: [-1, 1], Self.rosenbrock)
        #expect(isClose(result.parameters, [0.5, 0.25], 1e-5))
    }

    @Test func globalSearchFindsTheLowestOfManyMinima() throws {
        var search = Minimizer(.directL, bounds: [-5.12...4.9, -5.12...4.9])
        search.maximumEvaluations = 4000
        let result = try search.minimize(from: [4, 4]) { x, _ in
            x.reduce(20) { $0 + $1 * $1 - 10 * cos(2 * .pi * $1) }
        }
        #expect(result.value < 1e-3)
    }

    @Test func aThrownErrorEndsTheRunAndIsPassedOn() {
        struct Stop: Error {}
        var calls = 0
        #expect(throws: Stop.self) {
            try Minimizer(.lbfgs).minimize(from: [1, 2]) { _, _ in
                calls += 1
                throw Stop()
            }
        }
        #expect(calls == 1)
    }
}
