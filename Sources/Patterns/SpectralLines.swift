import Crystallography
import Diffraction
import Foundation

extension Wavelength {
    /// A radiation as a command takes it: a name or a number as `radiation(named:)` does, or several lines with
    /// their weights, `1.540593:1,1.544427:0.5`.
    public static func radiation(
        lines text: String, probe: Radiation.Probe = .xray, scale: Scale = .holzer
    ) throws -> Radiation {
        guard text.contains(",") || text.contains(":") else {
            return try radiation(named: text, probe: probe, scale: scale)
        }
        var lines: [SpectralLine] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let numbers = part.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
            guard (1...2).contains(numbers.count), let wavelength = numbers[0],
                let weight = numbers.count == 2 ? numbers[1] : 1, weight > 0, weight.isFinite
            else { throw PatternError.badWavelengthList(text) }
            guard wavelength > 0, wavelength.isFinite else {
                throw DiffractionError.wavelengthNotPositive(wavelength)
            }
            lines.append(SpectralLine(wavelength: wavelength, weight: weight))
        }
        return Radiation(probe, lines: lines)
    }
}
