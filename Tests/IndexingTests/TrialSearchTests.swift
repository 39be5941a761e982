import Crystallography
import Foundation
import Indexing
import NumericalMethods
import Testing

/// Trials and how they are judged: `TrialSearch`, `TrialLattice`, `LatticeEvaluation` (its first look is `LineScreen`; monoclinic
/// trials come from `ReciprocalZone`, each once by `SeenTrials`).
@Suite("TrialSearch") struct TrialSearchTests {
    private static let wavelength = 1.5406

    private static func lines(_ cell: Lattice, _ lattice: BravaisLattice, count: Int) -> [IndexingLine] {
        let g = cell.reciprocalMetric
        var values: Set<Double> = []
        for h in -6...6 {
            for k in -6...6 {
                for l in -6...6 where lattice.allows(h, k, l) && (h, k, l) != (0, 0, 0) {
                    let index = SIMD3(Double(h), Double(k), Double(l))
                    values.insert(((index * (g * index)).sum() * 1e8).rounded() / 1e8)
                }
            }
        }
        return values.sorted().prefix(count).map { q in
            IndexingLine(
                twoTheta: 2 * asin(q.squareRoot() * wavelength / 2) * 180 / .pi, sigma: 0.01,
                wavelength: wavelength)
        }
    }

    private static let cells: [(BravaisLattice, Lattice)] = [
        (.cI, Lattice(a: 6.1, b: 6.1, c: 6.1, alpha: 90, beta: 90, gamma: 90)),
        (.tP, Lattice(a: 4.59, b: 4.59, c: 2.96, alpha: 90, beta: 90, gamma: 90)),
        (.oP, Lattice(a: 4.1, b: 5.3, c: 7.2, alpha: 90, beta: 90, gamma: 90)),
        (.mP, Lattice(a: 5.1, b: 6.2, c: 7.4, alpha: 90, beta: 103, gamma: 90)),
    ]

    @Test(
        "among the trials of a lattice's own lines it is there itself, and all lie in the window of volumes",
        arguments: cells.indices)
    func trials(index: Int) throws {
        let (lattice, cell) = Self.cells[index]
        let volume = cell.volume / Double(lattice.pointsPerCell)
        let window = 0.8 * volume...1.25 * volume
        let settings = IndexingSettings()
        let lines = Self.lines(cell, lattice, count: 16)
        var nearest = Double.infinity
        // Å, of the reduced basis: half the diagonals of a body-centred cube.
        let edges = [cell.lengths.x, cell.lengths.y, cell.lengths.z]
        let own = lattice == .cI ? edges.map { $0 * 3.0.squareRoot() / 2 } : edges.sorted()
        try TrialSearch(lines, lattice, volumes: window, settings) { trial in
            try #require(window.contains(trial.primitiveVolume))
            // Axes may come in any order.
            let lengths = trial.reducedCell.lengths
            let sorted = [lengths.x, lengths.y, lengths.z].sorted()
            let difference = zip(sorted, own).map { abs($0 / $1 - 1) }.max() ?? 1
            nearest = min(nearest, difference + abs(trial.primitiveVolume / volume - 1))
        }
        #expect(nearest < 1e-3)
    }

    /// Fe2SbTe3: β is near 90° and no axis of the zone is a line, so that (1 0 ±1) and (1 0 ±2) give it.
    @Test("a monoclinic zone without its axes is found from lines that stand in pairs")
    func splitPairs() throws {
        let cell = Lattice(a: 5.376, b: 3.743, c: 6.289, alpha: 90, beta: 90.741, gamma: 90)
        let indices = [
            (1, 0, -1), (1, 0, 1), (0, 1, 1), (1, 1, 0), (1, 1, -1), (1, 1, 1), (1, 0, -2), (1, 0, 2),
            (2, 0, -1),
            (2, 0, 1), (1, 1, -2), (1, 1, 2), (2, 1, -1), (2, 1, 1),
        ]
        let g = cell.reciprocalMetric
        let lines = indices.map { h, k, l in
            let index = SIMD3(Double(h), Double(k), Double(l))
            let q = (index * (g * index)).sum()
            return IndexingLine(
                twoTheta: 2 * asin(q.squareRoot() * Self.wavelength / 2) * 180 / .pi, sigma: 0.01,
                wavelength: Self.wavelength)
        }
        var nearest = Double.infinity
        let window = 0.8 * cell.volume...1.25 * cell.volume
        try TrialSearch(lines, .mP, volumes: window, IndexingSettings()) { trial in
            let own = [cell.lengths.x, cell.lengths.y, cell.lengths.z].sorted()
            let lengths = trial.reducedCell.lengths
            let difference = zip([lengths.x, lengths.y, lengths.z].sorted(), own).map { abs($0 / $1 - 1) }
                .max()
            nearest = min(nearest, (difference ?? 1) + abs(trial.primitiveVolume / cell.volume - 1))
        }
        #expect(nearest < 1e-3)
    }

