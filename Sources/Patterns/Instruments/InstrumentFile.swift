import CrystalFiles
import Crystallography
import Diffraction
import Foundation

/// An instrument as a file describes it: our own JSON (`wyckoff calibrate` writes it), GSAS-II's .instprm, GSAS's .prm
/// (.inst, .iparm) or FullProf's .irf, told by content.
///
/// Widths come in the units of each program and are brought to degrees 2θ: GSAS counts Gaussian variances in
/// (0.01°)² and Lorentzian widths in 0.01°, FullProf squares of full widths in degrees, its X and Y exchanged.
public struct InstrumentFile: Sendable {
    /// All of it; of what a file does not say, the usual.
    public var instrument: Instrument
    /// Whether the file names its radiation; else the instrument's is Cu Kα and means nothing.
    public var namesRadiation: Bool
    /// Standard uncertainties of what was refined, by the parameters' names: `U`, `zero`, `wavelength`.
    public var uncertainties: [String: Double]
    /// What was read how, or passed over, a sentence each.
    public var remarks: [String]

    /// - `namesRadiation`: whether the radiation of the instrument means something.
    public init(
        _ instrument: Instrument, namesRadiation: Bool = true, uncertainties: [String: Double] = [:],
        remarks: [String] = []
    ) {
        self.instrument = instrument
        self.namesRadiation = namesRadiation
        self.uncertainties = uncertainties
        self.remarks = remarks
    }
}

/// A file as lines.
struct InstrumentText {
    let content: String
    var lines: [String] {
        content.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    }

    /// A description of an instrument has less than this many bytes.
    private static let largest = 1 << 20

    init(content: String) { self.content = content }

    init(path: String) throws(CrystalFileError) {
        let file = try FileContent(path: path)
        guard file.bytes.count < Self.largest, !file.bytes.contains(0) else {
            throw CrystalFileError(
                file: path, problem: "is no text of an instrument", remedy: "give an instrument file")
        }
        content = try file.text()
    }
}

/// Units of GSAS and GSAS-II, and what their numbers are called here.
enum GSASUnits {
    /// Degrees² of a full width for a variance of (0.01°)².
    static let variance = 8 * log(2.0) * 1e-4
    /// Degrees in the hundredth of one.
    static let width = 0.01

    /// K of (1 + K cos²2θ) for the share P of the beam that is polarised in the plane: ((1 − P) cos²2θ + P).
    static func polarization(_ share: Double) -> Double {
        share > 0 ? min(1, max(0, (1 - share) / share)) : 1
    }
}
