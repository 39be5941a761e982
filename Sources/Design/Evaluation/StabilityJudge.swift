import Crystallography
import Energies
import LearnedModels
import Parameterization
import Symmetry

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

    /// Whether CHGNet's weights are in the model store.
    package static var isInstalled: Bool { ModelStore.standard.isInstalled(.chgnet) }

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
        /// eV/atom, the potential's own.
        package var energy: Double
        /// µB, one an atom; empty where the potential tells none.
        package var magneticMoments: [Double]

        /// Formation energy, forces and moves below their limits.
        func isStable(within limits: DesignSettings.Judge) -> Bool {
            formationEnergy < limits.formationEnergy && largestForce < limits.force
                && largestShift < limits.shift
        }
    }

    /// The elements of a crystal whose own energy the table lacks: without them there is no formation energy.
    package func lacking(_ structure: CrystalStructure) -> [Element] {
        structure.composition.keys.filter { CHGNetElements.energies[$0] == nil }.sorted()
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
    /// nil where an element has no reference (`lacking`), or where atoms have no
    /// energy as they stand or on the way.
    ///
    /// - Throws: what is no answer: weights that cannot be read, an evaluation too large for this machine.
    package func verdict(_ structure: ReducedStructure, relaxing: Bool = true) throws -> Verdict? {
        let start = structure.expanded()
        guard let reference = reference(start) else { return nil }
        do {
            guard relaxing else {
                let energy = try model.evaluate(structure).energyPerAtom - reference
                return Verdict(formationEnergy: energy, limits: settings)
            }
            var first: Double?
            var relaxation = Energies.Relaxation()
            relaxation.maximumEvaluations = settings.evaluations
            let end = try relaxation.relax(structure, model) { step in
                if first == nil { first = step.evaluation.energyPerAtom }
                try Task.checkCancellation()
            }
            let shift =
                zip(start.sites, end.structure.expanded().sites).map { a, b in
                    let d = (b.position - a.position).nearestImage
                    return max(abs(d.x), abs(d.y), abs(d.z))
                }.max() ?? 0
            let last = end.last.evaluation
            return Verdict(
                formationEnergy: (first ?? last.energyPerAtom) - reference,
                relaxation: Relaxation(
                    formationEnergy: last.energyPerAtom - reference,
                    largestForce: last.largestForce, largestShift: shift, structure: end.structure,
                    energy: last.energyPerAtom, magneticMoments: last.magneticMoments),
                limits: settings)
        } catch let error as EnergyError where error.isOfGeometry {
            return nil
        }
    }

    /// What lies outside of the symmetry of a least energy.
    package enum SoftMode: Sendable {
        /// Nothing lower.
        case absent
        /// A mode that gains less than CHGNet could tell.
        case flat
        case leads(to: LowerMinimum)
    }

    /// Where a mode that breaks the symmetry leads.
    package struct LowerMinimum: Sendable {
        /// In the group that is found there within `lowerTolerance`, relaxed in it.
        package var structure: ReducedStructure
        /// eV/atom less than in the template's symmetry; negative.
        package var energyChange: Double
        /// eV/atom, the potential's own.
        package var energy: Double
        /// µB, one an atom; empty where the potential tells none.
        package var magneticMoments: [Double]
    }

    /// Follows the softest mode of a relaxed crystal where it lowers the energy.
    ///
    /// - Throws: what is no answer; nil of a crystal whose atoms have no energy on the way.
    package func softMode(_ relaxed: ReducedStructure) throws -> SoftMode? {
        do {
            var check = SaddleCheck()
            (check.flatEnergy, check.flatDisplacement) = (settings.flatEnergy, settings.flatDisplacement)
            let (finding, lower) = try check.follow(relaxed, model)
            guard finding.isSaddle, let lower else { return finding.isFlat ? .flat : SoftMode.absent }
            let found = try SymmetryFinder.find(in: lower, tolerance: settings.lowerTolerance)
            let standard = try SymmetryFinder.standardize(lower, found, cell: .primitive).structure
            let inPrimitive = try SymmetryFinder.find(in: standard, tolerance: settings.lowerTolerance)
            var relaxation = Energies.Relaxation()
            relaxation.maximumEvaluations = settings.evaluations
            let end = try relaxation.relax(
                try ReducedStructure(reducing: standard, inPrimitive), model
            ) { _ in try Task.checkCancellation() }
            let before = try model.evaluate(relaxed).energyPerAtom
            let last = end.last.evaluation
            let energy = last.energyPerAtom
            guard energy - before <= -settings.flatEnergy else { return .flat }
            return .leads(
                to: LowerMinimum(
                    structure: end.structure, energyChange: energy - before, energy: energy,
                    magneticMoments: last.magneticMoments))
        } catch let error as EnergyError where error.isOfGeometry {
            return nil
        }
    }

    /// The elastic constants at the least energy, by `StressStrainMethod`, ions at rest under each strain; nil where atoms have no energy
    /// on the way or nothing converges.
    package func elasticConstants(_ relaxed: ReducedStructure) throws -> ElasticConstants? {
        do {
            return try StressStrainMethod().measure(relaxed, model).relaxed
        } catch let error as EnergyError where error.isOfGeometry {
            return nil
        }
    }

    /// GPa: the isothermal bulk modulus at the least energy, cell and coordinates free in the symmetry, from the volumes under
    /// `settings.pressure` and under as much tension. nil where one of the two is not reached or does not differ.
    package func bulkModulus(_ relaxed: ReducedStructure) throws -> Double? {
        func volume(_ pressure: Double) throws -> Double? {
            var relaxation = Energies.Relaxation()
            relaxation.pressure = pressure
            relaxation.maximumEvaluations = settings.evaluations
            let end = try relaxation.relax(relaxed, model) { _ in try Task.checkCancellation() }
            return end.outcome == .converged ? end.structure.lattice.volume : nil
        }
        do {
            guard let pressed = try volume(settings.pressure), let pulled = try volume(-settings.pressure),
                pulled > pressed
            else { return nil }
            return 2 * settings.pressure * relaxed.lattice.volume / (pulled - pressed)
        } catch let error as EnergyError where error.isOfGeometry {
            return nil
        }
    }
}
