import Crystallography
import Energies

/// The convex hull of reference crystals, all energies by CHGNet after relaxation in their symmetry.
package struct ReferenceHull: Sendable {
    private let systems: [Set<Element>: [PhaseCompetition.Phase]]

    /// - Parameter crystals: the elements' energies of CHGNet (Data/tables/chgnet-elements.tsv) stand beside them.
    package init(_ crystals: [ReferenceCrystal] = ReferenceCrystal.all) {
        var systems: [Set<Element>: [PhaseCompetition.Phase]] = [:]
        var least: [String: Double] = [:]
        for crystal in crystals where crystal.energy < least[crystal.formula] ?? .infinity {
            least[crystal.formula] = crystal.energy
        }
        for crystal in crystals where crystal.energy == least[crystal.formula] {
            systems[Set(crystal.composition.keys), default: []].append(
                PhaseCompetition.Phase(
                    name: crystal.formula, composition: crystal.composition, energy: crystal.energy))
            // Of two groups with one energy the first is enough.
            least[crystal.formula] = nil
        }
        for (element, energy) in CHGNetElements.energies {
            systems[[element], default: []].append(
                PhaseCompetition.Phase(name: element.symbol, composition: [element: 1], energy: energy))
        }
        self.systems = systems
    }

    /// Where a crystal stands against what it could fall apart into.
    package struct Place: Sendable, Hashable {
        /// eV/atom above the hull, below 0 where it would change it.
        package var aboveHull: Double
        /// The mixture of least energy, `BaO 0.40 + TiO2 0.60`, shares of the atoms.
        package var decomposition: String
        /// Compounds of its chemical system that are known, its own formula and the elements left out.
        package var competitors: Int

        package init(aboveHull: Double, decomposition: String, competitors: Int) {
            (self.aboveHull, self.decomposition, self.competitors) = (aboveHull, decomposition, competitors)
        }

        /// From so few on a hull says little: phases are missing from it.
        package static let fewCompetitors = 3
        /// Whether so few compounds of its elements are known that the hull says little.
        package var isThin: Bool { competitors < Self.fewCompetitors }
    }

    /// - Parameters:
    ///   - energy: eV/atom by CHGNet.
    /// - Returns: nil where an element has no energy.
    package func place(of composition: [Element: Double], energy: Double) -> Place? {
        let elements = composition.keys.sorted()
        var phases: [PhaseCompetition.Phase] = []
        for choice in 1..<max(2, 1 << elements.count) {
            let part = Set(elements.indices.filter { choice >> $0 & 1 == 1 }.map { elements[$0] })
            phases += systems[part] ?? []
        }
        guard let mixture = PhaseCompetition(phases).mixture(of: composition) else { return nil }
        let total = composition.values.reduce(0, +)
        let own = composition.mapValues { $0 / total }
        let competitors = phases.count { phase in
            phase.shares.count > 1
                && !(phase.shares.count == own.count
                    && own.allSatisfy { abs((phase.shares[$0.key] ?? 0) - $0.value) < 1e-6 })
        }
        let parts = mixture.parts.map { part in
            "\(part.phase.name) \(Self.short(part.share))"
        }
        return Place(
            aboveHull: energy - mixture.energy, decomposition: parts.joined(separator: " + "),
            competitors: competitors)
    }

    private static func short(_ share: Double) -> String {
        let hundredths = Int((100 * share).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
