import ArgumentParser
import Jobs
import Wyckoff

/// How each of a recovery's patterns was measured, in their order.
struct MeasurementListOptions: ParsableArguments {
    @Option(
        help:
            "CuKa, CuKa1, MoKa, …, a number in Å, or file for the pattern file's own. (default: the file's, else CuKa)",
        completion: CompletedValues.wavelengths)
    var wavelength: [String] = []

    @Option(help: "xray or neutron. (default: xray)", completion: .list(["xray", "neutron"]))
    var radiation: [String] = []

    @Option(
        help: "K of (1 + K cos²2θ): 1 unpolarised, 0.8 behind graphite and Cu Kα, 0 synchrotron. (default: 1)"
    )
    var polarization: [Double] = []

    @Option(
        help: ArgumentHelp(
            "The instrument: what wyckoff calibrate wrote, .instprm, .prm or .irf; its radiation, polarisation, geometry and asymmetry. none for a pattern without.",
            valueName: "file"), completion: .file())
    var instrument: [String] = []

    @Option(
        help: ArgumentHelp(
            "Part of the pattern to use, degrees 2θ: 15:120; all for the whole.", valueName: "from:to"))
    var range: [String] = []

    @Option(
        help: ArgumentHelp(
            "Part of the pattern to leave out; may be repeated. Of several patterns the second's: 2@30:32.",
            valueName: "from:to"))
    var exclude: [String] = []

    @Flag(help: "Wavelengths of several patterns stay as given.")
    var holdWavelengths = false

    /// What is said of each pattern.
    func options(of patterns: [String]) throws -> [MeasurementOptions] {
        guard !holdWavelengths || patterns.count > 1 else {
            throw ValidationError("--hold-wavelengths is for several patterns; one pattern's is always held")
        }
        let list = MeasurementList(count: patterns.count)
        let wavelengths = try list.each(wavelength, option: "--wavelength", example: ["CuKa", "1.909"])
        let probes = try list.each(radiation, option: "--radiation", example: ["xray", "neutron"])
        let polarizations = try list.each(polarization, option: "--polarization", example: [1, 0])
        let instruments = try list.each(
            instrument, option: "--instrument", example: ["lab.json", "none"])
        let ranges = try list.each(range, option: "--range", example: ["15:120", "all"])
        let excluded = try list.ranges(exclude, option: "--exclude")
        return try patterns.indices.map { index in
            var measurement = MeasurementOptions(file: patterns[index])
            if let wavelengths, wavelengths[index] != "file" { measurement.wavelength = wavelengths[index] }
            if let name = probes?[index] { measurement.probe = try MeasurementOptions.probe(name) }
            if let file = instruments?[index], file != "none" { measurement.instrument = file }
            measurement.polarization = polarizations?[index]
            guard (0...1).contains(measurement.polarization ?? 1) else {
                throw ValidationError("--polarization takes a number from 0 to 1")
            }
            if let text = ranges?[index], text != "all" {
                measurement.range = try AngleRange.parse(text, option: "--range")
            }
            measurement.excluded = excluded[index]
            return measurement
        }
    }
}
