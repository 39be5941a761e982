/// What a limited-memory quasi-Newton method has learned of a function's curvature (Nocedal & Wright, Numerical
/// Optimization, algorithm 7.4).
package struct QuasiNewtonMemory {
    private var pairs: [(step: [Double], change: [Double], inverse: Double)] = []
    /// The inverse curvature where nothing is known.
    private var compliance: Double
    private let capacity: Int

    package init(compliance: Double, capacity: Int = 60) {
        self.compliance = compliance
        self.capacity = capacity
    }

    /// Learns from the gradient's change along a step; a step of negative curvature teaches only that the assumed
    /// compliance is too small.
    package mutating func learn(step: [Double], change: [Double]) {
        let product = Self.dot(step, change)
        let (steps, changes) = (Self.dot(step, step), Self.dot(change, change))
        guard product > 1e-8 * (steps * changes).squareRoot() else {
            if pairs.isEmpty { compliance *= 2 }
            return
        }
        if pairs.count == capacity { pairs.removeFirst() }
        pairs.append((step, change, 1 / product))
        compliance = product / changes
    }

    package mutating func forget() { pairs = [] }

    /// −H g.
    package func direction(_ gradient: [Double]) -> [Double] {
        var q = gradient
        var weights: [Double] = []
        for pair in pairs.reversed() {
            let weight = pair.inverse * Self.dot(pair.step, q)
            weights.append(weight)
            for i in q.indices { q[i] -= weight * pair.change[i] }
        }
        for i in q.indices { q[i] *= compliance }
        for (pair, weight) in zip(pairs, weights.reversed()) {
            let back = weight - pair.inverse * Self.dot(pair.change, q)
            for i in q.indices { q[i] += back * pair.step[i] }
        }
        return q.map { -$0 }
    }

    package static func dot(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