    /// Zr5N5O2, C m: (200), (201) and, of 5 %, (002) are the only lines of the axes; intensities are those of its pattern.
    @Test("a monoclinic lattice whose axes are weak lines is found where nothing else convinces")
    func weakAxes() async throws {
        let cell = Lattice(a: 10.603, b: 3.115, c: 9.258, alpha: 90, beta: 105.606, gamma: 90)
        let reflections: [(SIMD3<Double>, Double)] = [
            (SIMD3(2, 0, 0), 189), (SIMD3(0, 0, 2), 526), (SIMD3(2, 0, 1), 112), (SIMD3(2, 0, 2), 9730),
            (SIMD3(2, 0, -3), 7181), (SIMD3(1, 1, -1), 1492), (SIMD3(1, 1, 1), 3203), (SIMD3(4, 0, -1), 3847),
            (SIMD3(1, 1, -2), 1935), (SIMD3(1, 1, 2), 783), (SIMD3(3, 1, -1), 2056), (SIMD3(4, 0, 1), 1392),
            (SIMD3(3, 1, -2), 3347), (SIMD3(1, 1, -3), 525), (SIMD3(3, 1, 1), 2672), (SIMD3(1, 1, 3), 213),
            (SIMD3(3, 1, -3), 1168), (SIMD3(3, 1, 2), 540), (SIMD3(1, 1, -4), 1273), (SIMD3(0, 0, 5), 1380),
        ]
        let g = cell.reciprocalMetric
        let lines = reflections.map { index, intensity in
            let q = (index * (g * index)).sum()
            return IndexingLine(
                twoTheta: 2 * asin(q.squareRoot() * Self.wavelength / 2) * 180 / .pi, sigma: 0.01,
                wavelength: Self.wavelength, intensity: intensity)
        }
        var indexing = Indexing()
        indexing.lattices = [.mC]
        indexing.volumes = [0.8 * cell.volume / 2...1.25 * cell.volume / 2]
        let best = try #require(try await indexing.index(lines).first)
        #expect(abs(best.primitiveVolume / (cell.volume / 2) - 1) < 2e-3)
        indexing.settings.weakTrialShare = indexing.settings.trialShare
        let without = try await indexing.index(lines).first
        #expect(without.map { abs($0.primitiveVolume / (cell.volume / 2) - 1) > 2e-3 } ?? true)
    }

    @Test(
        "the true lattice explains every line and scores above one whose lines stand elsewhere",
        arguments: cells.indices)
    func evaluation(index: Int) throws {
        let (lattice, cell) = Self.cells[index]
        let volume = cell.volume / Double(lattice.pointsPerCell)
        let settings = IndexingSettings()
        let lines = Self.lines(cell, lattice, count: 16)
        let evaluation = LatticeEvaluation(lines, settings)
        var (right, wrong) = (-Double.infinity, -Double.infinity)
        try TrialSearch(lines, lattice, volumes: 0.7 * volume...1.4 * volume, settings) { trial in
            guard let scored = evaluation.scored(trial) else { return }
            if abs(trial.primitiveVolume / volume - 1) < 1e-3 {
                if scored.score > right {
                    right = scored.score
                    #expect(scored.explained <= lines.count && scored.predicted >= scored.explained - 1)
                }
            } else if abs(trial.primitiveVolume / volume - 1) > 0.05 {
                wrong = max(wrong, scored.score)
            }
        }
        #expect(right > 20, "sixteen lines that fit are no accident")
        #expect(right > wrong)
    }
}
