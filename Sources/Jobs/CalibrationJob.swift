import Crystallography
import Diffraction
import Foundation
import Patterns
import Refinement

/// Finds what a diffractometer does to lines from the pattern of a substance whose cell is certified: widths, asymmetry,
/// zero, and the wavelength where it is asked for. Every reflection has an intensity of its own, so that neither texture
/// nor absorption of the standard takes part.
package struct CalibrationJob: Job {
    /// The measured pattern and where the fit begins.
    package var item: RefinementJob.Item
    /// With the certified cell.
    package var crystal: PatternCrystal
    /// What the standard is called: `LaB6, NIST SRM 660c`.
    package var standard: String
    /// Whether the wavelength is refined; the cell is held in any case.
    package var refinesWavelength = false
    /// Parameters freed together, stage by stage; nil for those of `stages(of:)`.
    package var stages: [[String]]?

    package init(_ item: RefinementJob.Item, _ crystal: PatternCrystal, standard: String) {
        (self.item, self.crystal, self.standard) = (item, crystal, standard)
    }

    package struct Outcome: Sendable {
        package var item: RefinementJob.Item
        package var result: RietveldRefinement.Result
        /// As it is to be kept, the wavelength included.
        package var instrument: Instrument
        /// One standard uncertainty of what was refined, by name.
        package var uncertainties: [String: Double]
        package var standard: String
        /// a, b, c in Å, α, β, γ in degrees.
        package var certifiedCell: [Double]
        package var clauses: [VerdictClause]
    }

    /// The shift of a flat sample beside the zero, because no sample stands on the axis; asymmetry where the instrument
    /// has any.
    private static func stages(of instrument: Instrument) -> [[String]] {
        let shape = ["W", "X"]
        let asymmetry = instrument.axial == nil ? [] : ["SL"]
        return [["zero", "displacement"], shape, ["Y"] + asymmetry, ["U", "V"]]
    }

    /// Where U and V were not asked for by name and make no width somewhere, they are held at 0: W, X and Y describe sharp
    /// lines as well.
    ///
    /// - Throws: `PatternError` for names that are no parameters and patterns that hold nothing, or `CancellationError`.
    package func run(reporting report: @escaping JobProgress.Sink) throws -> Outcome {
        let instrument = item.refinement.simulation.instrument
        let (result, widths) = try fit(instrument, stages ?? Self.stages(of: instrument), report)
        guard stages == nil, widths.outcome == .fails else { return outcome(result, widths) }
        report(.remark("\(widths.sentence): U and V are held at 0"))
        var plain = instrument
        (plain.widths.values[0], plain.widths.values[1]) = (0, 0)
        plain.widths.values[2] = max(plain.widths.values[2], Self.leastVariance)
        let second = try fit(plain, Self.stages(of: instrument).dropLast(), report)
        return outcome(second.result, second.widths)
    }

    /// Degrees²; where a fit without U and V begins, so that lines have a width.
    private static let leastVariance = 1e-3

    private func fit(
        _ instrument: Instrument, _ stages: [[String]], _ report: @escaping JobProgress.Sink
    ) throws -> (result: RietveldRefinement.Result, widths: VerdictClause) {
        var refinement = item.refinement
        refinement.simulation.instrument = instrument
        refinement.freeIntensities = true
        refinement.stages = stages
        if refinesWavelength { refinement.stages.insert(["lattice"], at: min(1, stages.count)) }
        let result = try refinement.refine([crystal], pattern: item.pattern, weights: item.weights) {
            report(.step("stage \($0): Rwp \(String(format: "%.2f %%", 100 * $1))"))
        }
        try Task.checkCancellation()
        return (result, Self.widths(result.model.instrument, over: item.pattern))
    }

    private func outcome(_ result: RietveldRefinement.Result, _ widths: VerdictClause) -> Outcome {
        var uncertainties = result.refined.reduce(into: [String: Double]()) {
            $0[$1.parameter.name] = $1.uncertainty
        }
        var instrument = result.model.instrument
        // Positions know wavelength and cell in their proportion alone: what the cell took up is the wavelength's.
        if refinesWavelength {
            let (certified, found) = (crystal.structure.lattice, result.model.phases[0].structure.lattice)
            instrument.radiation.stretch(by: cbrt(certified.volume / found.volume))
            if let length = uncertainties["a"], let a = result.model["a"], a > 0 {
                uncertainties["wavelength"] = instrument.radiation.wavelength * length / a
            }
        }
        let kept = ["zero", "wavelength", "SL", "HL"] + PeakWidths.names
        let weighting = item.pattern.weighting
        return Outcome(
            item: item, result: result, instrument: instrument,
            uncertainties: uncertainties.filter { kept.contains($0.key) }, standard: standard,
            certifiedCell: crystal.structure.latticeParameters.cell,
            clauses: [
                FitVerdict.convergence(result.converged, result.iterations), widths,
                VerdictClause(
                    "weights", weighting.hasExpectedR ? .holds : .unknown, weighting.sentence),
            ] + (item.isWavelengthAssumed ? [FitVerdict.assumedWavelength] : []))
    }

    /// A line has a width at every angle of the pattern.
    private static func widths(_ instrument: Instrument, over pattern: PowderPattern) -> VerdictClause {
        let values = instrument.widths.values
        let bad = stride(from: pattern.twoTheta.first ?? 0, through: pattern.twoTheta.last ?? 0, by: 1).first
        {
            let (tangent, secant) = (tan($0 * .pi / 360), 1 / cos($0 * .pi / 360))
            return (values[0] * tangent + values[1]) * tangent + values[2] + values[3] * secant * secant < 0
        }
        return VerdictClause(
            "widths", bad == nil ? .holds : .fails,
            bad.map { String(format: "U, V and W make no Gaussian width at %.0f°", $0) }
                ?? "U, V and W make a width at every angle of the pattern")
    }
}
