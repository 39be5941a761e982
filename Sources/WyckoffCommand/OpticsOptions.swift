import ArgumentParser
import Wyckoff

/// What the diffractometer does to peaks: asymmetry, polarisation, absorption, shifts.
struct OpticsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Asymmetry by axial divergence after Finger, Cox and Jephcoat; a third number is the largest angle that a Soller slit before the sample lets through, degrees.",
            valueName: "S/L,H/L"))
    var axial: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Divergence of the beam on a flat sample, which spreads peaks towards lower angles.",
            valueName: "degrees"))
    var divergence: Double?

    @Option(parsing: .unconditional, help: "K of (1 + K cos²2θ): 1 unpolarised, 0 synchrotron. (default: 1)")
    var polarization: Double?

    @Option(
        help: ArgumentHelp(
            "2θ of a crystal monochromator: K = cos²; 26.6 for graphite.", valueName: "degrees"))
    var monochromator: Double?

    @Option(
        help: "bragg-brentano or debye-scherrer. (default: bragg-brentano)",
        completion: .list(["bragg-brentano", "debye-scherrer"]))
    var geometry: String?

    @Option(parsing: .unconditional, help: "μR of a capillary.")
    var absorption = 0.0

    @Option(parsing: .unconditional, help: "Zero shift, degrees 2θ. (default: 0)")
    var zero: Double?

    @Option(
        parsing: .unconditional,
        help: "Sample displacement: shifts by this times cosθ (debye-scherrer: cos2θ), degrees 2θ.")
    var displacement = 0.0

    @Option(parsing: .unconditional, help: "Transparency: shifts by this times sin2θ, degrees 2θ.")
    var transparency = 0.0

    func validate() throws {
        if let geometry, !["bragg-brentano", "debye-scherrer"].contains(geometry) {
            throw ValidationError("--geometry takes bragg-brentano or debye-scherrer, not '\(geometry)'")
        }
        guard (0...1).contains(polarization ?? 1) else {
            throw ValidationError("--polarization takes a number from 0 to 1")
        }
        guard polarization == nil || monochromator == nil else {
            throw ValidationError("--polarization and --monochromator exclude each other; give one of them")
        }
        guard absorption >= 0, absorption < 10 else {
            throw ValidationError("--absorption takes μR from 0 to 10")
        }
        for (name, value) in [
            ("--zero", zero ?? 0), ("--displacement", displacement), ("--transparency", transparency),
        ] where !(abs(value) < 10) {
            throw ValidationError("\(name) takes degrees between -10 and 10")
        }
        guard (0...10).contains(divergence ?? 0) else {
            throw ValidationError("--divergence takes degrees from 0 to 10")
        }
        let heights = try NumberList.parse(axial, option: "--axial", counts: 1...3) ?? []
        guard heights.prefix(2).allSatisfy({ (0...0.3).contains($0) }),
            heights.count < 3 || (0...20).contains(heights[2])
        else {
            throw ValidationError("--axial takes two numbers from 0 to 0.3, and degrees from 0 to 20")
        }
    }

    func set(_ instrument: inout Instrument) throws {
        if let geometry {
            instrument.geometry = geometry == "debye-scherrer" ? .debyeScherrer : .braggBrentano
        }
        if let given = monochromator.map({ Instrument.polarization(monochromatorTwoTheta: $0) })
            ?? polarization
        {
            instrument.polarization = given
        }
        if let zero { instrument.zero = zero }
        (instrument.displacement, instrument.transparency) = (displacement, transparency)
        instrument.absorption = absorption
        if let axial = try NumberList.parse(axial, option: "--axial", counts: 1...3) {
            instrument.axial = AxialDivergence(
                sample: axial[0], slit: axial.count > 1 ? axial[1] : axial[0],
                incident: axial.count > 2 ? axial[2] : 0)
        }
        if let divergence { instrument.equatorialDivergence = divergence }
    }
}
