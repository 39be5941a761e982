import ArgumentParser
import Jobs
import Wyckoff

/// A measured pattern as the command line tells it: its file and what it was measured with.
struct MeasurementOptions {
    var file: String
    /// `CuKa`, a number in Å, …; nil takes the file's own, else Cu Kα.
    var wavelength: String?
    var probe = Radiation.Probe.xray
    var polarization = 1.0
    var range: ClosedRange<Double>?
    var excluded: [ClosedRange<Double>] = []

    init(file: String) { self.file = file }

    static func probe(_ name: String) throws -> Radiation.Probe {
        guard let probe = Radiation.Probe(rawValue: name) else {
            throw ValidationError("--radiation takes xray or neutron, not '\(name)'")
        }
        return probe
    }

    /// Reads the file.
    func measurement() throws -> Measurement {
        var result = Measurement(name: file, try PowderPatternFile.read(file))
        // Neutrons, where the command or the file says so.
        result.probe = result.pattern.probe == .neutron ? .neutron : probe
        if let wavelength {
            let radiation = try Wavelength.radiation(named: wavelength, probe: result.probe)
            result.illumination = Double(wavelength) == nil ? .emission(radiation) : .number(radiation)
        }
        result.polarization = polarization
        result.range = range
        result.excluded = excluded
        return result
    }
}
