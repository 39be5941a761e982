import Crystallography
import Diffraction
import Refinement

/// How a recovered structure explains one pattern.
package struct PatternFit: Sendable {
    /// As it was named.
    package var file: String
    /// Restricted to the range that was used.
    package var pattern: PowderPattern
    package var refinement: RietveldRefinement.Result
    package var reflections: [PowderReflection]
    /// Degrees 2θ that were left out.
    package var excluded: [ClosedRange<Double>]
    /// On intensities; a fraction.
    package var rBragg: Double

    package init(
        file: String, pattern: PowderPattern, refinement: RietveldRefinement.Result,
        reflections: [PowderReflection], excluded: [ClosedRange<Double>], rBragg: Double
    ) {
        (self.file, self.pattern, self.refinement) = (file, pattern, refinement)
        (self.reflections, self.excluded, self.rBragg) = (reflections, excluded, rBragg)
    }
}
