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
        try solution.solve(
            Self.problem(rutile, [[rutile.spaceGroup]]), .simple, pattern: pattern,
            weights: PowderRecovery.weights(of: pattern), progress: { _ in }
        ) {
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
        "a group that the composition cannot fill gives nothing, and the next is tried",
        arguments: [StructureSolution.Depth.simple, .whole])
    func impossible(depth: StructureSolution.Depth) throws {
        let rutile = try PowderGroupRecoveryTests.rutile()
        let (pattern, instrument) = try PowderGroupRecoveryTests.counts(rutile, seed: 3)
        let solution = StructureSolution(PowderGroupRecoveryTests.recovery(instrument, seed: 3))
        // I 4₁/a c d has no position of multiplicity below 8.
        let empty = try SpaceGroup.find("I 41/a c d :2")
        var groups: [Int] = []
        try solution.solve(
            Self.problem(rutile, [[empty], [rutile.spaceGroup]]), depth, pattern: pattern,
            weights: PowderRecovery.weights(of: pattern), progress: { _ in }
        ) {
            groups.append($0.result.structure.spaceGroup.number)
            return true
        }
        #expect(groups == [136])
    }
}
