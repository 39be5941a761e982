import Foundation
import NumericalMethods
import Testing

@Suite struct BrentMethodTests {
    // scipy.optimize.brentq(lambda x: cos(x) - x, 0, 1, xtol=1e-15)
    @Test func fixedPointOfTheCosine() throws {
        let root = try #require(BrentMethod.root(in: 0...1, tolerance: 1e-15) { cos($0) - $0 })
        #expect(isClose(root, 0.7390851332151607, 1e-14))
    }

    @Test func steepAndFlatFunctionsConverge() throws {
        let steep = try #require(BrentMethod.root(in: -1...4) { exp(5 * $0) - 3 })
        #expect(isClose(steep, log(3) / 5, 1e-11))
        let flat = try #require(BrentMethod.root(in: -1...4) { ($0 - 1) * ($0 - 1) * ($0 - 1) })
        #expect(isClose(flat, 1, 1e-4))
    }

    @Test func equalSignsHaveNoRoot() {
        #expect(BrentMethod.root(in: -1...1) { $0 * $0 + 1 } == nil)
        #expect(BrentMethod.root(in: 0...1) { _ in .nan } == nil)
    }

    @Test func minimumOfASmoothFunction() {
        let (x, value) = BrentMethod.minimum(in: 0...3) { ($0 - 2) * ($0 - 2) * ($0 + 1) }
        #expect(isClose(x, 2, 1e-7))
        #expect(value < 1e-13)
    }
}
