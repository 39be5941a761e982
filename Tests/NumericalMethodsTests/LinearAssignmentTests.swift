import NumericalMethods
import Testing

@Suite struct LinearAssignmentTests {
    // scipy.optimize.linear_sum_assignment(C), C[i][j] = (37i² + 17j² + 29ij) mod 1009, 60 × 80
    @Test func totalCostAgreesWithScipy() throws {
        let cost = Sample.integers(60, 80) { i, j in (i * i * 37 + j * j * 17 + i * j * 29) % 1009 }
        let assignment = try #require(LinearAssignment(cost: cost))
        #expect(assignment.totalCost == 900)
        #expect(Set(assignment.columns).count == 60)
    }

    @Test func smallProblemsEqualExhaustiveSearch() throws {
        func permutations(_ n: Int) -> [[Int]] {
            n == 0
                ? [[]]
                : permutations(n - 1).flatMap { p in (0...p.count).map { i in p[..<i] + [n - 1] + p[i...] } }
        }
        let all = permutations(5)
        for seed in 0..<50 {
            let cost = Sample.random(5, 5, seed: UInt64(seed))
            let best = all.map { p in (0..<5).reduce(0) { $0 + cost[$1, p[$1]] } }.min() ?? .nan
            let assignment = try #require(LinearAssignment(cost: cost))
            #expect(isClose(assignment.totalCost, best))
        }
    }

    @Test func forbiddenPairsAreAvoidedOrRefused() throws {
        let infinity = Double.infinity
        let cost = DenseMatrix([[1, infinity], [0, 9]])
        #expect(try #require(LinearAssignment(cost: cost)).columns == [0, 1])
        #expect(LinearAssignment(cost: DenseMatrix([[1, infinity], [0, infinity]])) == nil)
    }
}
