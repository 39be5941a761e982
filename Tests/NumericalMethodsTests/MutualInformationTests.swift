import Foundation
import NumericalMethods
import Testing

@Suite struct MutualInformationTests {
    static func gaussians(_ rho: Double, _ count: Int, seed: UInt64) -> (x: [Double], y: [Double]) {
        var random = RandomStream(seed: seed)
        let x = (0..<count).map { _ in random.normal() }
        return (x, x.map { rho * $0 + (1 - rho * rho).squareRoot() * random.normal() })
    }

    /// I = −½ ln(1 − ρ²); the estimator's bias at this N is a few hundredths.
    @Test(arguments: [0.0, 0.5, 0.9], [3, 5, 10])
    func gaussiansHaveTheirKnownInformation(_ rho: Double, _ k: Int) {
        let estimates = (0..<4).map { seed in
            let (x, y) = Self.gaussians(rho, 800, seed: UInt64(seed))
            return MutualInformation.kraskov(x, y, k: k)
        }
        #expect(abs(Statistics.mean(estimates) + 0.5 * log(1 - rho * rho)) < 0.05)
    }

    @Test func monotonicChangesOfScaleLeaveIt() {
        let (x, y) = Self.gaussians(0.8, 300, seed: 9)
        let plain = MutualInformation.kraskov(x, y, k: 3)
        #expect(plain == MutualInformation.kraskov(x.map { exp($0) }, y.map { $0 * $0 * $0 }, k: 3))
    }

    @Test func permutationsShowNoInformation() {
        let (x, y) = Self.gaussians(0.9, 300, seed: 3)
        let null = MutualInformation.permutationNull(x, y, k: 3, permutations: 20)
        #expect(null.allSatisfy { abs($0) < 0.2 })
        #expect(MutualInformation.kraskov(x, y, k: 3) > (null.max() ?? 1))
    }

    // By all pairs, as Kraskov, Stögbauer & Grassberger define the estimator.
    @Test(
        "neighbours looked for outwards give what all pairs give",
        arguments: [(3, 0.502623769803364), (10, 0.5136364797786648)])
    func agreesWithAllPairs(_ k: Int, _ value: Double) {
        let (x, y) = Self.gaussians(0.8, 300, seed: 9)
        #expect(isClose(MutualInformation.kraskov(x, y, k: k), value, 1e-12))
    }
}
