import Foundation

/// Trial lattices of one Bravais type from the first lines: base lines are given small indices, and the linear system for the
/// metric is solved (Werner, Eriksson & Westdahl, J. Appl. Cryst. 18 (1985) 367), or zones are read off the lines (Ito, Nature 164
/// (1949) 755) and combined (Visser, J. Appl. Cryst. 2 (1969) 89).
package struct TrialSearch: Sendable {
    let q: [Double]
    /// Å⁻²; how far from a reflection of a trial each line may stand.
    let reach: [Double]
    let settings: IndexingSettings
    /// Å³ for each lattice point.
    let volumes: ClosedRange<Double>
    let lattice: BravaisLattice

    package init(
        _ lines: [IndexingLine], _ lattice: BravaisLattice, volumes: ClosedRange<Double>,
        _ settings: IndexingSettings
    ) {
        let strong = zip(lines, settings.foreignShares(lines)).filter { $0.1 < settings.trialShare }.map(\.0)
        (q, self.lattice, self.volumes, self.settings) = (strong.map(\.q), lattice, volumes, settings)
        reach = strong.map { settings.firstReach($0) }
    }

    /// Every trial whose volume lies in the window.
    package func callAsFunction(_ take: (TrialLattice) throws -> Void) rethrows {
        switch MetricForm(lattice) {
        case .cubic: try cubic(take)
        case .hexagonal, .tetragonal: try uniaxial(take)
        case .orthorhombic: try orthorhombic(take)
        case .monoclinic: try monoclinic(take)
        case .triclinic: try triclinic(take)
        }
    }

    func offer(_ parameters: [Double], _ take: (TrialLattice) throws -> Void) rethrows {
        guard let trial = TrialLattice(lattice, parameters), volumes.contains(trial.primitiveVolume) else {
            return
        }
        try take(trial)
    }

    /// The coefficients of small indices, each once; `weights` say along which axis indices grow slowly.
    func rows(_ bounds: SIMD3<Int>, weights: SIMD3<Double>, most: Int) -> [[Double]] {
        var seen: Set<[Double]> = []
        var found: [(row: [Double], size: Double)] = []
        let form = MetricForm(lattice)
        for h in 0...bounds.x {
            for k in 0...bounds.y {
                for l in (lattice == .hR ? -bounds.z : 0)...bounds.z where h + k + abs(l) > 0 {
                    guard lattice.allows(h, k, l) else { continue }
                    let row = form.row(h, k, l)
                    let size =
                        Double(h * h) * weights.x + Double(k * k) * weights.y + Double(l * l) * weights.z
                    if seen.insert(row).inserted { found.append((row, size)) }
                }
            }
        }
        return found.sorted { $0.size < $1.size }.prefix(most).map(\.row)
    }

    private func cubic(_ take: (TrialLattice) throws -> Void) rethrows {
        let rows = rows(SIMD3(6, 6, 6), weights: SIMD3(1, 1, 1), most: 26)
        for value in q.prefix(8) {
            for row in rows { try offer([value / row[0]], take) }
        }
    }

    /// Two base lines of the first eight.
    private func uniaxial(_ take: (TrialLattice) throws -> Void) rethrows {
        // Long and flat cells alike: many indices along c with few across, and the other way round.
        let rows = rows(SIMD3(5, 5, 14), weights: SIMD3(1, 1, 0.12), most: 110)
        let count = min(8, q.count)
        for i in 0..<count {
            for j in (i + 1)..<max(i + 1, count) {
                for r in rows {
                    for s in rows {
                        let determinant = r[0] * s[1] - r[1] * s[0]
                        guard determinant != 0 else { continue }
                        let a = (q[i] * s[1] - r[1] * q[j]) / determinant
                        let c = (r[0] * q[j] - s[0] * q[i]) / determinant
                        if a > 0, c > 0 { try offer([a, c], take) }
                    }
                }
            }
        }
    }

    /// Three base lines; the axes are taken in the order a* ≤ b* ≤ c*, where the centring does not tell them apart.
    private func orthorhombic(_ take: (TrialLattice) throws -> Void) rethrows {
        let isOrdered = lattice != .oC
        let rows =
            isOrdered
            ? rows(SIMD3(6, 4, 3), weights: SIMD3(0.35, 0.7, 1), most: 40)
            : rows(SIMD3(5, 5, 5), weights: SIMD3(0.6, 0.8, 0.6), most: 44)
        let count = min(settings.baseLines, q.count)
        for i in 0..<count {
            for j in (i + 1)..<max(i + 1, count) {
                for k in (j + 1)..<max(j + 1, count) {
                    try orthorhombic(
                        rows, SIMD3(q[i], q[j], q[k]), first: i == 0 ? 18 : rows.count, isOrdered, take)
                }
            }
        }
    }

    private func orthorhombic(
        _ rows: [[Double]], _ q: SIMD3<Double>, first: Int, _ isOrdered: Bool,
        _ take: (TrialLattice) throws -> Void
    ) rethrows {
        let vectors = rows.map { SIMD3($0[0], $0[1], $0[2]) }
        func cross(_ u: SIMD3<Double>, _ v: SIMD3<Double>) -> SIMD3<Double> {
            SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
        }
        let points = Double(lattice.pointsPerCell)
        for r in vectors.prefix(first) {
            for s in vectors {
                let rs = cross(r, s)
                guard rs != .zero else { continue }
                for t in vectors {
                    let determinant = (rs * t).sum()
                    guard determinant != 0 else { continue }
                    // Cramer's rule, row by row of the inverse.
                    let p = (q.x * cross(s, t) + q.y * cross(t, r) + q.z * rs) / determinant
                    guard p.x > 0, p.y >= p.x, p.z > 0, !isOrdered || p.z >= p.y,
                        volumes.contains(1 / ((p.x * p.y * p.z).squareRoot() * points))
                    else { continue }
                    try offer([p.x, p.y, p.z], take)
                }
            }
        }
    }

    /// What may be the square of a reciprocal axis: a first line, or its second or third order.
    var axes: [Double] {
        let first = q.prefix(settings.axisLines)
        return (Array(first) + first.map { $0 / 4 } + q.prefix(settings.axisLines / 2).map { $0 / 9 })
            .sorted()
    }
}
