import Diffraction
import Foundation
import NumericalMethods
import Parameterization

/// How narrow the features of an objective along an axis can be.
///
/// Along a lattice parameter peaks of the calculated pattern pass over those of the target: what passes fastest, in
/// its own widths, says how finely to sample. Along a coordinate the highest frequency of an intensity does.
package struct FeatureSize {
    /// A quarter of the time that the fastest peak needs to move by its width.
    package let step: Double
    /// Wider steps skip whole peaks.
    package let coarsest: Double

    package init(_ objective: LandscapeObjective, axis: LandscapeAxis, evaluator: LandscapeEvaluator) {
        let length = axis.domain.upperBound - axis.domain.lowerBound
        let sampling = axis.settings.sampling
        guard let term = objective.pattern, let calculation = evaluator.calculation else {
            // Energies vary over some tenths of an Å.
            (step, coarsest) = (length / sampling.ofEnergy, length / sampling.ofEnergyAsked)
            return
        }
        if axis.kind == .coordinate {
            let degree =
                IntensityPolynomial.degree(
                    of: axis.parameter.name, in: axis.structure, reflections: calculation.reflections)
                ?? sampling.assumedFrequency
            // Twice the degree for the square of the pattern, and some for what is done with it.
            step = min(length / sampling.least, 1 / Double(sampling.ofWave * max(degree, 1)))
            coarsest = min(length / sampling.leastAsked, 1 / Double(sampling.ofWaveAsked * max(degree, 1)))
            return
        }
        var fastest = 0.0
        for k in 0..<sampling.places {
            let x = axis.domain.lowerBound + length * Double(k) / Double(sampling.places - 1)
            calculation.values = [x]
            var structure = axis.structure
            guard
                let position = structure.latticeParameters.names.firstIndex(of: axis.parameter.name)
            else { continue }
            structure.latticeParameters.values[position] = x
            guard structure.latticeParameters.isCell else { continue }
            let reciprocal = structure.lattice.reciprocalMetric
            let change =
                (-1) * (reciprocal * structure.latticeParameters.metricDerivatives[position] * reciprocal)
            for reflection in calculation.reflections {
                guard let twoTheta = reflection.twoTheta, let last = term.twoTheta.last, twoTheta < last
                else { continue }
                let h = SIMD3<Double>(reflection.index)
                let (q, slope) = (h.dot(reciprocal * h), h.dot(change * h))
                // 2θ′ = tanθ · q′/q
                let tangent = tan(twoTheta * .pi / 360)
                let rate = abs(tangent * slope / q) * 180 / .pi
                let width = Self.width(
                    term.model.instrument.widths, tangent: tangent, least: sampling.leastWidth)
                fastest = max(fastest, rate / width)
            }
        }
        calculation.values = evaluator.truth
        let passing = fastest > 0 ? 1 / fastest : length / sampling.least
        step = min(length / sampling.least, passing / sampling.ofPeak)
        coarsest = min(length / sampling.leastAsked, passing)
    }

    /// FWHM in degrees, of the Gaussian part and the Lorentzian part together (upper bound of the two).
    package static func width(_ widths: PeakWidths, tangent: Double, least: Double) -> Double {
        let v = widths.values
        let cosine = 1 / (1 + tangent * tangent).squareRoot()
        let gauss = max(0, v[0] * tangent * tangent + v[1] * tangent + v[2]).squareRoot()
        let lorentz = v[4] / cosine + v[5] * tangent
        return max(gauss, lorentz, least)
    }
}
