import Crystallography
import Diffraction
import Matching
import Parameterization

// The set-up of Segal et al., arXiv 2512.04036, whose questions this product answers: the one place where the paper's
// numbers stand.

extension Instrument {
    /// The paper's noise-free simulator: λ 1.5406 Å, unit-height pseudo-Voigt of nine parts Lorentzian to one part
    /// Gaussian, U 0.1, V 0.01, W 0.1 deg², no background, every peak on every point. Use it with
    /// `ScatteringTable.pymatgen` and without dispersion, as `PowderModel.landscapePaper` does.
    package static var landscapePaper: Instrument {
        Instrument(
            radiation: Radiation(wavelength: 1.5406), shape: .pseudoVoigt,
            widths: PeakWidths(u: 0.1, v: 0.01, w: 0.1, eta: 0.9), normalization: .height, radius: .infinity)
    }
}

extension PowderModel {
    /// The paper's simulator for a structure.
    ///
    /// - Parameters:
    ///   - wavelength: Å.
    ///   - fwhm: degrees 2θ, the same for all peaks; nil for the paper's widths, 0.3 to 0.6.
    ///   - radius: how far a peak reaches, in FWHM; infinite as in the paper. Scans take 30: what is cut there is
    ///     below 3·10⁻⁴ of a peak's height.
    package static func landscapePaper(
        _ structure: ReducedStructure, wavelength: Double = 1.5406, fwhm: Double? = nil, radius: Double = 30
    ) -> PowderModel {
        var instrument = Instrument.landscapePaper
        instrument.radiation = Radiation(wavelength: wavelength)
        instrument.radius = radius
        if let fwhm { instrument.widths = PeakWidths(w: fwhm * fwhm, eta: 0.9) }
        return PowderModel(
            phases: [.init(structure)], instrument: instrument, scatteringTable: .pymatgen, dispersion: false)
    }
}

extension MatchTolerances {
    /// When the paper calls a structure recovered.
    package static let landscapePaper = MatchTolerances.strict
}
