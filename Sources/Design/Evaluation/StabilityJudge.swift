import Crystallography
import Energies
import LearnedModels
import NumericalMethods
import Parameterization

/// CHGNet's formation energy: a second opinion that no search sees.
package struct StabilityJudge: Sendable {
    private let model: any InteratomicPotential
    /// What counts as stable.
    package let settings: DesignSettings.Judge

    /// - Parameter model: whose energies of the elements are those of Data/tables/chgnet-elements.tsv.
    package init(
        _ model: any InteratomicPotential, settings: DesignSettings.Judge = DesignSettings.Judge()
    ) {
        (self.model, self.settings) = (model, settings)
    }

    /// From the model store; nil where CHGNet is not installed.
    package static func installed(
        in store: ModelStore = .standard, settings: DesignSettings.Judge = DesignSettings.Judge()
    ) throws -> StabilityJudge? {
        store.isInstalled(.chgnet) ? try loaded(from: store, settings: settings) : nil
    }

    /// - Throws: `ModelStoreError` where CHGNet is not installed.
    package static func loaded(
        from store: ModelStore = .standard, settings: DesignSettings.Judge = DesignSettings.Judge()
    ) throws -> StabilityJudge {
        StabilityJudge(try CHGNet(store.checkpoint(.chgnet), name: "chgnet"), settings: settings)
    }

    /// What CHGNet says of a crystal.
    package struct Verdict: Sendable {
        /// eV/atom, as proposed.
        package var formationEnergy: Double
        /// Nil where it was not relaxed.
        package var relaxation: Relaxation?
        /// What it is held against.
        package var limits: DesignSettings.Judge

        /// The formation energy, as proposed, is below the limit.
        package var isBound: Bool { formationEnergy < limits.formationEnergy }
        /// Nil where it was not relaxed.
        package var isStable: Bool? { relaxation?.isStable(within: limits) }
    }

    /// What became of a crystal in the template's symmetry.
    package struct Relaxation: Sendable {
        /// eV/atom.
        package var formationEnergy: Double
        /// eV/Å, the largest force that is left.
        package var largestForce: Double
        /// Fractional, the largest move of a coordinate.
        package var largestShift: Double
        /// At the least energy.
        package var structure: ReducedStructure

        /// Formation energy, forces and moves below their limits.
        func isStable(within limits: DesignSettings.Judge) -> Bool {
            formationEnergy < limits.formationEnergy && largestForce < limits.force
                && largestShift < limits.shift
        }
    }

    private func reference(_ structure: CrystalStructure) -> Double? {
        var sum = 0.0
        for (element, count) in structure.composition {
            guard let own = CHGNetElements.energies[element] else { return nil }
            sum += own * count
        }
        return sum / Double(structure.sites.count)
    }

    /// The energy as it stands and, where asked for, after relaxing cell and coordinates in the structure's own symmetry;
    /// nil where an element has no reference, or where atoms have no
    /// energy as they stand or on the way.
    ///
    /// - Throws: what is no answer: weights that cannot be read, an evaluation too large for this machine.
    package func verdict(_ structure: ReducedStructure, relaxing: Bool = true) throws -> Verdict? {
        let start = structure.expanded()
        guard let reference = reference(start) else { return nil }
        do {
            let energy = try model.evaluate(start).energyPerAtom - reference
            guard relaxing else { return Verdict(formationEnergy: energy, limits: settings) }
            let moved = try relaxed(structure)
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
                    largestForce: last.forces.map(\.length).max() ?? 0, largestShift: shift,
                    structure: moved),
                limits: settings)
        } catch let error as EnergyError where error.isOfGeometry {
            return nil
        }
    }

    private func relaxed(_ structure: ReducedStructure) throws -> ReducedStructure {
        let parameters = structure.parameters
        let scales = parameters.map(\.scale)
        var minimizer = Minimizer(
            .lbfgs,
            bounds: zip(parameters, scales).map { parameter, scale in
                let isCell = parameter.kind == .length || parameter.kind == .angle
                let reach = isCell ? settings.cellReach * abs(parameter.value) : settings.coordinateReach
                return ((parameter.value - reach) / scale)...((parameter.value + reach) / scale)
            })
        minimizer.maximumEvaluations = settings.evaluations
        minimizer.relativeValueTolerance = settings.leastGain
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
