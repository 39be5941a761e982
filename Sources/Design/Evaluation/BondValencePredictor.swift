import Crystallography
import Foundation
import NumericalMethods
import PropertyModels

extension BondValence {
    /// exp(R/0.37 Å) of every two elements, 100 × 100; zero where the table lacks one.
    static let strengths: [Double] = {
        let n = MixedCrystal.elementCount
        return (0..<(n * n)).map { index in
            guard let first = Element(atomicNumber: index / n + 1),
                let second = Element(atomicNumber: index % n + 1)
            else { return 0 }
            return unitLength(first, second).map { exp($0 / softness) } ?? 0
        }
    }()
}

/// The global instability index of an ionic crystal: the root mean square over its atoms of what the valences of an
/// atom's bonds to ions of opposite charge miss its oxidation state by (Salinas-Sanchez et al., J. Solid State Chem.
/// 100 (1992) 201). Below 0.2 in most crystals; it knows nothing of the learned models, nor they of it.
///
/// Charges are those of the first of a template's patterns that allows the elements; in a mixture, those of the largest
/// shares. Every ion within 6 Å is a neighbour.
package struct BondValencePredictor: PropertyPredictor {
    /// As typed in a target.
    package static let name = "bond-valence"
    /// `bond-valence`
    package var name: String { Self.name }
    /// Valence units.
    package var unit: String { "v.u." }
    /// It was trained on nothing but bond lengths, and takes any ionic crystal.
    package var domain: PredictorDomain {
        PredictorDomain(training: "bond lengths of crystals, O'Keeffe & Brese 1991")
    }
    /// Its error would be a mean absolute one.
    package var errorKind: String { "MAE" }
    /// None is stated.
    package var validationError: Double? { nil }
    /// Å.
    package static let reach = 6.0

    private let roles: [Int]
    private let patterns: [ChargePattern]

    init(_ template: DesignTemplate, _ patterns: [ChargePattern]) {
        roles = template.roleOfOrbit
        self.patterns = patterns
    }

    /// The index and, where asked for, its exact derivatives by shares, positions and metric.
    package func evaluate(
        _ crystal: MixedCrystal, gradient: Bool, precision: PredictionPrecision
    ) -> PropertyEvaluation {
        let orbits = roles.count
        let charges = charges(crystal.mixtures)
        let shares = shares(crystal.mixtures)
        let strength = strengths(shares, charges)
        let bonds = Bonds(crystal.geometry, charges: charges)
        let misses = (0..<orbits).map { i in
            (0..<orbits).reduce(0.0) { $0 + strength[i * orbits + $1] * bonds.sums[i * orbits + $1] }
                - Double(abs(charges[i]))
        }
        let weights = crystal.geometry.multiplicities
        let total = weights.reduce(0, +)
        let mean = zip(misses, weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 } / total
        // The root is rounded off where every valence is met, so that it has a slope there.
        let value = (mean + Self.rounding).squareRoot()
        guard gradient else { return PropertyEvaluation(value: value, gradient: nil) }
        let slopes = zip(misses, weights).map { $0 * $1 / (total * value) }
        let (pulls, metric) = pulls(bonds, crystal.geometry, slopes: slopes, strength: strength)
        return PropertyEvaluation(
            value: value,
            gradient: PropertyGradient(
                mixtures: mixtureGradient(shares, bonds, slopes: slopes), positions: pulls, metric: metric))
    }

    /// (v.u.)², added under the root.
    private static let rounding = 1e-6

    /// Elements on each orbit, as `atomic number − 1`, with their shares.
    private func shares(_ mixtures: [Double]) -> [[(element: Int, share: Double)]] {
        let n = MixedCrystal.elementCount
        return roles.indices.map { orbit in
            (0..<n).filter { mixtures[orbit * n + $0] != 0 }.map { ($0, mixtures[orbit * n + $0]) }
        }
    }

    /// What a bond of length 0 would be worth between two orbits of opposite charge.
    private func strengths(_ shares: [[(element: Int, share: Double)]], _ charges: [Int]) -> [Double] {
        let (orbits, n) = (roles.count, MixedCrystal.elementCount)
        var result = [Double](repeating: 0, count: orbits * orbits)
        for i in 0..<orbits {
            for j in 0..<orbits where charges[i] * charges[j] < 0 {
                for (a, p) in shares[i] {
                    for (b, q) in shares[j] {
                        result[i * orbits + j] += p * q * BondValence.strengths[a * n + b]
                    }
                }
            }
        }
        return result
    }

    /// ∂(index)/∂(share of an element on an orbit).
    private func mixtureGradient(
        _ shares: [[(element: Int, share: Double)]], _ bonds: Bonds, slopes: [Double]
    ) -> [Double] {
        let (orbits, n) = (roles.count, MixedCrystal.elementCount)
        var result = [Double](repeating: 0, count: orbits * n)
        for i in 0..<orbits {
            for j in 0..<orbits where bonds.sums[i * orbits + j] != 0 {
                let slope = slopes[i] * bonds.sums[i * orbits + j]
                for a in 0..<n {
                    for (b, q) in shares[j] {
                        result[i * n + a] += slope * q * BondValence.strengths[a * n + b]
                    }
                    for (b, q) in shares[i] {
                        result[j * n + a] += slope * q * BondValence.strengths[a * n + b]
                    }
                }
            }
        }
        return result
    }

    /// ∂(index)/∂(positions) and by the metric.
    private func pulls(
        _ bonds: Bonds, _ geometry: CrystalGeometry, slopes: [Double], strength: [Double]
    ) -> (positions: [SIMD3<Double>], metric: Matrix3) {
        var pulls = [SIMD3<Double>](repeating: .zero, count: geometry.positions.count)
        var metric = Matrix3.zero
        let lattice = geometry.lattice.metric
        for bond in bonds.list {
            let target = geometry.representatives[bond.orbit]
            let other = geometry.orbits[bond.atom]
            let factor =
                -slopes[bond.orbit] * strength[bond.orbit * roles.count + other] * bond.decay
                / (BondValence.softness * bond.length)
            let pull = factor * (lattice * bond.vector)
            pulls[bond.atom] += pull
            pulls[target] -= pull
            let half = 0.5 * factor * bond.vector
            metric.rows.0 += half.x * bond.vector
            metric.rows.1 += half.y * bond.vector
            metric.rows.2 += half.z * bond.vector
        }
        return (pulls, metric)
    }

    /// Oxidation state of each orbit.
    private func charges(_ mixtures: [Double]) -> [Int] {
        let n = MixedCrystal.elementCount
        let largest = roles.indices.map { orbit in
            Element(
                atomicNumber: 1 + ((0..<n).max { mixtures[orbit * n + $0] < mixtures[orbit * n + $1] } ?? 0))
        }
        // A mixture of no pattern takes the one that fits most of its orbits.
        let fits = patterns.map { pattern in
            zip(roles, largest).count { role, element in
                element.map(pattern.elements[role].contains) ?? false
            }
        }
        guard let best = fits.max(), let index = fits.firstIndex(of: best) else {
            return [Int](repeating: 0, count: roles.count)
        }
        return roles.map { patterns[index].charges[$0] }
    }

    /// Bonds of the orbits' representatives to ions of opposite charge.
    private struct Bonds {
        struct Bond {
            var orbit: Int
            var atom: Int
            /// Fractional, from the representative to the neighbour.
            var vector: SIMD3<Double>
            var length: Double
            /// exp(−length/0.37 Å).
            var decay: Double
        }
        var list: [Bond] = []
        /// Σ decay, by orbit of the representative and of the neighbour.
        var sums: [Double]

        init(_ geometry: CrystalGeometry, charges: [Int]) {
            let orbits = geometry.representatives.count
            sums = [Double](repeating: 0, count: orbits * orbits)
            let metric = geometry.lattice.metric
            let inverse = geometry.lattice.metric.inverse
            // Fractional reach along an axis: R √G*ᵢᵢ.
            let reach = BondValencePredictor.reach
            let span = SIMD3(inverse.rows.0.x, inverse.rows.1.y, inverse.rows.2.z).squareRoot() * reach
            let limit = reach * reach
            for (orbit, target) in geometry.representatives.enumerated() {
                for atom in geometry.positions.indices
                where charges[orbit] * charges[geometry.orbits[atom]] < 0 {
                    let start = geometry.positions[atom] - geometry.positions[target]
                    let low = (-span - start).rounded(.up)
                    let high = (span - start).rounded(.down)
                    var x = low.x
                    while x <= high.x {
                        var y = low.y
                        while y <= high.y {
                            var z = low.z
                            while z <= high.z {
                                let vector = start + SIMD3(x, y, z)
                                let square = vector.dot(metric * vector)
                                if square < limit, square > 1e-12 {
                                    let length = square.squareRoot()
                                    let decay = exp(-length / BondValence.softness)
                                    sums[orbit * orbits + geometry.orbits[atom]] += decay
                                    list.append(
                                        Bond(
                                            orbit: orbit, atom: atom, vector: vector, length: length,
                                            decay: decay))
                                }
                                z += 1
                            }
                            y += 1
                        }
                        x += 1
                    }
                }
            }
        }
    }
}
