import ArgumentParser
import Foundation
import Wyckoff

/// How a pattern is calculated: what `pattern` and `compare` share.
struct PatternOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "CuKa (the doublet), CuKa1, MoKa, …, a number in Å, CuKa-emission (the profile of its lines), or lines with weights 1.540593:1,1.544427:0.5. (default: CuKa)",
            valueName: "name|Å"))
    var wavelength: String?

    @Option(help: "Scale of the named lines: holzer (Cu Kα1 1.540593 Å) or old (1.540562 Å).")
    var wavelengthScale = "holzer"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Degrees 2θ. Without a step 0.02. (default: 5:90:0.02)", valueName: "from:to:step")
    )
    var range: String?

    @Option(help: "xray or neutron.")
    var radiation = "xray"

    @Option(help: "X-ray form factors: wk95 (atoms and ions), it92 or pymatgen (its XRDCalculator's).")
    var formFactors = "wk95"

    @Flag(help: "Leave out f′ and f″ of Cromer and Liberman.")
    var noDispersion = false

    @Flag(help: "Leave out the atoms' displacement parameters: atoms at rest.")
    var noDisplacements = false

    @Option(parsing: .unconditional, help: "Overall B in Å²: intensities times exp(−2 B sin²θ/λ²).")
    var overallB = 0.0

    @Option(help: "gaussian, lorentzian, pseudo-voigt, or tch (Thompson–Cox–Hastings).")
    var profile = "tch"

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

    @Option(help: "Peaks of one area (area) or one height (height) for one intensity.")
    var normalize = "area"

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
    var divergence = 0.0

    @Option(parsing: .unconditional, help: "K of (1 + K cos²2θ): 1 unpolarised, 0 synchrotron. (default: 1)")
    var polarization: Double?

    @Option(
        help: ArgumentHelp(
            "2θ of a crystal monochromator: K = cos²; 26.6 for graphite.", valueName: "degrees"))
    var monochromator: Double?

    @Option(help: "bragg-brentano or debye-scherrer.")
    var geometry = "bragg-brentano"

    @Option(parsing: .unconditional, help: "μR of a capillary.")
    var absorption = 0.0

    @Option(parsing: .unconditional, help: "Zero shift, degrees 2θ.")
    var zero = 0.0

    @Option(
        parsing: .unconditional,
        help: "Sample displacement: shifts by this times cosθ (debye-scherrer: cos2θ), degrees 2θ.")
    var displacement = 0.0

    @Option(parsing: .unconditional, help: "Transparency: shifts by this times sin2θ, degrees 2θ.")
    var transparency = 0.0

    @Option(
        help:
            "file: the symmetry that the file states; find: what spglib finds at --tolerance; none: P 1. Where a file states none, it is found."
    )
    var symmetry = "file"

    @Option(
        parsing: .unconditional,
        help: "Å; of finding symmetry. (default: the largest of 1e-3, 1e-4, 1e-5 that changes no line)")
    var tolerance: Double?

    func validate() throws {
        guard Radiation.Probe(rawValue: radiation) != nil else {
            throw ValidationError("--radiation takes xray or neutron, not '\(radiation)'")
        }
        guard ScatteringTable(rawValue: formFactors) != nil else {
            let known = ScatteringTable.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--form-factors takes one of \(known), not '\(formFactors)'")
        }
        guard Self.shapes[profile] != nil else {
            throw ValidationError(
                "--profile takes gaussian, lorentzian, pseudo-voigt or tch, not '\(profile)'")
        }
        guard Wavelength.Scale(rawValue: wavelengthScale) != nil else {
            throw ValidationError("--wavelength-scale takes holzer or old, not '\(wavelengthScale)'")
        }
        guard ["area", "height"].contains(normalize) else {
            throw ValidationError("--normalize takes area or height, not '\(normalize)'")
        }
        guard ["bragg-brentano", "debye-scherrer"].contains(geometry) else {
            throw ValidationError("--geometry takes bragg-brentano or debye-scherrer, not '\(geometry)'")
        }
        guard SymmetrySource(rawValue: symmetry) != nil else {
            throw ValidationError("--symmetry takes file, find or none, not '\(symmetry)'")
        }
        guard (tolerance ?? 1) > 0, (tolerance ?? 1) < 10 else {
            throw ValidationError("--tolerance takes Å above 0 and below 10")
        }
        guard (fwhm ?? 0.1) > 0, (fwhm ?? 0.1) < 30 else {
            throw ValidationError("--fwhm takes degrees above 0 and below 30")
        }
        guard fwhm == nil || (caglioti == nil && lorentz == nil) else {
            throw ValidationError("--fwhm excludes --caglioti and --lorentz; give one or the other")
        }
        guard (0...1).contains(eta) else { throw ValidationError("--eta takes a number from 0 to 1") }
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
            ("--zero", zero), ("--displacement", displacement), ("--transparency", transparency),
        ] where !(abs(value) < 10) {
            throw ValidationError("\(name) takes degrees between -10 and 10")
        }
        guard abs(overallB) < 100 else { throw ValidationError("--overall-b takes Å² between -100 and 100") }
        guard (0...10).contains(divergence) else {
            throw ValidationError("--divergence takes degrees from 0 to 10")
        }
        _ = try NumberList.parse(caglioti, option: "--caglioti", counts: 3...4)
        _ = try NumberList.parse(lorentz, option: "--lorentz", counts: 1...2)
        let heights = try NumberList.parse(axial, option: "--axial", counts: 1...3) ?? []
        guard heights.prefix(2).allSatisfy({ (0...0.3).contains($0) }),
            heights.count < 3 || (0...20).contains(heights[2])
        else {
            throw ValidationError("--axial takes two numbers from 0 to 0.3, and degrees from 0 to 20")
        }
    }

    private static let shapes: [String: PeakShape] = [
        "gaussian": .gaussian, "lorentzian": .lorentzian, "pseudo-voigt": .pseudoVoigt,
        "tch": .thompsonCoxHastings,
    ]

    var symmetrySource: SymmetrySource { SymmetrySource(rawValue: symmetry) ?? .file }

    func crystal(_ file: String) throws -> PatternCrystal {
        let crystal = try PatternCrystal(readingFrom: file, symmetry: symmetrySource, tolerance: tolerance)
        return noDisplacements ? crystal.atRest : crystal
    }

    func grid() throws -> [Double] { try AngleGrid(range ?? "5:90:0.02").angles }

    /// What illuminates: as the options say, else as a measured pattern's file does, else Cu Kα. Neutrons have no usual
    /// wavelength.
    private func illumination(of measured: PowderPattern?) throws -> Radiation {
        let isNeutron = radiation == Radiation.Probe.neutron.rawValue || measured?.probe == .neutron
        let probe = isNeutron ? Radiation.Probe.neutron : .xray
        if wavelength == nil, var own = measured?.radiation {
            if isNeutron { own.probe = .neutron }
            return own
        }
        guard wavelength != nil || !isNeutron else {
            throw ValidationError("no wavelength is known of these neutrons; give --wavelength in Å")
        }
        return try Wavelength.radiation(
            lines: wavelength ?? "CuKa", probe: probe,
            scale: Wavelength.Scale(rawValue: wavelengthScale) ?? .holzer)
    }

    /// - Parameter measured: whose file may say what it was measured with.
    func simulation(of measured: PowderPattern? = nil) throws -> PatternSimulation {
        var instrument = Instrument(
            radiation: try illumination(of: measured),
            geometry: geometry == "debye-scherrer" ? .debyeScherrer : .braggBrentano,
            polarization: monochromator.map { Instrument.polarization(monochromatorTwoTheta: $0) }
                ?? polarization ?? 1, zero: zero, displacement: displacement, transparency: transparency,
            absorption: absorption, shape: Self.shapes[profile] ?? .thompsonCoxHastings,
            widths: try widths(), normalization: normalize == "height" ? .height : .area)
        if let axial = try NumberList.parse(axial, option: "--axial", counts: 1...3) {
            instrument.axial = AxialDivergence(
                sample: axial[0], slit: axial.count > 1 ? axial[1] : axial[0],
                incident: axial.count > 2 ? axial[2] : 0)
        }
        instrument.equatorialDivergence = divergence
        var simulation = PatternSimulation(instrument: instrument)
        simulation.scatteringTable = ScatteringTable(rawValue: formFactors) ?? .wk95
        simulation.dispersion = !noDispersion
        simulation.overallB = overallB
        return simulation
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

/// `0.1,-0.02` on the command line.
enum NumberList {
    static func parse(_ text: String?, option: String, counts: ClosedRange<Int>) throws -> [Double]? {
        guard let text else { return nil }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
        guard numbers.count == parts.count, counts.contains(numbers.count), numbers.allSatisfy(\.isFinite)
        else {
            let wanted =
                counts.lowerBound == counts.upperBound
                ? "\(counts.lowerBound)" : "\(counts.lowerBound) to \(counts.upperBound)"
            throw ValidationError("\(option) takes \(wanted) numbers separated by commas, not '\(text)'")
        }
        return numbers
    }
}
