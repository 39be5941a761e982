import Foundation
import NumericalMethods
import Studies
import Testing

@Suite(.enabled(if: LandscapeStructures.areThere, "needs ../shared")) struct PatternDisturbanceTests {
    static func pattern(_ text: String, seed: UInt64 = 1) throws -> (x: [Double], y: [Double]) {
        let reference = try #require(try LandscapeStructures.named("NdAl2Cu4"))
        let pattern = try PatternDisturbance(parsing: text).pattern(of: reference.reduced, seed: seed)
        return (pattern.twoTheta, pattern.intensity)
    }

    @Test func countsAreWholeNumbersOfPoissonSpread() throws {
        let (_, noisy) = try Self.pattern("poisson=10000,background")
        let (_, again) = try Self.pattern("poisson=10000,background")
        let (_, mean) = try Self.pattern("poisson=100000000,background")
        #expect(noisy == again)
        #expect(noisy.allSatisfy { $0 >= 0 && $0 == $0.rounded() })
        // χ² per point against the nearly noise-free one on the same scale.
        let chi = zip(noisy, mean).map { n, m in
            let expected = m / 10_000
            return (n - expected) * (n - expected) / expected
        }
        #expect(abs(Statistics.mean(chi) - 1) < 5 * (2 / Double(chi.count)).squareRoot())
    }

    @Test func theZeroMovesEveryLine() throws {
        let (x, straight) = try Self.pattern("zero=0")
        let (_, shifted) = try Self.pattern("zero=0.05")
        func highest(_ y: [Double]) -> Double { x[y.indices.max { y[$0] < y[$1] } ?? 0] }
        #expect(abs(highest(shifted) - highest(straight) - 0.05) < 0.011)
    }

    @Test func theImpurityHasItsShare() throws {
        let (_, pure) = try Self.pattern("zero=0")
        let (_, mixed) = try Self.pattern("impurity=0.02")
        let share = 1 - pure.reduce(0, +) / mixed.reduce(0, +)
        #expect(abs(share - 0.02) < 1e-9)
    }

    @Test func theBackgroundIsSmoothAndPositive() throws {
        let (_, bare) = try Self.pattern("zero=0")
        let (_, raised) = try Self.pattern("background")
        let highest = bare.max() ?? 1
        let background = zip(raised, bare).map { ($0 - $1) / highest }
        #expect(background.allSatisfy { (0.005...0.055).contains($0) })
        #expect(zip(background, background.dropFirst()).allSatisfy { abs($0 - $1) < 2e-3 })
    }

    @Test(arguments: ["poisson=1", "zero=3", "impurity=1", "noise", "background=2"])
    func whatIsNoDisturbanceIsRefused(_ text: String) {
        #expect(throws: StudyError.self) { try PatternDisturbance(parsing: text) }
    }

    @Test func itsDescriptionParsesToItself() throws {
        #expect(try PatternDisturbance(parsing: PatternDisturbance.all.description) == .all)
    }
}
