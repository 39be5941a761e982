import Crystallography
import Foundation
import Indexing
import NumericalMethods
import Testing

@Suite("Indexing") struct IndexingTests {
    /// A lattice and its cell.
    private struct Known: Sendable, CustomTestStringConvertible {
        var type: BravaisLattice
        var cell: [Double]

        var testDescription: String { "\(type.rawValue) \(cell)" }

        var lattice: Lattice {
            Lattice(a: cell[0], b: cell[1], c: cell[2], alpha: cell[3], beta: cell[4], gamma: cell[5])
        }
    }

    /// Of LaB6, spinel, corundum, rutile, PbSO4, and a monoclinic one.
    private static let known: [Known] = [
        Known(type: .cP, cell: [4.1568, 4.1568, 4.1568, 90, 90, 90]),
        Known(type: .cF, cell: [8.0832, 8.0832, 8.0832, 90, 90, 90]),
        Known(type: .hR, cell: [4.7587, 4.7587, 12.9929, 90, 90, 120]),
        Known(type: .tP, cell: [4.5937, 4.5937, 2.9587, 90, 90, 90]),
        Known(type: .oP, cell: [8.48, 5.398, 6.959, 90, 90, 90]),
        Known(type: .mP, cell: [7.0, 8.2, 5.6, 90, 104.3, 90]),
    ]

    private static let wavelength = 1.5406

    /// The first lines of a lattice, those of reflections that the centring lets through.
    private static func lines(_ known: Known, count: Int, sigma: Double = 0.015) -> [IndexingLine] {
        let g = known.lattice.reciprocalMetric
        var values: Set<Double> = []
        for h in -8...8 {
            for k in -8...8 {
                for l in -14...14 where known.type.allows(h, k, l) && (h, k, l) != (0, 0, 0) {
                    let index = SIMD3(Double(h), Double(k), Double(l))
                    values.insert(((index * (g * index)).sum() * 1e7).rounded() / 1e7)
                }
            }
        }
        return values.sorted().prefix(count).map { q in
            let sine = q.squareRoot() * wavelength / 2
            return IndexingLine(twoTheta: 2 * asin(sine) * 180 / .pi, sigma: sigma, wavelength: wavelength)
        }
    }

    @Test(
        "a zero far from 0, as neutron diffractometers have, is found with the lattice",
        arguments: [(0, 0.61), (1, -0.33), (2, 0.27), (3, -0.5), (4, 0.41)])
    func farZero(index: Int, zero: Double) async throws {
        let known = Self.known[index]
        let moved = Self.lines(known, count: 20).map {
            IndexingLine(
                twoTheta: ($0.twoTheta ?? 0) + zero, sigma: $0.sigma, wavelength: Self.wavelength)
        }
        var indexing = Indexing()
        // 0.3 and three standard uncertainties of 0.05: beyond, it is neutrons that are asked.
        if abs(zero) > 0.45 { indexing.settings.farZeros = indexing.settings.farZerosOfNeutrons }
        let best = try #require(try await indexing.index(moved).first)
        #expect(best.lattice == known.type)
        #expect(abs(best.zero - zero) < 0.03)
        let volume = known.lattice.volume / Double(known.type.pointsPerCell)
        #expect(abs(best.primitiveVolume / volume - 1) < 5e-3)
    }

    /// Which of two lattices, or whether a sublattice: a zero or a second phase would not tell.
    @Test("other zeros are asked only where no lattice near 0 explains the lines")
    func explained() async throws {
        final class Said: @unchecked Sendable {
            private let lock = NSLock()
            private var lines: [String] = []
            func add(_ line: String) { lock.withLock { lines.append(line) } }
            func has(_ part: String) -> Bool { lock.withLock { lines.contains { $0.contains(part) } } }
        }
        let lines = Self.lines(Self.known[0], count: 20)
        let said = Said()
        let best = try #require(try await Indexing().index(lines) { said.add($0) }.first)
        #expect(best.probability < 0.9, "a small lattice may be a sublattice")
        #expect(!said.has("zeros of"))
        let moved = lines.map {
            IndexingLine(twoTheta: ($0.twoTheta ?? 0) + 0.3, sigma: $0.sigma, wavelength: Self.wavelength)
        }
        let asked = Said()
        _ = try await Indexing().index(moved) { asked.add($0) }
        #expect(asked.has("zeros of"))
    }

    @Test("the lines of a lattice lead back to it, in every family", arguments: known.indices)
    func ownLines(index: Int) async throws {
        let known = Self.known[index]
        let found = try await Indexing().index(Self.lines(known, count: 20))
        let best = try #require(found.first)
        #expect(best.lattice == known.type)
        let volume = known.lattice.volume / Double(known.type.pointsPerCell)
        #expect(abs(best.primitiveVolume / volume - 1) < 1e-3)
        #expect(best.unexplained.isEmpty)
        #expect(best.figures.m > 100)
        let whole = found.reduce(0) { $0 + $1.probability }
        #expect(whole > 0.5 && whole <= 1 + 1e-9)
    }

