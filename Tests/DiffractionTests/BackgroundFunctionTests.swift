import Diffraction
import Foundation
import Testing

@Suite("Background functions") struct BackgroundFunctionTests {
    /// Larson & Von Dreele, GSAS manual: function 5 is Σ B_j (j − 1)!/Q^{2(j − 1)}.
    @Test("n!/Q²ⁿ of Q = 4π sinθ/λ") func inverseQ() {
        let angles = [10.0, 40, 120]
        let terms = BackgroundFunction.inverseQ.terms(4, twoTheta: angles, wavelength: 1.5405)
        for (i, angle) in angles.enumerated() {
            let q = 4 * Double.pi * sin(angle * .pi / 360) / 1.5405
            for (n, factorial) in [1.0, 1, 2, 6].enumerated() {
                let expected = factorial / pow(q, 2 * Double(n))
                #expect(abs(terms[n][i] - expected) < 1e-12 * expected)
            }
        }
    }

    @Test("Chebyshev polynomials run over the range from −1 to 1") func chebyshev() {
        let terms = BackgroundFunction.chebyshev.terms(3, twoTheta: [20, 40, 60], wavelength: 1)
        #expect(terms == [[1, 1, 1], [-1, 0, 1], [1, -1, 1]])
    }
}
