import Foundation
import Indexing
import Testing

@Suite("Figures of merit") struct FiguresOfMeritTests {
    private static let wavelength = 1.5406
    private static let a = 4.1568

    /// The first lines of LaB6 by N = h² + k² + l², each so many degrees off in turn, and those of `missing` left out.
    private static func lines(off: Double, missing: Set<Int> = []) -> [IndexingLine] {
        let sums = [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13].filter { !missing.contains($0) }
        return sums.enumerated().map { k, n in
            let theta = asin(Double(n).squareRoot() / a * wavelength / 2) * 180 / .pi
            return IndexingLine(
                twoTheta: 2 * theta + (k % 2 == 0 ? off : -off), sigma: 0.02, wavelength: wavelength)
        }
    }

    private static func figures(_ lines: [IndexingLine]) throws -> FiguresOfMerit {
        let trial = try #require(TrialLattice(.cP, [1 / (a * a)]))
        return FiguresOfMerit(trial, lines, tolerance: 4, most: 5000)
    }

    @Test("M and F as de Wolff, and Smith and Snyder, define them", arguments: [0.005, 0.01, 0.03])
    func definitions(off: Double) throws {
        let lines = Self.lines(off: off)
        let figures = try Self.figures(lines)
        #expect(figures.explained == 12 && figures.predicted == 12 && figures.absentShare == 0)
        let sums = [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13]
        let misses = zip(lines, sums).map { abs($0.q - Double($1) / (Self.a * Self.a)) }
        let last = try #require(lines.last).q
        let m = last / (2 * (misses.reduce(0, +) / 12) * 12)
        #expect(abs(figures.m / m - 1) < 1e-9)
        // 12 lines off by as much each: F = 12 / (off · 12).
        let f = try #require(figures.f)
        #expect(abs(f * off - 1) < 0.01)
    }

    @Test("a line that is not there lowers both, and stands in the share of absent ones")
    func absent() throws {
        let whole = try Self.figures(Self.lines(off: 0.01))
        let part = try Self.figures(Self.lines(off: 0.01, missing: [5, 9]))
        #expect(part.explained == 10 && part.predicted == 12)
        #expect(abs(part.absentShare - 2.0 / 12) < 1e-12)
        #expect(try #require(part.f) < #require(whole.f))
    }
}
