import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Landscape
import NumericalMethods
import Parameterization

/// Scans an objective along parameters of a structure: every minimum of each axis, and how surely.
package struct ScanJob: Job {
    /// A parameter and where it is scanned.
    package struct Axis: Sendable, Hashable {
        package var name: String
        /// In the parameter's unit; nil for the usual one.
        package var range: ClosedRange<Double>?

        package init(_ name: String, range: ClosedRange<Double>? = nil) {
            (self.name, self.range) = (name, range)
        }
    }

    package var truth: ReducedStructure
    package var choice: ObjectiveChoice
    package var axes: [Axis]
    /// Whether coordinates are scanned over their whole period, through collisions of atoms.
    package var crossesCollisions = false
    /// First sampling, in the parameter's unit; nil for a quarter of the width of the fastest peak.
    package var step: Double?
    /// Each axis once more for these widths of peaks, degrees 2θ.
    package var widths: [Double] = []
    /// Whether the spectrum of the Hessian at the truth is taken.
    package var takesHessian = false

    package init(_ truth: ReducedStructure, _ choice: ObjectiveChoice, along axes: [Axis]) {
        (self.truth, self.choice, self.axes) = (truth, choice, axes)
    }

    package struct Outcome: Sendable {
        package var truth: ReducedStructure
        package var objective: LandscapeObjective
        package var scans: [AxisScan]
        /// For each axis a scan under each of the widths.
        package var families: [[AxisScan]]
        package var widths: [Double]
        package var hessian: HessianSpectrum?
        package var seconds: Double
    }

    /// Of one axis: hours of work.
    private static let mostSamples = 1e6

    /// - Throws: an error of one line for an axis that is none or goes beyond physics.
    package func run(reporting report: @escaping JobProgress.Sink) async throws -> Outcome {
        let clock = ContinuousClock()
        let begin = clock.now
        let objective = try choice.objective(of: truth, reporting: report)
        let axes = try chosenAxes()
        let step = step
        let scans = try await parallelMap(axes) { axis in
            report(.step("\(axis.parameter.name), one of \(axes.count)"))
            return try AxisScan.scan(objective, along: axis, step: step)
        }
        let families = try await families(axes, objective, report)
        try Task.checkCancellation()
        let hessian =
            takesHessian && !truth.parameters.isEmpty
            ? try HessianSpectrum.spectrum(objective, of: truth, step: choice.settings.hessianStep) : nil
        try Task.checkCancellation()
        return Outcome(
            truth: truth, objective: objective, scans: scans, families: families, widths: widths,
            hessian: hessian, seconds: begin.duration(to: clock.now) / .seconds(1))
    }

    private func families(
        _ axes: [LandscapeAxis], _ objective: LandscapeObjective, _ report: @escaping JobProgress.Sink
    ) async throws -> [[AxisScan]] {
        let (widths, lorentzian) = (widths, choice.settings.target.lorentzian)
        return try await parallelMap(axes) { axis in
            try widths.map { width in
                report(.step("\(axis.parameter.name), FWHM \(width)°"))
                var changed = objective
                changed.pattern?.model.instrument.widths = PeakWidths(w: width * width, eta: lorentzian)
                return try AxisScan.scan(changed, along: axis, crossings: false)
            }
        }
    }

    private func chosenAxes() throws -> [LandscapeAxis] {
        try axes.map { asked in
            let axis = try LandscapeAxis(
                truth, along: asked.name, range: asked.range, endsAtCollisions: !crossesCollisions,
                settings: choice.settings)
            try ParameterReach.check(axis.domain, of: axis.parameter)
            if let step, (axis.domain.upperBound - axis.domain.lowerBound) / step > Self.mostSamples {
                throw ParameterReach.TooManyPoints(step: step, parameter: asked.name)
            }
            return axis
        }
    }
}
