import CrystalFiles
import Crystallography
import Diffraction
import Energies
import ExplainedErrors
import Foundation
import Landscape
import Parameterization

/// What a landscape is taken of: how far a pattern is from its target, an energy, or both.
package struct ObjectiveChoice: Sendable {
    package enum Kind: Sendable {
        case pattern(SimilarityMeasure)
        /// eV/atom above the truth.
        case energy(any InteratomicPotential)
        /// The pattern's loss and so many times the energy.
        case both(SimilarityMeasure, any InteratomicPotential, weight: Double)
    }

    /// A measured pattern to compare with, and the name to call it by.
    package struct Target: Sendable {
        package var name: String
        package var pattern: PowderPattern

        package init(name: String, pattern: PowderPattern) {
            (self.name, self.pattern) = (name, pattern)
        }
    }

    package var kind: Kind
    /// nil for the simulator's own, or what the target says.
    package var radiation: Radiation?
    /// Degrees 2θ.
    package var twoTheta: [Double]
    /// Full width of the peaks at half maximum, degrees 2θ; nil for the simulator's own, or what fits the target best.
    package var fwhm: Double?
    /// nil for the truth's own pattern.
    package var target: Target?
    package var settings = ScanSettings()

    package init(_ kind: Kind, twoTheta: [Double]) { (self.kind, self.twoTheta) = (kind, twoTheta) }

    /// Fewer measured points than this are no pattern.
    private static let leastPoints = 21
    /// Rwp above which a structure hardly explains the target.
    private static let doubtfulResidual = 0.5

    /// The simulator of Segal et al. (2025), without noise.
    package func model(_ structure: ReducedStructure) -> PowderModel {
        var model = PowderModel.landscapePaper(structure, fwhm: fwhm)
        if let radiation { model.instrument.radiation = radiation }
        return model
    }

    /// - Throws: an error of one line where the target does not fit the question or the structure.
    package func objective(
        of truth: ReducedStructure, reporting report: JobProgress.Sink
    ) throws -> LandscapeObjective {
        switch kind {
        case .energy(let potential):
            guard target == nil else { throw ObjectiveChoiceError.energyBesidePattern }
            return LandscapeObjective(energy: potential)
        case .pattern(let measure):
            return LandscapeObjective(pattern: try term(measure, truth, report))
        case .both(let measure, let potential, let weight):
            return LandscapeObjective(
                energy: potential, weight: weight, pattern: try term(measure, truth, report))
        }
    }

    private func term(
        _ measure: SimilarityMeasure, _ truth: ReducedStructure, _ report: JobProgress.Sink
    ) throws -> LandscapeObjective.PatternTerm {
        var term = LandscapeObjective.PatternTerm(measure, model: model(truth), twoTheta: twoTheta)
        guard let target, let first = twoTheta.first, let last = twoTheta.last else { return term }
        let pattern = target.pattern.restricted(to: first...last)
        guard pattern.twoTheta.count >= Self.leastPoints else {
            throw FileProblem(
                file: target.name,
                problem: "has fewer than \(Self.leastPoints) points within --two-theta \(first):\(last)")
        }
        for remark in pattern.remarks { report(.remark("\(target.name): \(remark)")) }
        term.model.instrument.radiation = try illumination(
            of: pattern, named: target.name, else: term.model.instrument.radiation)
        let measured = try FileProblem.naming(target.name) {
            try MeasuredTarget(pattern, model: term.model, fitsWidth: fwhm == nil, settings.target)
        }
        if let width = measured.fittedWidth {
            term.model.instrument.widths = PeakWidths(w: width * width, eta: settings.target.lorentzian)
        }
        (term.twoTheta, term.target) = (pattern.twoTheta, measured.intensity)
        term.weights = measured.weights
        announce(measured, report)
        return term
    }

    private func illumination(
        of pattern: PowderPattern, named name: String, else usual: Radiation
    ) throws -> Radiation {
        var result = radiation ?? pattern.radiation ?? usual
        guard pattern.probe == .neutron else { return result }
        guard radiation != nil || pattern.radiation != nil else {
            throw FileProblem(
                file: name, problem: "no wavelength is known of these neutrons; give --wavelength in Å")
        }
        result.probe = .neutron
        return result
    }

    private func announce(_ target: MeasuredTarget, _ report: JobProgress.Sink) {
        let width = target.fittedWidth.map { String(format: "peaks of %.3f°, ", $0) } ?? ""
        report(
            .remark(
                "measured pattern: \(width)scale and background fitted at the truth, Rwp "
                    + String(format: "%.1f %%", 100 * target.residual)))
        if target.residual > Self.doubtfulResidual {
            report(
                .remark("warning: the structure explains less than half of the pattern; is it the right one?")
            )
        }
    }
}

package enum ObjectiveChoiceError: ExplainedError, Hashable {
    case energyBesidePattern

    package var explanation: Explanation {
        Explanation(
            "an energy is compared with no pattern", remedy: "leave out --against, or name xrd+energy:w")
    }
}
