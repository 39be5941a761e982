import ArgumentParser
import Jobs
import Wyckoff

/// What is said of one measured pattern.
struct IlluminationOptions: ParsableArguments {
    @Option(
        help: "CuKa, CuKa1, MoKa, … or a number in Å. (default: the pattern's own, else CuKa)",
        completion: CompletedValues.wavelengths)
    var wavelength: String?

    @Option(help: "xray or neutron.", completion: .list(["xray", "neutron"]))
    var radiation = "xray"

    @Option(
        help: ArgumentHelp(
            "The instrument: what wyckoff calibrate wrote, .instprm, .prm or .irf; its radiation, polarisation, geometry and asymmetry.",
            valueName: "file"), completion: .file())
    var instrument: String?

    @Option(help: ArgumentHelp("Part of the pattern to use, degrees 2θ: 15:120.", valueName: "from:to"))
    var range: String?

    @Option(help: ArgumentHelp("Part of the pattern to leave out; may be repeated.", valueName: "from:to"))
    var exclude: [String] = []

    func validate() throws { _ = try options(of: "") }

    /// - Throws: an error of one line that names file and remedy.
    func measurement(of file: String) throws -> Measurement { try options(of: file).measurement() }

    private func options(of file: String) throws -> MeasurementOptions {
        var options = MeasurementOptions(file: file)
        options.wavelength = wavelength
        options.instrument = instrument
        options.probe = try MeasurementOptions.probe(radiation)
        options.range = try range.map { try AngleRange.parse($0, option: "--range") }
        options.excluded = try exclude.map { try AngleRange.parse($0, option: "--exclude") }
        return options
    }
}
