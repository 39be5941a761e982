import Crystallography
import Diffraction

/// Another pattern of the sample that a recovery has from its first one: other radiation, other range.
package struct CompanionPattern: Sendable {
    /// Radiation, geometry, polarisation; its widths and zero are found.
    package var instrument: Instrument
    /// Restricted to the range that is to be used.
    package var pattern: PowderPattern
    /// One for each point; 0 leaves a point out.
    package var weights: [Double]
    /// Whether the wavelength is known less well than the cell: of a monochromator, not of an emission line.
    package var refinesWavelength: Bool

    package init(
        instrument: Instrument, pattern: PowderPattern, weights: [Double], refinesWavelength: Bool = false
    ) {
        (self.instrument, self.pattern, self.weights) = (instrument, pattern, weights)
        self.refinesWavelength = refinesWavelength
    }
}
