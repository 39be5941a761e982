import CrystalFiles
import Crystallography
import Diffraction
import Foundation

/// An instrument in the project's own form, as `wyckoff calibrate` writes it. Å, degrees 2θ, degrees².
package struct InstrumentJSON: Codable, Sendable, Hashable {
    /// A spectral line.
    package struct Line: Codable, Sendable, Hashable {
        /// Å.
        package var wavelength: Double
        /// Its share beside the others.
        package var weight: Double
        /// FWHM of the emission, Å; 0 where the widths describe it.
        package var width: Double
    }

    /// Where it comes from.
    package struct Calibration: Codable, Sendable, Hashable {
        /// What was measured.
        package var pattern: String
        /// The substance, and the certificate.
        package var standard: String
        /// a, b, c in Å, α, β, γ in degrees, held.
        package var cell: [Double]
        /// Fractions.
        package var rwp: Double
        /// Rwp/Rexp; nil where intensities are no counts.
        package var gof: Double?

        /// What a calibration rests on.
        package init(pattern: String, standard: String, cell: [Double], rwp: Double, gof: Double?) {
            self.pattern = pattern
            self.standard = standard
            self.cell = cell
            self.rwp = rwp
            self.gof = gof
        }
    }

    /// `wyckoff-instrument`, by which the file is known.
    package var format = "wyckoff-instrument"
    /// `xray` or `neutron`.
    package var radiation: String
    /// The first is what a single wavelength means.
    package var lines: [Line]
    /// `bragg-brentano` or `debye-scherrer`.
    package var geometry: String
    /// K of (1 + K cos²2θ).
    package var polarization: Double
    /// Degrees.
    package var zero: Double
    /// `gaussian`, `lorentzian`, `pseudo-voigt` or `tch`.
    package var profile: String
    /// U, V, W, P in degrees², X, Y in degrees, eta.
    package var widths: [String: Double]
    /// S/L, H/L and the largest angle before the sample, degrees; nil for no asymmetry.
    package var axial: [Double]?
    /// Degrees.
    package var divergence: Double
    /// By name, of what was refined.
    package var uncertainties: [String: Double]
    /// nil where nobody says.
    package var calibration: Calibration?

    private static let geometries: [(String, Instrument.Geometry)] = [
        ("bragg-brentano", .braggBrentano), ("debye-scherrer", .debyeScherrer),
    ]
    private static let shapes: [(String, PeakShape)] = [
        ("gaussian", .gaussian), ("lorentzian", .lorentzian), ("pseudo-voigt", .pseudoVoigt),
        ("tch", .thompsonCoxHastings),
    ]

    /// What belongs to the instrument; a sample's displacement, transparency and absorption are left out.
    package init(
        _ instrument: Instrument, uncertainties: [String: Double] = [:], calibration: Calibration? = nil
    ) {
        radiation = instrument.radiation.probe.rawValue
        lines = instrument.radiation.lines.map {
            Line(wavelength: $0.wavelength, weight: $0.weight, width: $0.width)
        }
        geometry = Self.geometries.first { $0.1 == instrument.geometry }?.0 ?? "bragg-brentano"
        polarization = instrument.polarization
        zero = instrument.zero
        profile = Self.shapes.first { $0.1 == instrument.shape }?.0 ?? "tch"
        widths = Dictionary(
            zip(PeakWidths.names, instrument.widths.values), uniquingKeysWith: { first, _ in first })
        axial = instrument.axial.map { [$0.sample, $0.slit, $0.incident] }
        divergence = instrument.equatorialDivergence
        self.uncertainties = uncertainties
        self.calibration = calibration
    }

    static func read(_ text: String, file: String) throws -> InstrumentFile {
        let value: InstrumentJSON
        do {
            value = try JSONDecoder().decode(InstrumentJSON.self, from: Data(text.utf8))
        } catch {
            throw CrystalFileError(
                file: file, problem: "is no instrument of ours (\(Self.reason(error)))",
                remedy: "give what wyckoff calibrate writes")
        }
        guard value.format == "wyckoff-instrument" else {
            throw CrystalFileError(
                file: file, field: "format", problem: "'\(value.format)' is not wyckoff-instrument",
                remedy: "give what wyckoff calibrate writes")
        }
        func refused(_ field: String, _ remedy: String) -> CrystalFileError {
            CrystalFileError(file: file, field: field, problem: "has an unknown value", remedy: remedy)
        }
        guard let probe = Radiation.Probe(rawValue: value.radiation) else {
            throw refused("radiation", "write xray or neutron")
        }
        for line in value.lines { try Wavelength.check(line.wavelength) }
        let lines = value.lines.map {
            SpectralLine(wavelength: $0.wavelength, weight: $0.weight, width: $0.width)
        }
        guard let radiation = Radiation(probe, lines: lines), lines.allSatisfy({ $0.weight > 0 }) else {
            throw refused("lines", "give a wavelength and a weight above 0")
        }
        guard let geometry = geometries.first(where: { $0.0 == value.geometry })?.1 else {
            throw refused("geometry", "write bragg-brentano or debye-scherrer")
        }
        guard let shape = shapes.first(where: { $0.0 == value.profile })?.1 else {
            throw refused("profile", "write tch")
        }
        var instrument = Instrument(radiation: radiation, geometry: geometry, shape: shape)
        instrument.polarization = value.polarization
        instrument.zero = value.zero
        instrument.widths.values = PeakWidths.names.map { value.widths[$0] ?? 0 }
        if let axial = value.axial {
            guard axial.count == 3 else { throw refused("axial", "give S/L, H/L and an angle") }
            instrument.axial = AxialDivergence(sample: axial[0], slit: axial[1], incident: axial[2])
        }
        instrument.equatorialDivergence = value.divergence
        return InstrumentFile(instrument, uncertainties: value.uncertainties)
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "no \(key.stringValue)"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "\(context.codingPath.map(\.stringValue).joined(separator: ".")) is of another kind"
        default: "it is no JSON"
        }
    }
}
