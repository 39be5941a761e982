import Crystallography
import ExtinctionSymbols
import Foundation
import Indexing
import Jobs
import Testing

/// What `SolutionDoubts` and `IndexProfile` ask is tested through the command and Scripts/bench-solve.py.
@Suite("SolutionJob and IndexJob") struct SolutionJobTests {
    private func measurement() -> Jobs.Measurement {
        let twoTheta = stride(from: 10.0, to: 60, by: 0.05).map { $0 }
        let pattern = PowderPattern(twoTheta: twoTheta, intensity: twoTheta.map { 100 + 10 * sin($0) })
        return Jobs.Measurement(name: "pattern.xy", pattern)
    }

    @Test("a job that is cancelled throws and returns nothing")
    func cancelled() async throws {
        let formula = try Formula(parsing: "TiO2")
        let measurement = measurement()
        await #expect(throws: CancellationError.self) {
            try await Cancelled.run { try await SolutionJob(measurement, formula: formula).run { _ in } }
        }
        await #expect(throws: CancellationError.self) {
            try await Cancelled.run { try await IndexJob(.pattern(measurement)).run { _ in } }
        }
    }

    @Test(
        "elements between commas without numbers are assumed to have equal shares, and no proof is made of that"
    )
    func assumedShares() {
        #expect(SolutionJob.assumesShares("Li(Ni,Mn,Co)O2"))
        #expect(
            !SolutionJob.assumesShares("Li(Ni0.8,Mn0.1,Co0.1)O2") && !SolutionJob.assumesShares("Ca5(PO4)3F"))
    }

    /// By additive volumes pyrite's cell holds three units, FePO4's (as quartz) four.
    @Test(
        "numbers of formula units are tried that the volume makes likely, and those that are likely with how usual they are"
    )
    func formulaUnits() throws {
        func units(_ formula: String, _ cell: Lattice) throws -> [Int: Double] {
            let job = SolutionJob(measurement(), formula: try Formula(parsing: formula))
            return Dictionary(
                uniqueKeysWithValues: job.unitsWeights(try CellAxes(cell)).map { ($0.units, $0.weight) })
        }
        let pyrite = try units(
            "FeS2", Lattice(a: 5.417, b: 5.417, c: 5.417, alpha: 90, beta: 90, gamma: 90))
        #expect(pyrite[3] != nil && pyrite[4] != nil)
        let phosphate = try units(
            "FePO4", Lattice(a: 5.2, b: 5.2, c: 11.549, alpha: 90, beta: 90, gamma: 120))
        #expect(phosphate[3] != nil && phosphate[4] != nil)
    }

    @Test("lines that were given are indexed without a pattern, and no profile is claimed")
    func givenLines() async throws {
        let lines = [1, 2, 3, 4, 5, 6, 8, 9, 10].map { n in
            let sine = Double(n).squareRoot() / 4.1568 * 1.5406 / 2
            return IndexingLine(twoTheta: 2 * asin(sine) * 180 / .pi, sigma: 0.01, wavelength: 1.5406)
        }
        var job = IndexJob(.lines(lines))
        job.indexing.lattices = [.cP, .cI, .cF]
        let outcome = try await job.run { _ in }
        let best = try #require(outcome.candidates.first)
        #expect(best.cell.lattice == .cP)
        #expect(abs(best.lattice.lengths.x - 4.1568) < 0.002)
        #expect(best.rwp == nil)
        #expect(outcome.twoTheta.isEmpty)
    }

    /// The first lines of scheelite's body-centred lattice, and so many of those that the centring forbids: `SuperlatticeLines`.
    @Test(
        "one strong line does not tell a superlattice from what an impurity makes of its sublattice, four do",
        arguments: [(6, 1, true), (12, 4, false)])
    func superlattice(even: Int, odd: Int, isDoubted: Bool) async throws {
        func angles(_ parity: Int, _ count: Int) -> [Double] {
            var found: Set<Double> = []
            for h in 0...4 {
                for k in 0...h {
                    for l in 0...9 where (h + k + l) % 2 == parity && h + k + l > 0 {
                        let q = Double(h * h + k * k) / (5.243 * 5.243) + Double(l * l) / (11.373 * 11.373)
                        found.insert((q * 1e9).rounded() / 1e9)
                    }
                }
            }
            return found.sorted().prefix(count).map { 2 * asin($0.squareRoot() * 1.5406 / 2) * 180 / .pi }
        }
        let lines = (angles(0, even) + angles(1, odd)).sorted().map {
            IndexingLine(twoTheta: $0, sigma: 0.01, wavelength: 1.5406, intensity: 100)
        }
        var job = IndexJob(.lines(lines))
        job.indexing.lattices = [.tP, .tI]
        let outcome = try await job.run { _ in }
        #expect(outcome.candidates.first?.cell.lattice == .tP)
        let doubt = outcome.verdict.clauses.first { $0.name == "superlattice" }
        #expect((doubt?.outcome == .unknown) == isDoubted)
    }

    /// An oP cell whose heavy atoms are nearly C-centred (YbRhO3): the few lines that the centring forbids decide.
    @Test("lines that a lattice has where they stand are evidence for it, lines anywhere are none")
    func latticeEvidence() async throws {
        let cell = SIMD3(5.270, 5.646, 7.608)
        func line(_ h: Double, _ k: Double, _ l: Double) -> IndexingLine {
            let q = (SIMD3(h, k, l) / cell * SIMD3(h, k, l) / cell).sum()
            let angle = 2 * asin(q.squareRoot() * 1.5406 / 2) * 180 / .pi
            return IndexingLine(twoTheta: angle, sigma: 0.01, wavelength: 1.5406)
        }
        let indices: [SIMD3<Double>] = [
            [0, 0, 2], [1, 1, 0], [1, 1, 1], [0, 1, 1], [0, 2, 0], [1, 1, 2], [2, 0, 0], [0, 2, 2],
            [1, 1, 3],
            [2, 0, 2], [0, 0, 4], [2, 1, 1], [2, 2, 0], [1, 0, 1], [1, 2, 1], [0, 3, 1],
        ]
        var job = IndexJob(.lines(indices.map { line($0.x, $0.y, $0.z) }))
        job.indexing.lattices = [.oP]
        let lattices = Array(try await job.run { _ in }.candidates.prefix(1))
        let found = try #require(lattices.first)
        #expect(abs(found.lattice.volume / 226.37 - 1) < 0.002)
        let forbidden = LatticeEvidence(lines: [line(0, 1, 1), line(2, 1, 1), line(0, 3, 1)])
        #expect(forbidden.rival(among: lattices)?.lines == 3)
        let foreign = [22.31, 37.02, 41.37].map {
            IndexingLine(twoTheta: $0, sigma: 0.01, wavelength: 1.5406)
        }
        #expect(LatticeEvidence(lines: foreign).rival(among: lattices) == nil)
        #expect(LatticeEvidence(lines: []).rival(among: lattices) == nil)
    }
}
