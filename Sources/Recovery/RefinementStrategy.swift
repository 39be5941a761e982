import Crystallography
import Diffraction
import Foundation
import Parameterization
import Refinement

/// The order in which a powder model's parameters are freed, from what is linear to what is delicate.
public struct RefinementStrategy: Sendable {
    public var instrument: Instrument
    public var backgroundTerms: Int

    public init(instrument: Instrument, backgroundTerms: Int) {
        self.instrument = instrument
        self.backgroundTerms = min(12, backgroundTerms)
    }

    /// - Parameters:
    ///   - b: overall B to begin with, Å².
    ///   - background: an estimate at every point of the pattern.
    public func callAsFunction(
        _ structure: ReducedStructure, b: Double, profile: CellProfile, pattern: PowderPattern,
        weights: [Double], background: [Double]
    ) throws -> RietveldRefinement.Result {
        var model = PowderModel(phases: [.init(structure)], instrument: instrument)
        for index in model.phases[0].structure.orbits.indices {
            model.phases[0].structure.orbits[index].displacement = .isotropic(b: max(0.3, min(3, b)))
        }
        model.instrument.zero = profile.zero
        model.instrument.widths = Self.widths(profile)
        model.background = [Double](repeating: 0, count: backgroundTerms)
        model.background[0] = background.reduce(0, +) / Double(max(1, background.count))
        model.phases[0].scale = try Self.scale(model, pattern: pattern, background: background)

        let elements = Set(structure.orbits.compactMap { $0.occupants.first?.species.element }).sorted()
        let lattice = structure.latticeParameters.names
        let count = lattice.count
        let coordinates = structure.parameters.dropFirst(count).map(\.name)
        let backgrounds = (0..<backgroundTerms).map { "background.\($0)" }
        let linear = ["scale"] + backgrounds
        let displacements = elements.map { "\($0.symbol).B" }
        let stages: [[String]] = [
            linear,
            linear + ["zero", "W", "X"] + lattice,
            linear + ["zero", "W", "X"] + lattice + coordinates + displacements,
            linear + ["zero", "U", "V", "W", "X", "Y"] + lattice + coordinates + displacements,
        ]
        var result: RietveldRefinement.Result?
        for (index, free) in stages.enumerated() {
            var refinement = RietveldRefinement()
            refinement.iterations = index == stages.count - 1 ? 80 : 15
            // Widths and displacements without a meaning below zero.
            refinement.bounds = [
                "W": 0.02 * profile.w...100, "X": 0...10, "Y": 0...10, "*.B": 0...15,
            ]
            refinement.convergence = index == stages.count - 1 ? 1e-8 : 1e-4
            let refined = try refinement(model, pattern: pattern, weights: weights, free: free)
            model = refined.model
            result = refined
        }
        guard let result else { throw RecoveryError.noCell }
        return result
    }

    /// Thompson–Cox–Hastings widths of the same FWHM and Lorentzian share (their eqs. 15 and 16 inverted).
    private static func widths(_ profile: CellProfile) -> PeakWidths {
        let eta = profile.eta
        let lorentz = eta * (0.72928 + eta * (0.19289 + eta * 0.07783))
        let gauss = max(0.05, 1 - eta * (0.74417 + eta * (0.24781 + eta * 0.0081)))
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
