import Crystallography
import NumericalMethods

/// A crystal's cell divided by its translations, and which atoms became one.
package struct PrimitiveReduction: Sendable {
    package private(set) var structure: CrystalStructure
    /// The atoms of the undivided cell, by site.
    package private(set) var sources: [[Int]]

    package init(_ structure: CrystalStructure) {
        self.structure = structure.reduced
        sources = structure.sites.indices.map { [$0] }
    }

    /// As `CrystalStructure.primitive(tolerance:)`, from here on.
    package func further(tolerance: Double) -> PrimitiveReduction {
        var result = self
        while let (smaller, groups) = result.structure.dividedOnce(tolerance: tolerance) {
            result.structure = smaller.reduced
            result.sources = groups.map { group in group.flatMap { result.sources[$0] } }
        }
        return result
    }
}

extension CrystalStructure {
    /// The smallest cell found by translations that carry every atom to within `tolerance` of one of its kind;
    /// positions become the mean over the atoms that are merged.
    ///
    /// Translations are exact fractions of the cell, so a distorted cell keeps its lattice. The result's
    /// lattice is Minkowski-reduced, its sites keep the first merged atom's label.
    /// - Parameter tolerance: Å, the largest distance between any two atoms that become one.
    public func primitive(tolerance: Double = 0.25) -> CrystalStructure {
        PrimitiveReduction(self).further(tolerance: tolerance).structure
    }

    fileprivate func dividedOnce(tolerance: Double) -> (structure: CrystalStructure, groups: [[Int]])? {
        let kinds = sites.map(SiteKind.init)
        let members = Dictionary(grouping: sites.indices) { kinds[$0] }
        guard let rarest = members.values.min(by: { ($0.count, $0[0]) < ($1.count, $1[0]) }) else {
            return nil
        }
        let copies = members.values.reduce(0) { greatestCommonDivisor($0, $1.count) }
        guard copies > 1, rarest.count > 1 else { return nil }
        let orders = (2...copies).filter { copies % $0 == 0 }
        let metric = PeriodicMetric(lattice)
        let origin = sites[rarest[0]].position
        var best: (translation: SIMD3<Double>, groups: [[Int]], order: Int, spread: Double)?
        var tried = Set<SIMD3<Int>>()
        for j in rarest.dropFirst() {
            let difference = sites[j].position - origin
            for order in orders {
                let scaled = (difference * Double(order)).rounded(.toNearestOrEven)
                let exact = scaled / Double(order)
                let key = SIMD3<Int>(((exact.wrapped) * Double(copies)).rounded(.toNearestOrEven))
                guard metric.shortest(difference - exact).length <= tolerance, !tried.contains(key) else {
                    continue
                }
                tried.insert(key)
                guard key != .zero, Self.order(of: key, copies) == order,
                    let (groups, spread) = cycles(of: exact, order: order, members, metric, tolerance)
                else { continue }
                if best.map({ spread < $0.spread }) ?? true { best = (exact, groups, order, spread) }
            }
        }
        guard let best else { return nil }
        return (merged(best.translation, best.groups, order: best.order), best.groups)
    }

    /// The order of key/copies as an element of the torus.
    private static func order(of key: SIMD3<Int>, _ copies: Int) -> Int {
        let numerators = [key.x, key.y, key.z].filter { $0 != 0 }
        return copies / numerators.reduce(copies, greatestCommonDivisor)
    }

    /// The orbits of the sites under the translation, each of `order` atoms no two of which end up farther
    /// apart than `tolerance`; nil where the translation is none of the structure's.
    private func cycles(
        of translation: SIMD3<Double>, order: Int, _ members: [SiteKind: [Int]], _ metric: PeriodicMetric,
        _ tolerance: Double
    ) -> (groups: [[Int]], spread: Double)? {
        var groups: [[Int]] = []
        var spread = 0.0
        var isTaken = [Bool](repeating: false, count: sites.count)
        for indices in members.values {
            for first in indices where !isTaken[first] {
                var group = [first]
                isTaken[first] = true
                for k in 1..<order {
                    let image = sites[first].position + Double(k) * translation
                    var nearest: (site: Int, square: Double)?
                    for other in indices where !isTaken[other] {
                        let square = metric.square(sites[other].position - image, within: tolerance)
                        if square < nearest?.square ?? .infinity { nearest = (other, square) }
                    }
                    guard let nearest, nearest.square.squareRoot() <= tolerance else { return nil }
                    isTaken[nearest.site] = true
                    group.append(nearest.site)
                    spread = max(spread, nearest.square.squareRoot())
                }
                groups.append(group)
            }
        }
        for group in groups {
            for k in 1..<order {
                for m in 1..<k {
                    let between = sites[group[k]].position - sites[group[m]].position
                    let distance = metric.shortest(between - Double(k - m) * translation).length
                    guard distance <= tolerance else { return nil }
                    spread = max(spread, distance)
                }
            }
        }
        return (groups.sorted { $0[0] < $1[0] }, spread)
    }

    /// The cell of 1/order of the volume that `translation` spans together with the old lattice.
    private func merged(_ translation: SIMD3<Double>, _ groups: [[Int]], order: Int) -> CrystalStructure {
        // The translation over the order is p/order; a unimodular change of basis makes it (0, 0, g/order).
        var p = SIMD3<Int>((translation * Double(order)).rounded(.toNearestOrEven))
        var rows = IntegerMatrix3.identity
        // Columns of p are cleared by Euclid's steps on pairs of vectors: p·rows stays the translation.
        for (i, j) in [(0, 2), (1, 2)] {
            while p[i] != 0 {
                let quotient = p[j] / p[i]
                // p_i a_i + p_j a_j = (p_j − q p_i) a_j + p_i (a_i + q a_j)
                p[j] -= quotient * p[i]
                rows[i] = rows[i] &+ rows[j] &* quotient
                (p[i], p[j]) = (p[j], p[i])
                (rows[i], rows[j]) = (rows[j], rows[i])
            }
        }
        // Now the translation is p_z/order · c′ with p_z prime to the order: c′/order is a lattice vector too.
        let basis = Matrix3(rows) * lattice.vectors
        let cell = Lattice(vectors: Matrix3(rows: basis[0], basis[1], basis[2] / Double(order)))
        let change = (lattice.vectors * cell.vectors.inverse).transpose
        var result = CrystalStructure(title: title, lattice: cell, sites: [])
        for group in groups {
            var site = sites[group[0]]
            let start = change * site.position
            var shift = SIMD3<Double>.zero
            for k in group.dropFirst() { shift += (change * sites[k].position - start).nearestImage }
            site.position = (start + shift / Double(order)).wrapped
            result.sites.append(site)
        }
        return result
    }
}
