import Foundation
import NumericalMethods
import Testing

@Suite struct ChebyshevTests {
    static let coefficients = [1, -2, 0.5, 0.25, -1.5]
    static let basis = Chebyshev(domain: 10...60)

    // numpy.polynomial.Chebyshev([1, -2, .5, .25, -1.5], domain=[10, 60])(23.5) and .deriv()(23.5)
    @Test func valueAndDerivativeAgreeWithNumpy() {
        #expect(isClose(Self.basis.value(at: 23.5, coefficients: Self.coefficients), 2.38116928))
        #expect(isClose(Self.basis.derivative(at: 23.5, coefficients: Self.coefficients), -0.37612288))
    }

    @Test func basisValuesAreCosinesOfMultiples() {
        for x in stride(from: 10.0, through: 60, by: 3.7) {
            let angle = acos((2 * x - 70) / 50)
            let expected = (0..<12).map { cos(Double($0) * angle) }
            #expect(isClose(Self.basis.values(at: x, count: 12), expected, 1e-11))
        }
        #expect(Self.basis.values(at: 20, count: 1) == [1])
        #expect(Self.basis.values(at: 20, count: 0).isEmpty)
    }

    @Test func valueIsTheSumOverTheBasis() {
        let t = Self.basis.values(at: 41, count: 5)
        let sum = zip(t, Self.coefficients).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(isClose(Self.basis.value(at: 41, coefficients: Self.coefficients), sum))
        #expect(Self.basis.value(at: 41, coefficients: []) == 0)
    }
}
