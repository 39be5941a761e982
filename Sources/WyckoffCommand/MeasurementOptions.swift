import ArgumentParser
import Jobs
import Wyckoff

/// A measured pattern as the command line tells it: its file and what it was measured with.
struct MeasurementOptions {
    var file: String
    /// `CuKa`, a number in Å, …; nil takes the file's own, else Cu Kα.
    var wavelength: String?
    var probe = Radiation.Probe.xray
    /// nil takes the instrument's, else 1.
    var polarization: Double?
    /// A file that describes the instrument.
    var instrument: String?
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
        result.polarization = polarization ?? 1
        if let instrument { try describe(&result, by: try InstrumentFile.read(instrument)) }
        result.range = range
        result.excluded = excluded
        return result
    }

    /// What the command itself says goes before the instrument's file.
    private func describe(_ result: inout Measurement, by file: InstrumentFile) throws {
        for remark in file.remarks { Terminal.error("\(instrument ?? ""): \(remark)") }
        result.instrument = file.instrument
        result.polarization = polarization ?? file.instrument.polarization
        guard wavelength == nil, file.namesRadiation else { return }
        let radiation = file.instrument.radiation
        result.probe = radiation.probe
        result.illumination = radiation.lines.count > 1 ? .emission(radiation) : .number(radiation)
    }
}
