import Crystallography
import Foundation
import Patterns
import Testing

@Suite("A common grid") struct CommonGridTests {
    private static func pattern(
        _ from: Double, _ to: Double, _ step: Double, radiation: Radiation? = nil,
        _ f: (Double) -> Double
    ) -> PowderPattern {
        let x = Array(stride(from: from, through: to + 1e-9, by: step))
        return PowderPattern(twoTheta: x, intensity: x.map(f), radiation: radiation)
    }

    @Test("equal grids are left as they are") func equal() throws {
        let a = Self.pattern(5, 20, 0.02) { $0 }
        let common = try CommonGrid(a, a)
        #expect(common.first == a.intensity && common.twoTheta == a.twoTheta)
    }

    @Test("a straight line stays one: range in common, the coarser step") func line() throws {
        let a = Self.pattern(5, 20, 0.02) { 3 + 2 * $0 }
        let b = Self.pattern(7.003, 25, 0.05) { 1 - $0 }
        let common = try CommonGrid(a, b)
        #expect(abs(common.twoTheta[0] - 7.003) < 1e-12)
        #expect((common.twoTheta.last ?? 99) <= 20 + 1e-9)
        #expect(abs(common.twoTheta[1] - common.twoTheta[0] - 0.05) < 1e-9)
        // Half a step at the ends lies outside of what is measured.
        for i in 1..<common.twoTheta.count - 1 {
            #expect(abs(common.first[i] - (3 + 2 * common.twoTheta[i])) < 1e-9)
            #expect(abs(common.second[i] - (1 - common.twoTheta[i])) < 1e-9)
        }
    }

    @Test("a peak keeps its area on a coarser grid") func area() throws {
        let a = Self.pattern(5, 20, 0.01) { exp(-pow(($0 - 12.003) / 0.1, 2)) }
        let b = Self.pattern(5, 20, 0.1) { _ in 1 }
        let common = try CommonGrid(a, b)
        let areas = (a.intensity.reduce(0, +) * 0.01, common.first.reduce(0, +) * 0.1)
        #expect(abs(areas.0 / areas.1 - 1) < 1e-6)
    }

    @Test("a pattern of another wavelength is brought to the first's angles") func wavelengths() throws {
        // One spacing, 2 Å, under two wavelengths.
        func peak(_ wavelength: Double) -> PowderPattern {
            let at = asin(wavelength / 4) * 360 / .pi
            return Self.pattern(10, 60, 0.01, radiation: Radiation(wavelength: wavelength)) {
                exp(-pow(($0 - at) / 0.05, 2))
            }
        }
        let common = try CommonGrid(peak(1.54), peak(1.2))
        let tops = [common.first, common.second].map { y in
            common.twoTheta[y.indices.max { y[$0] < y[$1] } ?? 0]
        }
        #expect(abs(tops[0] - tops[1]) < 0.02)
    }

    @Test("patterns without a range in common are refused") func disjoint() {
        let (a, b) = (Self.pattern(5, 20, 0.02) { $0 }, Self.pattern(30, 40, 0.02) { $0 })
        #expect(throws: PatternError.self) { try CommonGrid(a, b) }
        #expect(throws: PatternError.self) { try CommonGrid(a, a, range: 19.99...20) }
    }
}
