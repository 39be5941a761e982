/// Monoclinic trials: a zone h0l whose axes and product are lines, and b* from one line more.
extension TrialSearch {
    /// A zone h0l from two axes and a product, then b* from one line more.
    func monoclinic(_ take: (TrialLattice) throws -> Void) rethrows {
        let axes = axes
        for (i, a) in axes.enumerated() {
            for c in axes[i...] {
                for product in zoneProducts(a, c) { try monoclinic(zone: a, c, product, take) }
            }
        }
        if lattice == .mP { try diagonalGlide(take) }
        try splitPairs(take)
    }

    /// Where neither axis is a line: (hl) and (h−l) stand apart by 2hl times the product, so that two such pairs give the zone, and the product
    /// twice.
    private func splitPairs(_ take: (TrialLattice) throws -> Void) rethrows {
        struct Pair {
            var sum: Double
            var difference: Double
            var reach: Double
        }
        let first = q.indices.prefix(settings.axisLines)
        let pairs = first.flatMap { i in
            first.filter { $0 > i }.map { j in
                Pair(sum: q[i] + q[j], difference: q[j] - q[i], reach: reach[i] + reach[j])
            }
        }
        for one in pairs {
            for other in pairs {
                // (1 ±1) and (1 ±2).
                let c = (other.sum - one.sum) / 6
                let a = one.sum / 2 - c
                if min(a, c) > 0, abs(2 * one.difference - other.difference) < 2 * one.reach + other.reach {
                    try monoclinic(zone: a, c, (one.difference + other.difference) / 6, take)
                }
                // (1 ±2) and (2 ±1).
                let (sum, contrast) = ((one.sum + other.sum) / 10, (other.sum - one.sum) / 6)
                if sum > abs(contrast), abs(one.difference - other.difference) < one.reach + other.reach {
                    let product = (one.difference + other.difference) / 8
                    try monoclinic(zone: (sum + contrast) / 2, (sum - contrast) / 2, product, take)
                }
            }
        }
    }

    /// An n-glide leaves (h0l) of h + l even, a centred net of which (101), (10−1), (200), (002) are the first: a* is half of a sum.
    private func diagonalGlide(_ take: (TrialLattice) throws -> Void) rethrows {
        let first = q.prefix(settings.axisLines)
        for (i, a) in first.enumerated() {
            for c in first[i...] {
                for product in zoneProducts(a, c) {
                    try monoclinic(zone: (a + c + product) / 4, c, product / 2 + c, take)
                }
            }
        }
    }

    /// 2a*·c* from a line (101), (102) or (201), whichever the glide planes leave; 0 for a rectangular zone.
    private func zoneProducts(_ a: Double, _ c: Double) -> [Double] {
        var found = [0.0]
        for value in q.prefix(settings.productLines) {
            for product in [value - a - c, (value - a - 4 * c) / 2, (value - 4 * a - c) / 2]
            where abs(product) <= min(a, c) * settings.reductionSlack { found.append(abs(product)) }
        }
        found.sort()
        return found.enumerated().filter { $0.offset == 0 || $0.element - found[$0.offset - 1] > 1e-5 * a }
            .map(\.element)
    }

    /// b* from the first lines that the zone leaves: of so many, one more than may be missed, a right trial explains one at least.
    private func monoclinic(
        zone a: Double, _ c: Double, _ product: Double, _ take: (TrialLattice) throws -> Void
    ) rethrows {
        let lines = q.prefix(settings.productLines)
        let zone = ReciprocalZone(a, c, product, limit: (lines.last ?? 0) * 1.01, most: settings.zoneLines)
        guard let whole = zone?.values(.zero) else { return }
        let open = lines.indices.filter { i in !whole.contains { abs($0 - q[i]) <= reach[i] } }
        let base = open.prefix((settings.missed.first ?? 2) + 1)
        // With C, reflections of odd k stand half-way along one of the three shortest vectors of the zone.
        let halves: [SIMD2<Double>] =
            lattice == .mC ? [SIMD2(0.5, 0), SIMD2(0, 0.5), SIMD2(0.5, 0.5)] : [.zero]
        for half in halves {
            let odd = half == .zero ? whole : zone?.values(half) ?? []
            var squares: [Double] = []
            for i in base {
                for k in 1...3 {
                    for value in (k & 1 == 1 ? odd : whole) where value < q[i] {
                        squares.append((q[i] - value) / Double(k * k))
                    }
                }
            }
            squares.sort()
            var last = 0.0
            for b in squares where b > last * (1 + settings.sameTrial) {
                last = b
                try offer(conventional(a, b, c, product, half), take)
            }
        }
    }

    /// On a basis in which the half step is half of a*.
    private func conventional(
        _ a: Double, _ b: Double, _ c: Double, _ product: Double, _ half: SIMD2<Double>
    ) -> [Double] {
        if lattice == .mP { return [a, b, c, product] }
        if half.y == 0 { return [a / 4, b, c, product / 2] }
        if half.x == 0 { return [c / 4, b, a, product / 2] }
        return [(a + c + product) / 4, b, c, (product + 2 * c) / 2]
    }
}
