import ArgumentParser
import Wyckoff

/// What a peak looks like: its shape, its widths, what is alike of all.
struct ProfileOptions: ParsableArguments {
    @Option(
        help: "gaussian, lorentzian, pseudo-voigt, or tch (Thompson–Cox–Hastings). (default: tch)",
        completion: .list(["gaussian", "lorentzian", "pseudo-voigt", "tch"]))
    var profile: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("One width for all angles (for lorentzian times 1/cosθ).", valueName: "degrees"))
    var fwhm: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Caglioti's U,V,W and, of tch, P: H² = U tan²θ + V tanθ + W + P/cos²θ. (default: 0.004,-0.003,0.004)",
            valueName: "degrees²"))
    var caglioti: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "X,Y of the Lorentzian width X/cosθ + Y tanθ (size, strain). (default: 0.03,0)",
            valueName: "degrees"))
    var lorentz: String?

    @Option(parsing: .unconditional, help: "Lorentzian share of pseudo-voigt, 0 to 1.")
    var eta = 0.5

    @Option(
        help: "Peaks of one area (area) or one height (height) for one intensity.",
        completion: .list(["area", "height"]))
    var normalize = "area"

    func validate() throws {
        if let profile, Self.shapes[profile] == nil {
            throw ValidationError(
                "--profile takes gaussian, lorentzian, pseudo-voigt or tch, not '\(profile)'")
        }
        guard ["area", "height"].contains(normalize) else {
            throw ValidationError("--normalize takes area or height, not '\(normalize)'")
        }
        guard (fwhm ?? 0.1) > 0, (fwhm ?? 0.1) < 30 else {
            throw ValidationError("--fwhm takes degrees above 0 and below 30")
        }
        guard fwhm == nil || (caglioti == nil && lorentz == nil) else {
            throw ValidationError("--fwhm excludes --caglioti and --lorentz; give one or the other")
        }
        guard (0...1).contains(eta) else { throw ValidationError("--eta takes a number from 0 to 1") }
        _ = try NumberList.parse(caglioti, option: "--caglioti", counts: 3...4)
        _ = try NumberList.parse(lorentz, option: "--lorentz", counts: 1...2)
    }

    private static let shapes: [String: PeakShape] = [
        "gaussian": .gaussian, "lorentzian": .lorentzian, "pseudo-voigt": .pseudoVoigt,
        "tch": .thompsonCoxHastings,
    ]

    /// - Parameter keepsWidths: whether the instrument comes from a file, whose widths stand where none are given.
    func set(_ instrument: inout Instrument, keepsWidths: Bool = false) throws {
        if let profile { instrument.shape = Self.shapes[profile] ?? .thompsonCoxHastings }
        let isGiven = fwhm != nil || caglioti != nil || lorentz != nil
        if !keepsWidths || fwhm != nil {
            instrument.widths = try widths()
        } else if isGiven {
            let given = try widths().values
            if caglioti != nil { instrument.widths.values.replaceSubrange(0..<4, with: given[0..<4]) }
            if lorentz != nil { instrument.widths.values.replaceSubrange(4..<6, with: given[4..<6]) }
        }
        instrument.normalization = normalize == "height" ? .height : .area
    }

    private func widths() throws -> PeakWidths {
        if let fwhm {
            let isLorentzian = profile == "lorentzian"
            return PeakWidths(
                u: 0, v: 0, w: isLorentzian ? 0 : fwhm * fwhm, x: isLorentzian ? fwhm : 0, eta: eta)
        }
        let square =
            try NumberList.parse(caglioti, option: "--caglioti", counts: 3...4) ?? [0.004, -0.003, 0.004]
        let linear =
            try NumberList.parse(lorentz, option: "--lorentz", counts: 1...2)
            ?? (profile == "lorentzian" ? [0.1, 0] : [0.03, 0])
        return PeakWidths(
            u: square[0], v: square[1], w: square[2], p: square.count > 3 ? square[3] : 0, x: linear[0],
            y: linear.count > 1 ? linear[1] : 0, eta: eta)
    }
}
