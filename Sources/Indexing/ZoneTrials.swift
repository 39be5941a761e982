/// Triclinic trials: two zones that have a row in common are a lattice but for one product.
extension TrialSearch {
    /// Pairs of zones, those first that explain the most lines together; the product comes from a line more.
    func triclinic(_ take: (TrialLattice) throws -> Void) rethrows {
        let zones = ReciprocalZones(q, reach: reach.map { $0 * settings.zoneReach }, settings)()
        for pair in pairs(zones).sorted(by: { $0.score > $1.score }).prefix(settings.zonePairs) {
            try closed(pair, take)
        }
    }

    /// Two planes, from the row that both have.
    private struct ZonePair {
        let one: LikelyZone.Row
        let other: LikelyZone.Row
        /// Of the lines that either explains.
        let score: Double
    }

    private func pairs(_ zones: [LikelyZone]) -> [ZonePair] {
        let rows = zones.map(\.rows)
        var found: [ZonePair] = []
        for (i, first) in zones.enumerated() {
            for (j, second) in zones.enumerated().dropFirst(i + 1) {
                let score = zip(first.gains, second.gains).reduce(0) { $0 + max($1.0, $1.1) }
                for one in rows[i] {
                    for other in rows[j] where abs(one.a - other.a) < settings.sameZone * one.a {
                        found.append(ZonePair(one: one, other: other, score: score))
                    }
                }
            }
        }
        return found
    }

    /// The product of the two vectors off the common row, from every line as (h 1 ±1).
    private func closed(_ pair: ZonePair, _ take: (TrialLattice) throws -> Void) rethrows {
        let (one, other) = (pair.one, pair.other)
        let a = (one.a + other.a) / 2
        let most = min(one.b, other.b) * settings.reductionSlack
        var products: [Double] = []
        for line in q {
            for h in [-2.0, -1, 0, 1, 2] {
                for sign in [1.0, -1] {
                    let rest = h * (a * h + one.ab + sign * other.ab) + one.b + other.b
                    let product = sign * (line - rest)
                    if abs(product) <= most { products.append(product) }
                }
            }
        }
        products.sort()
        var last = -Double.infinity
        for product in products where product - last > settings.sameTrial * most {
            last = product
            try offer([a, one.b, other.b, product, other.ab, one.ab], take)
        }
    }
}