    @Test("two foreign lines do not hide PbSO4's cell, and are told")
    func foreignLines() async throws {
        let known = Self.known[4]
        let strangers = [20.0, 31.3].map {
            IndexingLine(twoTheta: $0, sigma: 0.015, wavelength: Self.wavelength)
        }
        let found = try await Indexing().index(Self.lines(known, count: 18) + strangers)
        let best = try #require(found.first)
        #expect(best.lattice == .oP && abs(best.volume / known.lattice.volume - 1) < 1e-3)
        #expect(best.unexplained.count == 2)
    }

    @Test("fewer than four lines are refused")
    func tooFew() async {
        let lines = Self.lines(Self.known[0], count: 3)
        await #expect(throws: IndexingError.tooFewLines(found: 3)) { try await Indexing().index(lines) }
    }

    @Test("a formula's volume prefers a whole number of formula units")
    func formulaVolume() async throws {
        let known = Self.known[4]
        var indexing = Indexing()
        indexing.lattices = [.oP]
        let lines = Self.lines(known, count: 20)
        indexing.formulaVolume = known.lattice.volume / 4
        let right = try #require(try await indexing.index(lines).first)
        indexing.formulaVolume = known.lattice.volume / 1.5
        let wrong = try #require(try await indexing.index(lines).first)
        #expect(right.score > wrong.score + 2)
    }

    @Test("a zero shift is found with the cell, two foreign lines are named as unexplained")
    func zeroAndForeignLines() async throws {
        let known = Self.known[4]
        var lines = Self.lines(known, count: 20).map { line in
            IndexingLine(twoTheta: (line.twoTheta ?? 0) + 0.05, sigma: 0.015, wavelength: Self.wavelength)
        }
        lines += [17.3, 34.7].map { IndexingLine(twoTheta: $0, sigma: 0.015, wavelength: Self.wavelength) }
        lines.sort { $0.q < $1.q }
        var indexing = Indexing()
        indexing.settings.lines = 22
        let best = try #require(try await indexing.index(lines).first)
        #expect(best.lattice == known.type)
        #expect(abs(best.primitiveVolume / known.lattice.volume - 1) < 2e-3)
        #expect(abs(best.zero - 0.05) < 0.02)
        let named = best.unexplained.compactMap { lines[$0].twoTheta }
        #expect(named == [17.3, 34.7])
    }

    @Test("weak lines that belong to nothing leave the lattice where it is")
    func weakImpurity() async throws {
        let known = Self.known[3]
        var lines = Self.lines(known, count: 16).map { line in
            IndexingLine(
                twoTheta: line.twoTheta ?? 0, sigma: 0.015, wavelength: Self.wavelength, intensity: 100)
        }
        lines += [19.1, 23.4, 31.9, 44.2].map {
            IndexingLine(twoTheta: $0, sigma: 0.02, wavelength: Self.wavelength, intensity: 0.8)
        }
        let best = try #require(try await Indexing().index(lines).first)
        #expect(best.lattice == known.type)
        #expect(abs(best.primitiveVolume / known.lattice.volume - 1) < 1e-3)
    }

    @Test("of one lattice's descriptions the higher symmetry is taken")
    func higherSymmetry() async throws {
        var indexing = Indexing()
        indexing.lattices = [.oP, .mP, .aP]
        let found = try await indexing.index(Self.lines(Self.known[4], count: 20))
        #expect(found.first?.lattice == .oP)
    }

    @Test("a small lattice is no answer where nothing says what it holds; probabilities are one at most")
    func probabilities() {
        let settings = IndexingSettings()
        func first(_ volume: Double, margin: Double, weakest: Double, isComposed: Bool = false) -> Double {
            let both = settings.probabilities(
                [60, 60 - margin], volumes: [volume, 2 * volume], weakest: weakest, isComposed: isComposed)
            #expect(both.reduce(0, +) <= 1 && both.allSatisfy { $0 >= 0 })
            return both[0]
        }
        #expect(first(300, margin: 10, weakest: 5) > 0.95)
        #expect(first(30, margin: 10, weakest: 5) < 0.5)
        #expect(first(30, margin: 10, weakest: 0.5) > 0.9)
        #expect(first(30, margin: 10, weakest: 0.5, isComposed: true) > 0.95)
        #expect(first(30, margin: 10, weakest: 5, isComposed: true) < 0.95)
        #expect(first(300, margin: 0, weakest: 0, isComposed: true) == 0.5)
        #expect(
            first(300, margin: 3, weakest: 1, isComposed: true)
                < first(300, margin: 6, weakest: 1, isComposed: true))
        #expect(settings.probabilities([], volumes: [], weakest: 1, isComposed: false).isEmpty)
    }

    @Test("a volume that holds whole formula units is likelier than one that holds half of one")
    func volumePrior() {
        let settings = IndexingSettings()
        func prior(_ volume: Double) -> Double { settings.volumePrior(volume, formula: 80, in: .oP) }
        #expect(prior(80) > prior(40) + 5)
        #expect(prior(160) > prior(120) + 2)
        #expect(settings.volumePrior(80, formula: nil, in: .oP) == 0)
        // Atoms do not give way: no formula unit has half its volume, while frameworks are far wider than the sum of their atoms.
        #expect(prior(35) < prior(60) - 10)
        #expect(prior(80 * 1.25) > prior(80 * 0.8))
        // Three formula units for a lattice point are rare, in a hexagonal lattice less so.
        #expect(prior(320) > prior(240) + 2)
        #expect(settings.volumePrior(240, formula: 80, in: .hP) > prior(240) + 1)
    }
}
