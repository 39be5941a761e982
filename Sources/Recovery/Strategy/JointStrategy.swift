import Crystallography
import Diffraction
import Foundation
import Parameterization
import Refinement
import Symmetry

/// How a structure that was refined against the first pattern is refined against all of them.
///
/// Companions' widths and zero come from a fit with free intensities, their scale and background from a fit in which the
/// structure stands still; then everything moves together. Points weigh as their counting statistics say.
package struct JointStrategy: Sendable {
    private struct Prepared: Sendable {
        let companion: CompanionPattern
        let strategy: RefinementStrategy
        let profile: CellProfile
        let background: [Double]
        /// By how much the wavelength seems longer than assumed, as a factor.
        let stretch: Double
    }

    private let companions: [Prepared]
    private let first: RefinementStrategy
    private let settings: RecoverySettings
    private let profile: CellProfile
    private let refinesWavelength: Bool
    package let warnings: [String]

    /// Names of patterns before their parameters: `pattern1`, `pattern2`, …
    package static func name(_ index: Int) -> String { "pattern\(index + 1)" }

    /// - Parameters:
    ///   - profile: of the first pattern.
    ///   - lattice: as the first pattern has it.
    package init(
        _ companions: [CompanionPattern], beside first: RefinementStrategy, profile: CellProfile,
        lattice: LatticeParameters, in group: SpaceGroup, refinesWavelength: Bool,
        settings: RecoverySettings, progress: RecoveryProgress
    ) throws(RecoveryError) {
        (self.first, self.profile, self.refinesWavelength) = (first, profile, refinesWavelength)
        self.settings = settings
        var prepared: [Prepared] = []
        var warnings: [String] = []
        for (index, companion) in companions.enumerated() {
            let item = try Self.prepare(
                companion, number: index + 2, like: first, lattice: lattice, group: group, settings)
            progress(
                String(
                    format: "pattern %d: free intensities in this cell leave Rwp %.2f %% of the net pattern",
                    index + 2, 100 * item.rwp))
            if abs(item.prepared.stretch - 1) > settings.joint.stretchWarning {
                warnings.append(
                    String(
                        format: "pattern %d has its lines where the cell of the first pattern has them "
                            + "with a wavelength longer by %.2f %%",
                        index + 2, 100 * (item.prepared.stretch - 1)))
            }
            prepared.append(item.prepared)
        }
        self.companions = prepared
        self.warnings = warnings
    }

    private static func prepare(
        _ companion: CompanionPattern, number: Int, like first: RefinementStrategy,
        lattice: LatticeParameters, group: SpaceGroup, _ settings: RecoverySettings
    ) throws(RecoveryError) -> (prepared: Prepared, rwp: Double) {
        let evidence: MeasuredPattern
        do {
            evidence = try MeasuredPattern(
                companion.pattern, weights: companion.weights, instrument: companion.instrument,
                scatteringTable: first.scatteringTable, dispersion: first.dispersion, settings: settings,
                atLeast: lattice.names.count + 1)
        } catch .tooFewLines(let found) {
            throw .companion(number: number, found: found)
        }
        let peaks = evidence.lines
        let list = evidence.reflections(of: group, lattice.lattice)
        let start = CellProfile(w: peaks.width * peaks.width)
        var fitter = PawleyFit()
        fitter.settings = settings.cell.pawley
        let fit = fitter(evidence.data, reflections: list.indices, lattice: lattice, profile: start)
        var strategy = RefinementStrategy(instrument: companion.instrument, settings: first.settings)
        (strategy.scatteringTable, strategy.dispersion) = (first.scatteringTable, first.dispersion)
        let stretch = pow(lattice.lattice.volume / fit.lattice.lattice.volume, 1.0 / 3)
        return (
            Prepared(
                companion: companion, strategy: strategy, profile: fit.profile,
                background: peaks.background, stretch: stretch),
            fit.rwp
        )
    }

    /// - Parameter model: the structure refined against the first pattern.
    package func refine(_ model: PowderModel, pattern: PowderPattern, weights: [Double]) throws
        -> JointRefinement.Result
    {
        let structure = model.phases[0].structure
        var models = [model]
        for (index, item) in companions.enumerated() {
            var own = try item.strategy.initial(
                structure, b: settings.joint.displacement, profile: item.profile,
                pattern: item.companion.pattern,
                background: item.background)
            own.phases[0].structure = structure
            if item.companion.refinesWavelength, abs(item.stretch - 1) < settings.joint.stretchLimit {
                own.instrument.radiation.stretch(by: item.stretch)
            }
            let name = Self.name(index + 1)
            let linear = ["\(name).scale"] + own.background.indices.map { "\(name).background.\($0)" }
            var shape = linear + ["zero", "W", "X"].map { "\(name).\($0)" }
            if item.companion.refinesWavelength { shape.append("\(name).wavelength") }
            for free in [linear, shape] {
                let part = JointRefinement.Part(
                    name: name, model: own, pattern: item.companion.pattern, weights: item.companion.weights)
                let stage = refinement(
                    iterations: first.settings.stageIterations,
                    convergence: first.settings.stageConvergence)
                own = try stage.refine([part], free: free).parts[0].model
            }
            models.append(own)
        }
        return try finish(models, pattern: pattern, weights: weights)
    }

    /// All parameters of all patterns together, to convergence.
    package func finish(_ models: [PowderModel], pattern: PowderPattern, weights: [Double]) throws
        -> JointRefinement.Result
    {
        let patterns = [pattern] + companions.map(\.companion.pattern)
        let allWeights = [weights] + companions.map(\.companion.weights)
        let parts = models.indices.map {
            JointRefinement.Part(
                name: Self.name($0), model: models[$0], pattern: patterns[$0], weights: allWeights[$0])
        }
        let last = refinement(
            iterations: settings.joint.iterations, convergence: first.settings.convergence)
        return try last.refine(parts, free: everything(models))
    }

    private func refinement(iterations: Int, convergence: Double) -> JointRefinement {
        var refinement = JointRefinement()
        refinement.iterations = iterations
        refinement.convergence = convergence
        // One narrowest width for all: the narrowest pattern's.
        let narrowest = ([profile] + companions.map(\.profile)).min { $0.w < $1.w } ?? profile
        refinement.bounds = first.bounds(narrowest)
        return refinement
    }

    private func everything(_ models: [PowderModel]) -> [String] {
        let refined = [refinesWavelength] + companions.map(\.companion.refinesWavelength)
        var free: [String] = []
        for (index, model) in models.enumerated() {
            for name in first.everything(model) {
                let global = model.belongsToStructure(name) ? name : "\(Self.name(index)).\(name)"
                if !free.contains(global) { free.append(global) }
            }
            if refined[index] { free.append("\(Self.name(index)).wavelength") }
        }
        return free
    }
}
