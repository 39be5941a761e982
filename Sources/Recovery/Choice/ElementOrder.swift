import Crystallography
import Foundation
import Parameterization
import Refinement
import Symmetry

/// Whether the pattern shows that elements which scatter alike stand each on places of its own: where a mixture of them on all their
/// places has a higher symmetry and fits about as well, it does not.
package struct ElementOrder: Sendable {
    package let recovery: PowderRecovery

    package init(_ recovery: PowderRecovery) { self.recovery = recovery }

    /// Elements that the pattern does not tell from a mixture.
    package struct Doubt: Sendable {
        package var clause: VerdictClause
        /// Both elements on the places of each, refined in the group of the order.
        package var mixture: PowderResult
    }

    /// Nil where no two elements scatter alike, or their mixture would have no higher symmetry.
    ///
    /// - Throws: `CancellationError`, what the refinement throws.
    package func doubt(of result: PowderResult, pattern: PowderPattern, weights: [Double]) throws -> Doubt? {
        let structure = result.structure
        for (a, b) in alike(structure) {
            let mixed = mixing(structure, a, b)
            guard let group = higherGroup(mixed, than: structure) else { continue }
            let evidence = try recovery.evidence(pattern, weights: weights, atLeast: 1)
            guard let rival = try recovery.refit(evidence)(mixed, structure.spaceGroup) else { continue }
            let (own, other) = (result.statistics.rwp, rival.statistics.rwp)
            let needed = 1 + recovery.settings.solution.orderShare
            guard other < needed * own else { continue }
            let clause = VerdictClause(
                "order", .unknown,
                String(
                    format:
                        "%@ and %@ scatter alike: mixed on their places the group would be %@, and Rwp is %.2f %% "
                        + "in place of %.2f %%; the pattern does not show their order",
                    a.symbol, b.symbol, group.symbol, 100 * other, 100 * own))
            return Doubt(clause: clause, mixture: rival)
        }
        return nil
    }

    private func alike(_ structure: ReducedStructure) -> [(Element, Element)] {
        let elements = Set(structure.orbits.flatMap { $0.occupants.map(\.species.element) }).sorted()
        var pairs: [(Element, Element)] = []
        for (i, a) in elements.enumerated() {
            for b in elements.dropFirst(i + 1) {
                let contrast = abs(Double(a.atomicNumber - b.atomicNumber))
                let largest = Double(max(a.atomicNumber, b.atomicNumber))
                if contrast <= recovery.settings.solution.alikeShare * largest { pairs.append((a, b)) }
            }
        }
        return pairs
    }

    /// Both elements on the places of each, in the ratio of the composition.
    private func mixing(_ structure: ReducedStructure, _ a: Element, _ b: Element) -> ReducedStructure {
        func count(_ element: Element) -> Int {
            structure.orbits.reduce(0) {
                $0 + ($1.occupants.first?.species.element == element ? $1.multiplicity : 0)
            }
        }
        let share = Double(count(a)) / Double(max(1, count(a) + count(b)))
        var mixed = structure
        for index in mixed.orbits.indices {
            let occupants = mixed.orbits[index].occupants
            // What shares a place already, or leaves it empty in part, keeps it so.
            guard let element = occupants.first?.species.element, [a, b].contains(element),
                occupants.count == 1
            else {
                continue
            }
            mixed.orbits[index].occupants = [
                Occupant(Species(a), occupancy: share), Occupant(Species(b), occupancy: 1 - share),
            ]
        }
        return mixed
    }

    /// The group of the mixture, where that is higher than what the atoms have without it, at the same tolerance.
    private func higherGroup(_ mixed: ReducedStructure, than structure: ReducedStructure) -> SpaceGroup? {
        let tolerance = recovery.settings.solution.orderReach
        do {
            let found = try SymmetryFinder.find(in: mixed.expanded(), tolerance: tolerance)
            let own = try SymmetryFinder.find(in: structure.expanded(), tolerance: tolerance)
            func density(_ found: FoundSymmetry) -> Double {
                Double(found.spaceGroup.order) / found.idealLattice.volume
            }
            return density(found) > recovery.settings.groups.gain * density(own) ? found.spaceGroup : nil
        } catch {
            // Atoms too near to one another have no symmetry to speak of; the clause of contacts says so.
            return nil
        }
    }
}
