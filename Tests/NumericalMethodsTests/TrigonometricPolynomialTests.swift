import Foundation
import NumericalMethods
import Testing

@Suite struct TrigonometricPolynomialTests {
    static func random(degree: Int, seed: UInt64) -> TrigonometricPolynomial {
        var stream = RandomStream(seed: seed)
        return TrigonometricPolynomial(
            cosines: (0...degree).map { _ in stream.normal() },
            sines: (0...degree).map { _ in stream.normal() })
    }

    @Test func samplesDetermineThePolynomial() {
        let f = Self.random(degree: 7, seed: 1)
        for count in [15, 16, 40] {
            let g = TrigonometricPolynomial(
                samples: (0..<count).map { f.value(at: Double($0) / Double(count)) })
            #expect(isClose(g.value(at: 0.123), f.value(at: 0.123), 1e-11))
        }
    }

    @Test func derivativeAgreesWithDifferences() {
        let f = Self.random(degree: 6, seed: 2)
        let h = 1e-5
        for x in stride(from: 0.03, to: 1, by: 0.11) {
            let difference = (f.value(at: x + h) - f.value(at: x - h)) / (2 * h)
            #expect(isClose(f.derivative.value(at: x), difference, 1e-6))
        }
    }

    @Test func productsAndSumsActPointwise() {
        let (f, g) = (Self.random(degree: 4, seed: 3), Self.random(degree: 6, seed: 4))
        for x in [0, 0.17, 0.5, 0.93] {
            #expect(isClose((f * g).value(at: x), f.value(at: x) * g.value(at: x), 1e-11))
            #expect(isClose((f + 2 * g).value(at: x), f.value(at: x) + 2 * g.value(at: x), 1e-11))
        }
    }

    /// Every sign change on a grid far finer than the band limit encloses exactly one root, and every root is a
    /// zero of the function.
    @Test(arguments: [1, 3, 10, 25]) func rootsAreTheSignChangesOfAFineGrid(_ degree: Int) throws {
        for seed in 0..<8 {
            let f = Self.random(degree: degree, seed: UInt64(100 + seed))
            let roots = try f.realRoots()
            let fine = 4000 * degree
            let signs = (0..<fine).map { f.value(at: (Double($0) + 0.5) / Double(fine)) > 0 }
            let changes = signs.indices.count { signs[$0] != signs[($0 + 1) % fine] }
            #expect(roots.count == changes)
            #expect(roots.allSatisfy { abs(f.value(at: $0)) < 1e-9 && (0..<1).contains($0) })
        }
    }

    @Test func doubleRootsStandOnce() throws {
        // 1 − cos 2π(x − 0.3) touches zero at 0.3; its square has a fourfold root there.
        let angle = 2 * Double.pi * 0.3
        let touching = TrigonometricPolynomial(cosines: [1, -cos(angle)], sines: [0, -sin(angle)])
        let roots = try touching.realRoots()
        #expect(roots.count == 1)
        #expect(abs(try #require(roots.first) - 0.3) < 1e-6)
    }

    @Test func constantsHaveNoRootsAndZeroIsRefused() throws {
        #expect(try TrigonometricPolynomial(cosines: [2, 0], sines: [0, 0]).realRoots().isEmpty)
        #expect(throws: LinearAlgebraError.self) {
            try TrigonometricPolynomial(cosines: [0, 0], sines: [0, 0]).realRoots()
        }
    }
}
