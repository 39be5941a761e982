import Crystallography
import Foundation
import Indexing
import NumericalMethods
import Testing

/// Zones read off lines (`LikelyZone`, `ReciprocalZones`), and the triclinic trials of pairs of them (`triclinic` of `TrialSearch`).
@Suite("ZoneTrials") struct ZoneTrialsTests {
    private static let wavelength = 1.5406

    @Test("a zone is the same on any basis of its points, and seen from any of its rows")
    func bases() throws {
        let zone = try #require(LikelyZone(a: 0.02, b: 0.031, ab: 0.007))
        for (u, v) in [
            (SIMD2(1, 0), SIMD2(3, 1)), (SIMD2(2, 1), SIMD2(1, 1)), (SIMD2(-1, 2), SIMD2(0, 1)),
            (SIMD2(0, 1), SIMD2(1, 0)),
        ] {
            let (a, b) = (zone.q(u.x, u.y), zone.q(v.x, v.y))
            let other = try #require(
                LikelyZone(a: a, b: b, ab: zone.q(u.x + v.x, u.y + v.y) - a - b))
            #expect(other.isSame(as: zone, within: 1e-9))
        }
        let area = 4 * zone.a * zone.b - zone.ab * zone.ab
        for row in zone.rows {
            #expect(abs(4 * row.a * row.b - row.ab * row.ab - area) < 1e-12)
            #expect(row.ab >= 0 && row.ab <= row.a * (1 + 1e-12))
        }
        // Two equal axes at 60 degrees are reduced either way, and no plane has axes that are one row.
        #expect(LikelyZone(a: 0.02, b: 0.02, ab: -0.02)?.ab == 0.02)
        #expect(LikelyZone(a: 0.02, b: 0.02, ab: 0.04) == nil)
    }

    private static func line(_ metric: Matrix3, _ index: SIMD3<Double>, shift: Double = 0) -> IndexingLine {
        let q = (index * (metric * index)).sum()
        return IndexingLine(
            twoTheta: 2 * asin(q.squareRoot() * wavelength / 2) * 180 / .pi + shift, sigma: 0.01,
            wavelength: wavelength)
    }

    /// Li5Nb2Cu3O10 (mp-755312): its lines above 1 %. Of the shortest reciprocal vectors the second and the third, (001) and (010), are none.
    private static let indices: [SIMD3<Double>] = [
        [1, 0, 0], [1, 0, -1], [1, 1, 0], [1, 1, -1], [1, 0, 1], [2, 1, -1], [2, 0, 0], [1, -1, 0],
        [1, 1, 1],
        [1, -1, -1], [1, -1, 1], [1, 0, -2], [0, 0, 2], [1, 2, -1], [2, 2, -1], [0, 1, -2], [3, 1, 0],
        [3, 0, -1],
        [3, 0, 0], [3, 1, -2],
    ]
    private static let metric: Matrix3 = {
        // Reciprocal lengths and angles, Å⁻¹ and degrees.
        let lengths = SIMD3(0.1402, 0.2091, 0.1879)
        func product(_ i: Int, _ j: Int, _ angle: Double) -> Double {
            lengths[i] * lengths[j] * cos(angle * .pi / 180)
        }
        let (bc, ac, ab) = (product(1, 2, 80.8961), product(0, 2, 73.4751), product(0, 1, 109.1429))
        let squares = lengths * lengths
        return Matrix3(
            rows: SIMD3(squares.x, ab, ac), SIMD3(ab, squares.y, bc), SIMD3(ac, bc, squares.z))
    }()

    @Test("the zone of (100) and (010) is read off its lines though (010) is none of them")
    func zones() throws {
        let lines = Self.indices.map { Self.line(Self.metric, $0) }
        let zones = ReciprocalZones(lines.map(\.q), reach: lines.map { 3 * $0.qSigma }, IndexingSettings())()
        let own = try #require(
            LikelyZone(a: Self.metric[0, 0], b: Self.metric[1, 1], ab: 2 * Self.metric[0, 1]))
        #expect(zones.contains { $0.isSame(as: own, within: 0.002) })
        #expect(zones.map(\.score) == zones.map(\.score).sorted(by: >))
    }

    @Test("a triclinic lattice two of whose axes are no lines is found")
    func absentAxes() async throws {
        var indexing = Indexing()
        indexing.lattices = [.aP]
        let volume = 1 / Self.metric.determinant.squareRoot()
        indexing.volumes = [0.6 * volume...1.6 * volume]
        let found = try await indexing.index(Self.indices.map { Self.line(Self.metric, $0) })
        let best = try #require(found.first)
        #expect(abs(best.primitiveVolume / volume - 1) < 1e-3)
        #expect(best.unexplained.isEmpty)
    }

    @Test("most random triclinic lattices are among the trials though a quarter of their lines are missing")
    func random() throws {
        var draw = RandomStream(seed: 17)
        var found = 0
        for _ in 0..<8 {
            let cell = Lattice(
                a: .random(in: 4.5...6, using: &draw), b: .random(in: 5...7, using: &draw),
                c: .random(in: 6...8, using: &draw), alpha: .random(in: 75...105, using: &draw),
                beta: .random(in: 75...105, using: &draw), gamma: .random(in: 75...105, using: &draw))
            let lines = Self.visibleLines(cell, &draw)
            let evaluation = LatticeEvaluation(lines, IndexingSettings())
            let own = try #require(TrialLattice(.aP, cell: cell)).reducedCell.lengths
            var isFound = false
            let window = 0.95 * cell.volume...1.05 * cell.volume
            try TrialSearch(lines, .aP, volumes: window, IndexingSettings()) { trial in
                guard !isFound, let scored = evaluation.scored(trial), scored.explained >= 18 else { return }
                let lengths = scored.trial.reducedCell.lengths
                let pairs = zip(
                    [own.x, own.y, own.z].sorted(), [lengths.x, lengths.y, lengths.z].sorted())
                isFound = pairs.allSatisfy { abs($0 / $1 - 1) < 0.005 }
            }
            if isFound { found += 1 }
        }
        #expect(found >= 6, "\(found) of 8")
    }

    /// The first twenty, each off by 0.01 degrees at most.
    private static func visibleLines(_ cell: Lattice, _ draw: inout RandomStream) -> [IndexingLine] {
        let metric = cell.reciprocalMetric
        var lines: [IndexingLine] = []
        for h in 0...4 {
            for k in -4...4 {
                for l in -5...5 where (h, k, l) > (0, 0, 0) && .random(in: 0..<1, using: &draw) < 0.75 {
                    let index = SIMD3(Double(h), Double(k), Double(l))
                    guard (index * (metric * index)).sum() < 0.25 else { continue }
                    lines.append(line(metric, index, shift: .random(in: -0.01...0.01, using: &draw)))
                }
            }
        }
        return Array(lines.sorted { $0.q < $1.q }.prefix(20))
    }
}
