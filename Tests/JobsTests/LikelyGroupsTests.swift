import Crystallography
import Recovery
import Symmetry
import Testing

import Jobs

/// Batches hold the groups of one symbol and one order, the highest order first; what was judged or concluded from them
/// (`SolutionJudgement`, `SolutionConclusion`) is tested through the command.
@Suite struct LikelyGroupsTests {
    @Test func batchesAreOneOrderOfOneSymbol() throws {
        let ranking = try GroupsJobTests.job(
            "pbso4-x.dat", "CuKa", 15...120, [8.483, 5.397, 6.962, 90, 90, 90], .oP
        ).run { _ in }.ranking
        let settings = RecoverySettings.Solution()
        let groups = LikelyGroups(ranking, settings)
        #expect(groups.batches.count == groups.shares.count)
        #expect(groups.batches.allSatisfy { Set($0.map(\.order)).count == 1 })
        // P n - a: P n m a, then P n 2₁ a.
        #expect(groups.batches.prefix(2).map { $0.map(\.number) } == [[62], [33]])
        #expect(abs(groups.shares[1] - settings.nextBatch * groups.shares[0]) < 1e-12)
        let known = ranking.entries.prefix(settings.symbols).flatMap(\.symbol.spaceGroups)
        #expect(groups.batches.flatMap(\.self).allSatisfy(known.contains))
    }

    @Test func nothingIsExtinguishedInATriclinicCell() throws {
        let lattice = Lattice(a: 5, b: 6, c: 7, alpha: 80, beta: 95, gamma: 101)
        let groups = try LikelyGroups(triclinic: lattice, zero: 0.02, RecoverySettings.Solution())
        #expect(groups.batches.map { $0.map(\.number) } == [[2], [1]])
        #expect(groups.shares[0] > groups.shares[1] && groups.lattice == lattice && groups.zero == 0.02)
    }

    @Test func aKnownGroupIsTheOnlyOne() throws {
        let group = try SpaceGroup.find("P n m a")
        let start = try Shipped.record("pbso4").structure.lattice
        let groups = LikelyGroups(group, lattice: start, zero: 0.1)
        #expect(groups.batches == [[group]] && groups.shares == [1])
        #expect(groups.lattice == start && groups.zero == 0.1)
    }
}
