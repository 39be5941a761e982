import CrystalFiles
import Crystallography
import Diffraction
import Foundation

/// FullProf's instrument resolution file for constant wavelength, as its manual has it for Res 1: a title, then
/// U V W X Y Z in a line, of Kα2 in a second one; H_G² = (U tanθ + V) tanθ + W, H_L = X tanθ + Y/cosθ + Z, in degrees.
/// Lines of `WAVE`, `ASYM` and others begin with their word, comments with `!`.
enum FullProfResolutionFile {
    /// nil where the text has nothing of such a file.
    static func read(_ lines: [String], file: String) throws(CrystalFileError) -> InstrumentFile? {
        var radiation: Radiation?
        var axial: AxialDivergence?
        var widths: PeakWidths?
        var remarks: [String] = []
        for (number, line) in lines.enumerated().dropFirst() {
            let words = line.split(whereSeparator: { $0.isWhitespace || $0 == "," }).map(String.init)
            guard let first = words.first, !first.hasPrefix("!") else { continue }
            let numbers = words.compactMap { Double($0) }
            switch first.uppercased() {
            case "WAVE": radiation = try self.radiation(numbers, file: file, line: number + 1)
            case "ASYM":
                if numbers.count >= 2, numbers[0] > 0 || numbers[1] > 0 {
                    axial = AxialDivergence(sample: max(0, numbers[0]), slit: max(0, numbers[1]))
                }
            case "D2TOF", "SIGMA", "GAMMA", "ALFBE", "TOFRG":
                throw CrystalFileError(
                    file: file, line: number + 1, problem: "is of times of flight",
                    remedy: "give one of constant wavelength")
            case _ where numbers.count == words.count && numbers.count >= 6:
                guard widths == nil else { continue }
                widths = PeakWidths(u: numbers[0], v: numbers[1], w: numbers[2], x: numbers[4], y: numbers[3])
                if numbers[5] != 0 {
                    remarks.append("Z, a Lorentzian width for all angles, is passed over")
                }
            default:
                if first.allSatisfy(\.isLetter) { remarks.append("the line \(first) is passed over") }
            }
        }
        guard let widths else { return nil }
        remarks.append("widths are read as those of Res 1 (U V W X Y Z)")
        var instrument = Instrument(
            radiation: radiation
                ?? Radiation(
                    first: SpectralLine(wavelength: 1.540593),
                    others: [SpectralLine(wavelength: 1.544427, weight: 0.5)]))
        instrument.widths = widths
        instrument.axial = axial
        return InstrumentFile(instrument, namesRadiation: radiation != nil, remarks: remarks)
    }

    /// λ1, λ2 and their ratio.
    private static func radiation(
        _ numbers: [Double], file: String, line: Int
    ) throws(CrystalFileError) -> Radiation {
        guard let first = numbers.first, first > 0 else {
            throw CrystalFileError(
                file: file, line: line, problem: "no wavelength", remedy: "write WAVE 1.5406 1.5444 0.5")
        }
        guard numbers.count > 2, numbers[1] > 0, numbers[2] > 0, abs(numbers[1] - first) > 1e-6 else {
            return Radiation(wavelength: first)
        }
        return Radiation(
            first: SpectralLine(wavelength: first),
            others: [SpectralLine(wavelength: numbers[1], weight: numbers[2])])
    }
}
