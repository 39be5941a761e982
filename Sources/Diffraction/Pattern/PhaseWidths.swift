import Crystallography

extension SpectralLine {
    /// Degrees 2θ that the emission's width adds to Y: a peak's FWHM from Δλ is 2 tanθ Δλ/λ.
    var angularSpread: Double { width / wavelength * 360 / .pi }
}

extension PowderModel.Phase {
    /// The instrument's widths with this phase's size and strain added.
    func widths(_ instrument: Instrument) -> SIMD8<Double> {
        var widths = instrument.widths.vector
        widths[4] += size
        widths[5] += strain
        return widths
    }
}
