import Foundation

/// Mutual information of two continuous quantities from samples, in nats: the first estimator of Kraskov, Stögbauer &
/// Grassberger, Phys. Rev. E 69 (2004) 066138.
package enum MutualInformation {
    /// I = ψ(k) + ψ(N) − ⟨ψ(nₓ + 1) + ψ(n_y + 1)⟩ with distances in the maximum norm.
    ///
    /// Both sides are replaced by their ranks first, which leaves mutual information as it is and makes the estimate
    /// the same under any monotonic change of scale. Ties are broken by the seed, as noise would.
    /// - Parameter k: neighbours; small k has little bias and much variance. At least k + 1 samples.
    package static func kraskov(_ x: [Double], _ y: [Double], k: Int, seed: UInt64 = 1) -> Double {
        precondition(x.count == y.count, "unequal counts")
        guard k > 0, x.count > k else { return .nan }
        let (u, v) = (brokenRanks(x, seed: seed, index: 0), brokenRanks(y, seed: seed, index: 1))
        return ranked(u, v, k: k)
    }

    /// The estimates with y permuted at random: what independence looks like at this N and k.
    package static func permutationNull(
        _ x: [Double], _ y: [Double], k: Int, permutations: Int, seed: UInt64 = 1
    ) -> [Double] {
        guard k > 0, x.count > k else { return [] }
        let u = brokenRanks(x, seed: seed, index: 0)
        var v = brokenRanks(y, seed: seed, index: 1)
        var random = RandomStream(seed: seed, index: 2)
        return (0..<permutations).map { _ in
            v.shuffle(using: &random)
            return ranked(u, v, k: k)
        }
    }

    private static func brokenRanks(_ x: [Double], seed: UInt64, index: UInt64) -> [Double] {
        var random = RandomStream(seed: seed, index: index)
        let tie = x.map { _ in random.next() }
        let order = x.indices.sorted { (x[$0], tie[$0]) < (x[$1], tie[$1]) }
        var ranks = [Double](repeating: 0, count: x.count)
        // Whole ranks have equal distances, which the estimator takes for information: every rank gets a place of its
        // own inside its unit.
        for (rank, i) in order.enumerated() { ranks[i] = Double(rank) + random.uniform() }
        return ranks
    }

    /// Neighbours are looked for outwards from each point along u, as far as the k-th found reaches; those nearer than it along either
    /// axis are counted in the sorted axes. What is independent costs N^1.5 so, what is not less.
    private static func ranked(_ u: [Double], _ v: [Double], k: Int) -> Double {
        let count = u.count
        // ψ(1)…ψ(N) once.
        var psi = [Double](repeating: 0, count: count + 1)
        psi[1] = -0.577_215_664_901_532_9
        for n in 2..<max(2, count + 1) { psi[n] = psi[n - 1] + 1 / Double(n - 1) }
        let order = u.indices.sorted { u[$0] < u[$1] }
        let sortedU = order.map { u[$0] }
        let partners = order.map { v[$0] }
        let sortedV = v.sorted()
        var nearest = [Double](repeating: 0, count: k)
        var sum = 0.0
        for i in 0..<count {
            fillNearest(&nearest, of: i, sortedU, partners)
            let distance = nearest[k - 1]
            // The point itself is counted: nₓ + 1.
            sum += psi[countNearer(than: distance, sortedU[i], in: sortedU)]
            sum += psi[countNearer(than: distance, partners[i], in: sortedV)]
        }
        return psi[k] + psi[count] - sum / Double(count)
    }

    /// The smallest distances of point `i` to others in the maximum norm, ascending.
    private static func fillNearest(
        _ nearest: inout [Double], of i: Int, _ u: [Double], _ v: [Double]
    ) {
        for n in nearest.indices { nearest[n] = .infinity }
        let last = nearest.count - 1
        var (left, right) = (i - 1, i + 1)
        while true {
            let below = left >= 0 ? abs(u[i] - u[left]) : .infinity
            let above = right < u.count ? abs(u[i] - u[right]) : .infinity
            let along = min(below, above)
            guard along < nearest[last] else { return }
            let j = below <= above ? left : right
            if below <= above { left -= 1 } else { right += 1 }
            let distance = max(along, abs(v[i] - v[j]))
            guard distance < nearest[last] else { continue }
            var slot = last
            while slot > 0, nearest[slot - 1] > distance {
                nearest[slot] = nearest[slot - 1]
                slot -= 1
            }
            nearest[slot] = distance
        }
    }

    /// How many of the ascending values lie nearer than the distance to the place, which is one of them.
    private static func countNearer(than distance: Double, _ place: Double, in sorted: [Double]) -> Int {
        /// The first of which the condition is true; false comes before true.
        func first(_ holds: (Double) -> Bool) -> Int {
            var (low, high) = (0, sorted.count)
            while low < high {
                let middle = (low + high) / 2
                if holds(sorted[middle]) { high = middle } else { low = middle + 1 }
            }
            return low
        }
        let begin = first { $0 >= place || abs(place - $0) < distance }
        let end = first { $0 > place && abs(place - $0) >= distance }
        return end - begin
    }
}
