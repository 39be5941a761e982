import Crystallography
import Foundation

/// The diffractometer: radiation, geometry, and everything that shapes a peak without knowing the crystal.
public struct Instrument: Sendable, Hashable {
    /// How the sample stands in the beam; it decides the corrections of position and absorption.
    public enum Geometry: String, Sendable, Hashable, CaseIterable {
        /// Flat plate, θ–2θ. `displacement` shifts by cosθ, `transparency` by sin2θ.
        case braggBrentano
        /// Capillary in a parallel beam. `displacement` shifts by cos2θ, `transparency` by sin2θ: the sample
        /// off the axis across and along the beam.
        case debyeScherrer
    }

    /// The lines of the source, or the wavelength.
    public var radiation: Radiation
    /// Bragg–Brentano or Debye–Scherrer.
    public var geometry: Geometry
    /// K of (1 + K cos²2θ): 1 unpolarised, cos²2θ_M behind a monochromator, 0 a fully polarised synchrotron beam.
    public var polarization: Double
    /// Degrees 2θ.
    public var zero: Double
    /// Degrees 2θ at the angle where its function is 1.
    public var displacement: Double
    /// Degrees 2θ.
    public var transparency: Double
    /// μR of a capillary (Hewat, Acta Cryst. A35 (1979) 248, μR ≤ 1); 0 for a flat plate.
    public var absorption: Double
    /// The function of the peaks.
    public var shape: PeakShape
    /// Widths over the angle, in degrees 2θ.
    public var widths: PeakWidths
    /// Whether a peak has unit area or unit height.
    public var normalization: PeakNormalization
    /// Asymmetry; nil for none.
    public var axial: AxialDivergence?
    /// Divergence of the beam in the plane of diffraction on a flat sample, degrees (braggBrentano): a peak at 2θ is
    /// spread over 2θ − β² cotθ/2 … 2θ with the density of a uniform angle (Cheary & Coelho, J. Appl. Cryst. 25
    /// (1992) 109). 0 for none; a fixed number, not a parameter.
    public var equatorialDivergence: Double
    /// How far a peak reaches, in FWHM; infinite for the whole pattern.
    public var radius: Double

    /// Everything that belongs to the instrument and not to the sample; angles in degrees.
    public init(
        radiation: Radiation, geometry: Geometry = .braggBrentano, polarization: Double = 1, zero: Double = 0,
        displacement: Double = 0, transparency: Double = 0, absorption: Double = 0,
        shape: PeakShape = .thompsonCoxHastings, widths: PeakWidths = PeakWidths(),
        normalization: PeakNormalization = .area, axial: AxialDivergence? = nil,
        equatorialDivergence: Double = 0, radius: Double = 30
    ) {
        self.radiation = radiation
        self.geometry = geometry
        self.polarization = polarization
        self.zero = zero
        self.displacement = displacement
        self.transparency = transparency
        self.absorption = absorption
        self.shape = shape
        self.widths = widths
        self.normalization = normalization
        self.axial = axial
        self.equatorialDivergence = equatorialDivergence
        self.radius = radius
    }

    /// K behind a crystal monochromator of Bragg angle `twoTheta` (degrees): 26.6 for graphite and Cu Kα.
    public static func polarization(monochromatorTwoTheta twoTheta: Double) -> Double {
        let cosine = cos(twoTheta * .pi / 180)
        return cosine * cosine
    }

    /// (1 + K cos²2θ)/(sin²θ cosθ), neutrons without the numerator, and its derivative with respect to θ.
    package func lorentzPolarization(theta: Double) -> (value: Double, derivative: Double) {
        let (s, c) = (sin(theta), cos(theta))
        let lorentz = 1 / (s * s * c)
        let lorentzDerivative = lorentz * (s / c - 2 * c / s)
        guard radiation.probe == .xray else { return (lorentz, lorentzDerivative) }
        let (s2, c2) = (2 * s * c, c * c - s * s)
        let numerator = 1 + polarization * c2 * c2
        return (
            numerator * lorentz, numerator * lorentzDerivative - 4 * polarization * c2 * s2 * lorentz
        )
    }

    /// Transmission of the capillary, its derivatives with respect to θ and μR.
    package func transmission(theta: Double) -> (value: Double, byTheta: Double, byAbsorption: Double) {
        guard absorption != 0 else {
            return (1, 0, -1.7133 + 0.0368 * sin(theta) * sin(theta))
        }
        let (s, c) = (sin(theta), cos(theta))
        let m = absorption
        let value = exp(-(1.7133 - 0.0368 * s * s) * m + (0.0927 + 0.375 * s * s) * m * m)
        return (
            value, value * 2 * s * c * (0.0368 * m + 0.375 * m * m),
            value * (-(1.7133 - 0.0368 * s * s) + 2 * (0.0927 + 0.375 * s * s) * m)
        )
    }

    /// Functions of θ (radians) that `displacement` and `transparency` multiply.
    func shiftFunctions(theta: Double) -> (displacement: Double, transparency: Double) {
        (geometry == .braggBrentano ? cos(theta) : cos(2 * theta), sin(2 * theta))
    }

    /// Where a peak stands, degrees 2θ, and the derivative with respect to θ.
    func position(theta: Double) -> (value: Double, derivative: Double) {
        let shift = shiftFunctions(theta: theta)
        let byDisplacement = geometry == .braggBrentano ? -sin(theta) : -2 * sin(2 * theta)
        return (
            theta * 360 / .pi + zero + displacement * shift.displacement + transparency * shift.transparency,
            360 / .pi + displacement * byDisplacement + transparency * 2 * cos(2 * theta)
        )
    }
}
