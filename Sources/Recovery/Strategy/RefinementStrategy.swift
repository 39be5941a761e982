import Crystallography
import Diffraction
import Foundation
import Parameterization
import Refinement

/// The order in which a powder model's parameters are freed, from what is linear to what is delicate.
package struct RefinementStrategy: Sendable {
    package var instrument: Instrument
    package var settings: RecoverySettings.Refinement
    package var scatteringTable = ScatteringTable.wk95
    /// Whether f′ and f″ enter.
    package var dispersion = true
    /// Phases that are fitted along, their scales and cells.
    package var known: KnownContribution?

    package init(
        instrument: Instrument, settings: RecoverySettings.Refinement = RecoverySettings.Refinement()
    ) {
        (self.instrument, self.settings) = (instrument, settings)
    }

    /// The most Chebyshev terms of a background.
    private static let mostBackgroundTerms = 12

    /// - Parameters:
    ///   - b: overall B to begin with, Å².
    ///   - background: an estimate at every point of the pattern.
    package func refine(
        _ structure: ReducedStructure, b: Double, profile: CellProfile, pattern: PowderPattern,
        weights: [Double], background: [Double]
    ) throws -> RietveldRefinement.Result {
        var model = try initial(
            structure, b: b, profile: profile, pattern: pattern, background: background)
        let all = everything(model)
        let later = Set(["U", "V", "Y"])
        let others = known?.parameters ?? (scales: [], cells: [])
        let linear = all.filter { $0 == "scale" || $0.hasPrefix("background.") } + others.scales
        let shape = linear + ["zero", "W", "X"] + structure.latticeParameters.names + others.cells
        for free in [linear, shape, all.filter { !later.contains($0) }] {
            model = try refine(
                model, pattern, weights, free, profile, iterations: settings.stageIterations,
                convergence: settings.stageConvergence
            ).model
        }
        return try finish(model, pattern: pattern, weights: weights, profile: profile)
    }

    /// The model to begin with: widths and zero of the cell's profile, the background's mean, the scale of equal sums.
    package func initial(
        _ structure: ReducedStructure, b: Double, profile: CellProfile, pattern: PowderPattern,
        background: [Double]
    ) throws -> PowderModel {
        var model = PowderModel(
            phases: [.init(structure)], instrument: instrument, scatteringTable: scatteringTable,
            dispersion: dispersion)
        let range = settings.displacementRange
        let start = max(range.lowerBound, min(range.upperBound, b))
        for index in model.phases[0].structure.orbits.indices {
            model.phases[0].structure.orbits[index].displacement = .isotropic(b: start)
        }
        model.instrument.zero = profile.zero
        model.instrument.widths = widths(profile)
        model.background = [Double](
            repeating: 0, count: min(Self.mostBackgroundTerms, settings.backgroundTerms))
        model.background[0] = background.reduce(0, +) / Double(max(1, background.count))
        let beside = known.map { zip(background, $0.calculated).map(+) } ?? background
        model.phases[0].scale = try Self.scale(model, pattern: pattern, background: beside)
        if let known {
            model.phases[0].hasPlainNames = true
            model.phases += known.phases
        }
        return model
    }

    /// All parameters together, to convergence.
    package func finish(
        _ model: PowderModel, pattern: PowderPattern, weights: [Double], profile: CellProfile
    ) throws -> RietveldRefinement.Result {
        try refine(
            model, pattern, weights, everything(model), profile, iterations: settings.iterations,
            convergence: settings.convergence)
    }

    /// Scale, background, zero, widths, lattice, coordinates, and one B for each element.
    package func everything(_ model: PowderModel) -> [String] {
        let structure = model.phases[0].structure
        let others = known?.parameters ?? (scales: [], cells: [])
        let elements = Set(structure.orbits.compactMap { $0.occupants.first?.species.element }).sorted()
        return ["scale"] + model.background.indices.map { "background.\($0)" }
            + ["zero", "U", "V", "W", "X", "Y"] + structure.parameters.map(\.name)
            + elements.map { "\($0.symbol).B" } + others.scales + others.cells
    }

    /// Widths and displacements have no meaning below zero.
    package func bounds(_ profile: CellProfile) -> [String: ClosedRange<Double>] {
        settings.bounds.with(leastGaussian: settings.leastWidth * profile.w).ranges.merging(
            known?.bounds ?? [:]
        ) { _, own in own }
    }

    private func refine(
        _ model: PowderModel, _ pattern: PowderPattern, _ weights: [Double], _ free: [String],
        _ profile: CellProfile, iterations: Int, convergence: Double
    ) throws -> RietveldRefinement.Result {
        var refinement = RietveldRefinement()
        refinement.iterations = iterations
        refinement.convergence = convergence
        refinement.bounds = bounds(profile)
        return try refinement.refine(model, pattern: pattern, weights: weights, free: free)
    }

    /// Thompson–Cox–Hastings widths of the same FWHM and Lorentzian share (their eqs. 15 and 16 inverted).
    private func widths(_ profile: CellProfile) -> PeakWidths {
        let eta = profile.eta
        let lorentz = eta * (0.72928 + eta * (0.19289 + eta * 0.07783))
        let gauss = max(settings.leastGaussian, 1 - eta * (0.74417 + eta * (0.24781 + eta * 0.0081)))
        return PeakWidths(
            u: max(0, profile.u) * gauss, w: profile.w * gauss, x: lorentz * profile.w.squareRoot())
    }

    /// The scale for which calculated and observed net patterns have the same sum.
    private static func scale(_ model: PowderModel, pattern: PowderPattern, background: [Double]) throws
        -> Double
    {
        var bare = model
        bare.background = []
        bare.phases[0].scale = 1
        let calculated = try PowderCalculation(bare, twoTheta: pattern.twoTheta).calculated.reduce(0, +)
        let observed = zip(pattern.intensity, background).reduce(0) { $0 + $1.0 - $1.1 }
        return max(observed, 1e-9) / max(calculated, 1e-300)
    }
}
