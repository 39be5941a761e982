/// Which of several candidates no other one beats: none is at least as good in every goal and better in one.
package enum ParetoFront {
    /// Indices of the rows that stand on the front, in their order. A row holds what is to be small; equal rows stand
    /// on it together.
    package static func indices(of rows: [[Double]]) -> [Int] {
        rows.indices.filter { i in
            !rows.contains { other in
                zip(other, rows[i]).allSatisfy { $0 <= $1 } && zip(other, rows[i]).contains { $0 < $1 }
            }
        }
    }

    /// Even weightings of `goals` goals (2 or more), `count` of them: along the edge for two, spread over the simplex
    /// by additive recurrence for more.
    package static func weightings(goals: Int, count: Int) -> [[Double]] {
        guard goals > 1 else { return [[1]] }
        // Exponents of a geometric scale: a weight of 1/16 to 16 between the first goal and each other one.
        return (0..<max(1, count)).map { k in
            (0..<goals).map { goal in
                guard goal > 0 else { return 1 }
                let place =
                    goals == 2
                    ? (Double(k) + 0.5) / Double(max(1, count))
                    : (0.5 + Double(k) * 0.6180339887498949 * Double(goal)).truncatingRemainder(dividingBy: 1)
                return scale(8 * place - 4)
            }
        }
    }

    /// 2ˣ.
    private static func scale(_ x: Double) -> Double {
        var result = 1.0
        for _ in 0..<Int(abs(x)) { result *= 2 }
        // Linear between powers: weights need no digits.
        result *= 1 + abs(x).truncatingRemainder(dividingBy: 1)
        return x < 0 ? 1 / result : result
    }
}
