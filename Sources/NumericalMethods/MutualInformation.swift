import Foundation

/// Mutual information of two continuous quantities from samples, in nats: the first estimator of Kraskov, Stögbauer &
/// Grassberger, Phys. Rev. E 69 (2004) 066138.
package enum MutualInformation {
    /// I = ψ(k) + ψ(N) − ⟨ψ(nₓ + 1) + ψ(n_y + 1)⟩ with distances in the maximum norm; O(N²).
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

    private static func ranked(_ u: [Double], _ v: [Double], k: Int) -> Double {
        let count = u.count
        var distances = [Double](repeating: 0, count: k)
        // ψ(1)…ψ(N) once.
        var psi = [Double](repeating: 0, count: count + 1)
        if count > 0 { psi[1] = -0.577_215_664_901_532_9 }
        for n in 2..<max(2, count + 1) { psi[n] = psi[n - 1] + 1 / Double(n - 1) }
        var sum = 0.0
        u.withUnsafeBufferPointer { u in
            v.withUnsafeBufferPointer { v in
                for i in 0..<count {
                    for n in 0..<k { distances[n] = .infinity }
                    for j in 0..<count where j != i {
                        let distance = max(abs(u[i] - u[j]), abs(v[i] - v[j]))
                        guard distance < distances[k - 1] else { continue }
                        var slot = k - 1
                        while slot > 0, distances[slot - 1] > distance {
                            distances[slot] = distances[slot - 1]
                            slot -= 1
                        }
                        distances[slot] = distance
                    }
                    let d = distances[k - 1]
                    // The point itself is counted: nₓ + 1.
                    var (nearX, nearY) = (0, 0)
                    for j in 0..<count {
                        if abs(u[i] - u[j]) < d { nearX += 1 }
                        if abs(v[i] - v[j]) < d { nearY += 1 }
                    }
                    sum += psi[nearX] + psi[nearY]
                }
            }
        }
        return psi[k] + psi[count] - sum / Double(count)
    }
}
