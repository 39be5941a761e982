import NumericalMethods
import Testing

@Suite struct KendallTauTests {
    /// τ_b from all pairs, as it is defined.
    static func byPairs(_ x: [Double], _ y: [Double]) -> Double {
        func sign(_ d: Double) -> Int { d == 0 ? 0 : d > 0 ? 1 : -1 }
        var (balance, untiedX, untiedY) = (0, 0, 0)
        for i in x.indices {
            for j in 0..<i {
                let (dx, dy) = (sign(x[i] - x[j]), sign(y[i] - y[j]))
                balance += dx * dy
                untiedX += dx * dx
                untiedY += dy * dy
            }
        }
        return Double(balance) / (Double(untiedX).squareRoot() * Double(untiedY).squareRoot())
    }

    @Test("exchanges of a merge sort are the pairs in disorder, with and without ties, at every count")
    func agreesWithAllPairs() {
        for count in 2...70 {
            var random = RandomStream(seed: 3, index: UInt64(count))
            let free = (0..<count).map { _ in (random.uniform(), random.uniform()) }
            let tied = (0..<count).map { _ in
                (Double(random.index(below: 7)), Double(random.index(below: 5)))
            }
            for points in [free, tied] {
                let (x, y) = (points.map(\.0), points.map(\.1))
                let (found, expected) = (Statistics.kendall(x, y), Self.byPairs(x, y))
                #expect(found == expected || (found.isNaN && expected.isNaN), "\(count)")
            }
        }
    }

    @Test("one side constant has no correlation")
    func constant() {
        #expect(Statistics.kendall([1, 1, 1], [1, 2, 3]).isNaN)
        #expect(Statistics.kendall([], []).isNaN)
    }
}
