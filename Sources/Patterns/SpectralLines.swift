import Crystallography
import Diffraction
import Foundation

extension Wavelength {
    /// A radiation as a command takes it: a name or a number as `radiation(named:)` does, or several lines with
    /// their weights and, of an emission profile, their FWHM in Å, `1.540593:1,1.544427:0.5` or
    /// `1.540591:0.579:0.000437,…`.
    public static func radiation(
        lines text: String, probe: Radiation.Probe = .xray, scale: Scale = .holzer
    ) throws -> Radiation {
        guard text.contains(",") || text.contains(":") else {
            return try radiation(named: text, probe: probe, scale: scale)
        }
        var lines: [SpectralLine] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let numbers = part.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
            guard (1...3).contains(numbers.count), let wavelength = numbers[0],
                let weight = numbers.count > 1 ? numbers[1] : 1, weight > 0, weight.isFinite,
                let width = numbers.count > 2 ? numbers[2] : 0, width >= 0, width < 0.1
            else { throw PatternError.badWavelengthList(text) }
            try check(wavelength)
            lines.append(SpectralLine(wavelength: wavelength, weight: weight, width: width))
        }
        guard let radiation = Radiation(probe, lines: lines) else {
            throw PatternError.badWavelengthList(text)
        }
        return radiation
    }
}
