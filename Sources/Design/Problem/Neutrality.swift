import NumericalMethods

/// Assignments of integer charges to groups of sites whose sum is zero, by dynamic programming over the groups:
/// time grows with groups × range of sums, not with the number of assignments.
package struct Neutrality: Sendable {
    /// Sites that take their charge together.
    package struct Group: Sendable, Hashable {
        /// Sites that carry the same charge.
        package var multiplicity: Int
        /// What each of them may carry.
        package var charges: [Int]

        /// So many sites, each with one of these charges.
        package init(multiplicity: Int, charges: [Int]) {
            self.multiplicity = multiplicity
            self.charges = charges
        }
    }

    /// As given.
    package let groups: [Group]
    /// `ways[k][s]`: assignments of groups k… whose sum is s.
    private let ways: [[Int: Double]]

    /// Counts the ways: time and memory grow with groups × range of sums.
    package init(_ groups: [Group]) {
        self.groups = groups
        var ways = [[Int: Double]](repeating: [:], count: groups.count + 1)
        ways[groups.count] = [0: 1]
        for k in groups.indices.reversed() {
            for (sum, count) in ways[k + 1] {
                for charge in groups[k].charges {
                    ways[k][sum + groups[k].multiplicity * charge, default: 0] += count
                }
            }
        }
        self.ways = ways
    }

    /// How many neutral assignments there are; exact up to 2⁵³.
    package var count: Double { ways[0][0] ?? 0 }

    /// One neutral assignment, or nil where there is none: the proof of neutrality of given elements.
    package var assignment: [Int]? {
        var result: [Int] = []
        var rest = 0
        for k in groups.indices {
            guard
                let charge = groups[k].charges.first(where: {
                    ways[k + 1][rest - groups[k].multiplicity * $0] != nil
                })
            else { return nil }
            result.append(charge)
            rest -= groups[k].multiplicity * charge
        }
        return rest == 0 && ways[0][0] != nil ? result : nil
    }

    /// All neutral assignments, up to `limit` of them.
    package func assignments(limit: Int = 10_000) -> [[Int]] {
        var result: [[Int]] = []
        var chosen: [Int] = []
        func descend(_ k: Int, _ rest: Int) {
            guard result.count < limit else { return }
            if k == groups.count {
                result.append(chosen)
                return
            }
            for charge in groups[k].charges {
                let next = rest - groups[k].multiplicity * charge
                guard ways[k + 1][next] != nil else { continue }
                chosen.append(charge)
                descend(k + 1, next)
                chosen.removeLast()
            }
        }
        if ways[0][0] != nil { descend(0, 0) }
        return result
    }

    /// A neutral assignment, each as likely as any other; nil where there is none.
    package func sample(_ random: inout RandomStream) -> [Int]? {
        guard ways[0][0] != nil else { return nil }
        var result: [Int] = []
        var rest = 0
        for k in groups.indices {
            let options = groups[k].charges.map { charge in
                (charge, ways[k + 1][rest - groups[k].multiplicity * charge] ?? 0)
            }
            var dice = random.uniform() * options.reduce(0) { $0 + $1.1 }
            guard
                let chosen = options.first(where: {
                    dice -= $0.1
                    return dice < 0 && $0.1 > 0
                }) ?? options.last(where: { $0.1 > 0 })
            else { return nil }
            result.append(chosen.0)
            rest -= groups[k].multiplicity * chosen.0
        }
        return result
    }
}
