import ArgumentParser
import Foundation
import Wyckoff

/// How a pattern is calculated: what `pattern` and `compare` share.
struct PatternOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "CuKa (the doublet), CuKa1, MoKa, …, a number in Å, CuKa-emission (the profile of its lines), or lines with weights 1.540593:1,1.544427:0.5; file: the pattern file's own. (default: CuKa)",
            valueName: "name|Å"), completion: CompletedValues.wavelengths)
    var wavelength: String?

    @Option(
        help: ArgumentHelp(
            "The instrument's widths, asymmetry, zero and radiation: what wyckoff calibrate wrote, GSAS-II's .instprm, GSAS's .prm, FullProf's .irf; other options go before it.",
            valueName: "file"), completion: .file())
    var instrument: String?

    @Option(
        help: "Scale of the named lines: holzer (Cu Kα1 1.540593 Å) or old (1.540562 Å).",
        completion: .list(["holzer", "old"]))
    var wavelengthScale = "holzer"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Degrees 2θ. Without a step 0.02. (default: 5:90:0.02)", valueName: "from:to:step")
    )
    var range: String?

    @OptionGroup var scattering: ScatteringOptions

    @OptionGroup var peaks: ProfileOptions

    @OptionGroup var optics: OpticsOptions

    @OptionGroup var source: SymmetrySourceOptions

    func validate() throws {
        guard Wavelength.Scale(rawValue: wavelengthScale) != nil else {
            throw ValidationError("--wavelength-scale takes holzer or old, not '\(wavelengthScale)'")
        }
    }

    func crystal(_ file: String) throws -> PatternCrystal {
        let crystal = try PatternCrystal(
            readingFrom: file, symmetry: source.symmetrySource, tolerance: source.tolerance)
        return scattering.noDisplacements ? crystal.atRest : crystal
    }

    func grid() throws -> [Double] { try AngleGrid(range ?? "5:90:0.02").angles }

    /// nil where the pattern's own is meant, which `file` says too, as it does in recover.
    private var givenWavelength: String? { wavelength == "file" ? nil : wavelength }

    /// What illuminates: as the options say, else as a measured pattern's file does, else Cu Kα. Neutrons have no usual
    /// wavelength.
    private func illumination(of measured: PowderPattern?, _ file: InstrumentFile?) throws -> Radiation {
        let isNeutron =
            scattering.radiation == Radiation.Probe.neutron.rawValue || measured?.probe == .neutron
        let probe = isNeutron ? Radiation.Probe.neutron : .xray
        if givenWavelength == nil, let file, file.namesRadiation { return file.instrument.radiation }
        if givenWavelength == nil, var own = measured?.radiation {
            if isNeutron { own.probe = .neutron }
            return own
        }
        guard wavelength != "file" || measured == nil else {
            throw ValidationError("the pattern file names no wavelength; give --wavelength in Å or by name")
        }
        guard givenWavelength != nil || !isNeutron else {
            throw ValidationError("no wavelength is known of these neutrons; give --wavelength in Å")
        }
        return try Wavelength.radiation(
            lines: givenWavelength ?? "CuKa", probe: probe,
            scale: Wavelength.Scale(rawValue: wavelengthScale) ?? .holzer)
    }

    /// - Parameter measured: whose file may say what it was measured with.
    func simulation(of measured: PowderPattern? = nil) throws -> PatternSimulation {
        let file = try instrument.map { try InstrumentFile.read($0) }
        for remark in file?.remarks ?? [] { Terminal.error("\(self.instrument ?? ""): \(remark)") }
        let radiation = try illumination(of: measured, file)
        var instrument = file?.instrument ?? Instrument(radiation: radiation)
        instrument.radiation = radiation
        try peaks.set(&instrument, keepsWidths: file != nil)
        try optics.set(&instrument)
        var simulation = PatternSimulation(instrument: instrument)
        scattering.set(&simulation)
        return simulation
    }
}
