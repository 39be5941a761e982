import Design
import NumericalMethods
import Testing

@Suite struct ParetoFrontTests {
    /// Every point of the front is beaten by none; every other point is beaten by one of the front.
    @Test func theFrontBeatsTheRest() {
        var random = RandomStream(seed: 4)
        for goals in 1...3 {
            let rows = (0..<200).map { _ in (0..<goals).map { _ in (random.uniform() * 20).rounded(.down) } }
            let front = Set(ParetoFront.indices(of: rows))
            func beats(_ a: Int, _ b: Int) -> Bool {
                rows[a] != rows[b] && (0..<goals).allSatisfy { rows[a][$0] <= rows[b][$0] }
            }
            for i in rows.indices {
                #expect(front.contains(i) == !rows.indices.contains { beats($0, i) })
                if !front.contains(i) { #expect(front.contains { beats($0, i) }) }
            }
        }
    }

    @Test func weightingsAreDistinctAndPositive() {
        for goals in 2...4 {
            let all = ParetoFront.weightings(goals: goals, count: 9)
            #expect(all.count == 9 && Set(all).count == 9)
            #expect(all.allSatisfy { $0.count == goals && $0.allSatisfy { $0 >= 1 / 32.0 && $0 <= 32 } })
        }
    }
}
