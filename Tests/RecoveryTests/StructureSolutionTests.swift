import Crystallography
import Matching
import Parameterization
import Recovery
import Symmetry
import Testing

/// Structures from a cell and a composition; what is found is a `PowderResult`, beside what free intensities leave in the `FittedCell`.
@Suite("StructureSolution") struct StructureSolutionTests {
    private static func problem(_ structure: ReducedStructure, _ groups: [[SpaceGroup]])
        -> StructureSolution.Problem
    {
        var counts: [Occupant: Int] = [:]
        for orbit in structure.orbits { counts[orbit.occupants[0], default: 0] += orbit.multiplicity }
        return StructureSolution.Problem(
            lattice: structure.lattice, zero: 0, batches: groups,
            parts: counts.sorted { $0.value < $1.value }.map { .init([$0.key], count: $0.value) })
    }

    @Test("rutile comes from its cell, its composition and its group, and leaves what free intensities leave")
    func rutile() throws {
        let rutile = try PowderGroupRecoveryTests.rutile()
        let (pattern, instrument) = try PowderGroupRecoveryTests.counts(rutile, seed: 3)
        let solution = StructureSolution(PowderGroupRecoveryTests.recovery(instrument, seed: 3))
        var findings: [StructureSolution.Finding] = []
        let problem = Self.problem(rutile, [[rutile.spaceGroup]])
        let prepared = try #require(
            try solution.prepared(
                problem, pattern: pattern, weights: PowderRecovery.weights(of: pattern)))
        try solution.solve(problem, .simple, prepared, progress: { _ in }) {
            findings.append($0)
            return true
        }
        let found = try #require(findings.first)
        #expect(found.isSettled)
        let match = StructureMatch.find(
            found.result.structure.expanded(), rutile.expanded(), tolerances: .strict)
        #expect(match?.isMatch == true)
        #expect((match?.rmsDisplacement ?? 1) < 0.05)
        #expect(found.result.alternative.rwp == found.result.statistics.rwp)
    }

    @Test(
        "a group that the composition cannot fill gives nothing, another one of its cell does",
        arguments: [
            [StructureSolution.Depth.simple], [.whole(batch: 0, pass: 0), .whole(batch: 1, pass: 0)],
            [.whole(batch: 0, pass: 1), .whole(batch: 1, pass: 1)],
        ])
    func impossible(depths: [StructureSolution.Depth]) throws {
        let rutile = try PowderGroupRecoveryTests.rutile()
        let (pattern, instrument) = try PowderGroupRecoveryTests.counts(rutile, seed: 3)
        let solution = StructureSolution(PowderGroupRecoveryTests.recovery(instrument, seed: 3))
        // I 4₁/a c d has no position of multiplicity below 8.
        let empty = try SpaceGroup.find("I 41/a c d :2")
        let problem = Self.problem(rutile, [[empty], [rutile.spaceGroup]])
        let prepared = try #require(
            try solution.prepared(
                problem, pattern: pattern, weights: PowderRecovery.weights(of: pattern)))
        var groups: [Int] = []
        for depth in depths {
            try solution.solve(problem, depth, prepared, progress: { _ in }) {
                groups.append($0.result.structure.spaceGroup.number)
                return true
            }
        }
        #expect(groups == [136])
    }

    /// K2PtC2, P −3 m 1: in 6/mmm (hkl) stands for (khl), which it does not here.
    @Test("a structure of a lower Laue class is found among groups of a higher one")
    func laueClasses() throws {
        let carbide = ReducedStructure(
            spaceGroup: try SpaceGroup.find("164"),
            lattice: Lattice(a: 5.182, b: 5.182, c: 5.244, alpha: 90, beta: 90, gamma: 120),
            asymmetricSites: [
                try PowderGroupRecoveryTests.site("Pt", .zero),
                try PowderGroupRecoveryTests.site("C", SIMD3(0, 0, 0.378)),
                try PowderGroupRecoveryTests.site("K", SIMD3(1.0 / 3, 2.0 / 3, 0.725)),
            ], tolerance: 1e-4)
        let (pattern, instrument) = try PowderGroupRecoveryTests.counts(carbide, seed: 3)
        let solution = StructureSolution(PowderGroupRecoveryTests.recovery(instrument, seed: 3))
        let groups = try ["191", "187", "164"].map { try SpaceGroup.find($0) }
        let problem = Self.problem(carbide, [groups])
        let prepared = try #require(
            try solution.prepared(
                problem, pattern: pattern, weights: PowderRecovery.weights(of: pattern)))
        var found: StructureSolution.Finding?
        try solution.solve(problem, .simple, prepared, progress: { _ in }) {
            found = $0
            return true
        }
        let best = try #require(found)
        #expect(best.result.structure.spaceGroup.number == 164)
        let match = StructureMatch.find(
            best.result.structure.expanded(), carbide.expanded(), tolerances: .strict)
        #expect(match?.isMatch == true)
    }
}
