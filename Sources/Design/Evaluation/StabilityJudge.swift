import Crystallography
import Energies
import LearnedModels
import NumericalMethods
import Parameterization
import ReferenceData

/// CHGNet's formation energy: a second opinion that no search sees.
package struct StabilityJudge: Sendable {
    private let model: any InteratomicPotential

    /// - Parameter model: whose energies of the elements are those of Data/tables/chgnet-elements.tsv.
    package init(_ model: any InteratomicPotential) {
        self.model = model
    }

    /// From the model store; nil where CHGNet is not installed.
    package static func installed(in store: ModelStore = .standard) throws -> StabilityJudge? {
        guard store.isInstalled(.chgnet) else { return nil }
        return StabilityJudge(try CHGNet(store.checkpoint(.chgnet), name: "chgnet"))
    }

    /// eV/atom of the elements by the same weights (Data/tables/chgnet-elements.tsv).
    static let references: [Element: Double] = Dictionary(
        uniqueKeysWithValues: String(cString: wyckoff_table_chgnet_elements())
            .split(separator: "\n").filter { !$0.hasPrefix("#") }
            .compactMap { line in
                let cell = line.split(separator: "\t")
                guard cell.count >= 2, let element = Element(symbol: cell[0]), let energy = Double(cell[1])
                else {
                    return nil
                }
                return (element, energy)
            })

    /// What counts as stable: eV/atom as the perovskite studies ask for, eV/Å, and fractional as far as a template's
    /// coordinates may go.
    package static let stable = (formationEnergy: -0.5, force: 0.05, shift: 0.15)

    /// What CHGNet says of a crystal.
    package struct Verdict: Sendable {
        /// eV/atom, as proposed.
        package var formationEnergy: Double
        /// Nil where it was not relaxed.
        package var relaxation: Relaxation?

        /// Nil where it was not relaxed.
        package var isStable: Bool? { relaxation?.isStable }
    }

    /// What became of a crystal in the template's symmetry.
    package struct Relaxation: Sendable {
        /// eV/atom.
        package var formationEnergy: Double
        /// eV/Å, the largest force that is left.
        package var largestForce: Double
        /// Fractional, the largest move of a coordinate.
        package var largestShift: Double

        /// Formation energy below −0.5 eV/atom, forces below 0.05 eV/Å, moved by less than 0.15.
        package var isStable: Bool {
            formationEnergy < StabilityJudge.stable.formationEnergy
                && largestForce < StabilityJudge.stable.force && largestShift < StabilityJudge.stable.shift
        }
    }

    private func reference(_ structure: CrystalStructure) -> Double? {
        var sum = 0.0
        for (element, count) in structure.composition {
            guard let own = Self.references[element] else { return nil }
            sum += own * count
        }
        return sum / Double(structure.sites.count)
    }

    /// The energy as it stands and, where `limit` is above zero, after relaxing cell and coordinates in the structure's
    /// own symmetry with so many evaluations at most; nil where an element has no reference, or where atoms have no
    /// energy as they stand or on the way.
    ///
    /// - Throws: what is no answer: weights that cannot be read, an evaluation too large for this machine.
    package func verdict(_ structure: ReducedStructure, limit: Int = 120) throws -> Verdict? {
        let start = structure.expanded()
        guard let reference = reference(start) else { return nil }
        do {
            let energy = try model.evaluate(start).energyPerAtom - reference
            guard limit > 0 else { return Verdict(formationEnergy: energy) }
            let moved = try relaxed(structure, limit: limit)
            let end = moved.expanded()
            let last = try model.evaluate(end)
            let shift =
                zip(start.sites, end.sites).map { a, b in
                    let d = (b.position - a.position).nearestImage
                    return max(abs(d.x), abs(d.y), abs(d.z))
                }.max() ?? 0
            return Verdict(
                formationEnergy: energy,
                relaxation: Relaxation(
                    formationEnergy: last.energyPerAtom - reference,
                    largestForce: last.forces.map(\.length).max() ?? 0, largestShift: shift))
        } catch let error as EnergyError where error.isOfGeometry {
            return nil
        }
    }

    /// How far a relaxation may go: cell parameters as a part of their value, coordinates in fractions.
    private static let reach = (cell: 0.3, coordinates: 0.25)
    /// Of the energy: a step that gains less ends the relaxation.
    private static let leastGain = 1e-9

    private func relaxed(_ structure: ReducedStructure, limit: Int) throws -> ReducedStructure {
        let parameters = structure.parameters
        let scales = parameters.map(\.scale)
        var minimizer = Minimizer(
            .lbfgs,
            bounds: zip(parameters, scales).map { parameter, scale in
                let isCell = !parameter.unit.isEmpty
                let reach = isCell ? Self.reach.cell * abs(parameter.value) : Self.reach.coordinates
                return ((parameter.value - reach) / scale)...((parameter.value + reach) / scale)
            })
        minimizer.maximumEvaluations = limit
        minimizer.relativeValueTolerance = Self.leastGain
        var moved = structure
        let count = Double(structure.atoms.count)
        let start = zip(structure.parameterVector, scales).map { $0 / $1 }
        let result = try minimizer.minimize(from: start) { x, gradient in
            moved.parameterVector = zip(x, scales).map { $0 * $1 }
            let evaluation = try model.evaluate(moved.expanded())
            if !gradient.isEmpty {
                gradient = zip(evaluation.gradient(in: moved), scales).map { $0 * $1 / count }
            }
            return evaluation.energyPerAtom
        }
        moved.parameterVector = zip(result.parameters, scales).map { $0 * $1 }
        return moved
    }
}
