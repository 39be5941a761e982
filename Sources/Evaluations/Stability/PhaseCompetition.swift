import Crystallography
import Foundation

/// The phases of a chemical system, and which mixture of them a composition would fall apart into: the lower convex hull
/// of energy over composition, by linear programming.
package struct PhaseCompetition: Sendable {
    /// One phase.
    package struct Phase: Sendable, Hashable {
        /// Who it is.
        package var name: String
        /// Shares of the atoms, adding up to 1.
        package var shares: [Element: Double]
        /// eV/atom.
        package var energy: Double

        /// - Parameter composition: atoms of each element, in any unit.
        package init(name: String, composition: [Element: Double], energy: Double) {
            let total = composition.values.reduce(0, +)
            (self.name, self.energy) = (name, energy)
            shares = composition.mapValues { $0 / total }
        }
    }

    /// A mixture of phases.
    package struct Mixture: Sendable, Hashable {
        /// Phases with their shares of the atoms, the largest first.
        package var parts: [Part]
        /// eV/atom of the whole.
        package var energy: Double

        /// A phase and its share of the atoms.
        package struct Part: Sendable, Hashable {
            package var phase: Phase
            package var share: Double
        }
    }

    package let phases: [Phase]

    package init(_ phases: [Phase]) { self.phases = phases }

    /// Elements of a composition that are no phase of their own here.
    package func missing(in composition: [Element: Double]) -> [Element] {
        let pure = Set(phases.filter { $0.shares.count == 1 && $0.energy.isFinite }.flatMap(\.shares.keys))
        return composition.keys.filter { !pure.contains($0) }.sorted()
    }

    /// A part below this is rounding.
    private static let leastShare = 1e-9
    /// eV/atom; a step that gains less gains nothing.
    private static let leastGain = 1e-12

    /// The mixture of least energy with a composition; nil where the elements of it are not all among the phases.
    ///
    /// The simplex method from the elements as they are, with Bland's rule against circles.
    package func mixture(of composition: [Element: Double]) -> Mixture? {
        let elements = composition.keys.sorted()
        let total = composition.values.reduce(0, +)
        guard total > 0 else { return nil }
        let within = phases.filter { phase in
            phase.energy.isFinite && phase.shares.keys.allSatisfy { composition[$0] != nil }
        }
        var basis: [Int] = []
        for element in elements {
            let pure = within.indices.filter {
                within[$0].shares.count == 1 && within[$0].shares[element] != nil
            }
            guard let best = pure.min(by: { (within[$0].energy, $0) < (within[$1].energy, $1) }) else {
                return nil
            }
            basis.append(best)
        }
        // Rows: elements; the basis is the identity at the start.
        var table = elements.map { element in within.map { $0.shares[element] ?? 0 } }
        var amounts = elements.map { (composition[$0] ?? 0) / total }
        while true {
            let prices = within.indices.map { column in
                within[column].energy
                    - basis.indices.reduce(0) { $0 + within[basis[$1]].energy * table[$1][column] }
            }
            guard let entering = prices.indices.first(where: { prices[$0] < -Self.leastGain }) else { break }
            var leaving: Int?
            var ratio = Double.infinity
            for row in basis.indices where table[row][entering] > Self.leastShare {
                let own = amounts[row] / table[row][entering]
                let isTie = leaving.map { own <= ratio && basis[row] < basis[$0] } ?? false
                if own < ratio - 1e-15 || isTie { (leaving, ratio) = (row, own) }
            }
            guard let leaving else { return nil }
            pivot(&table, &amounts, row: leaving, column: entering)
            basis[leaving] = entering
        }
        var parts: [Mixture.Part] = []
        for (row, column) in basis.enumerated() where amounts[row] > Self.leastShare {
            parts.append(Mixture.Part(phase: within[column], share: amounts[row]))
        }
        parts.sort { ($1.share, $0.phase.name) < ($0.share, $1.phase.name) }
        return Mixture(parts: parts, energy: parts.reduce(0) { $0 + $1.share * $1.phase.energy })
    }

    private func pivot(
        _ table: inout [[Double]], _ amounts: inout [Double], row: Int, column: Int
    ) {
        let scale = table[row][column]
        table[row] = table[row].map { $0 / scale }
        amounts[row] /= scale
        for other in table.indices where other != row {
            let factor = table[other][column]
            guard factor != 0 else { continue }
            for k in table[other].indices { table[other][k] -= factor * table[row][k] }
            amounts[other] = max(0, amounts[other] - factor * amounts[row])
        }
    }
}
