import CrystalFiles
import Crystallography
import Diffraction
import Parameterization
import Recovery

/// A measured pattern and what it was measured with.
package struct Measurement: Sendable {
    /// How the wavelength is known.
    package enum Illumination: Sendable, Hashable {
        /// As the pattern says; x-rays of which it says nothing are taken for Cu Kα.
        case ofPattern
        /// Lines of an anode, fixed by nature.
        case emission(Radiation)
        /// A number, as a monochromator gives it: known less well than a cell.
        case number(Radiation)
    }

    /// What errors, warnings and reports call it: its file.
    package var name: String
    /// The whole of it.
    package var pattern: PowderPattern
    package var illumination = Illumination.ofPattern
    /// Of x-rays and a pattern that says neutrons, neutrons.
    package var probe = Radiation.Probe.xray
    /// K of (1 + K cos²2θ).
    package var polarization = 1.0
    /// Its geometry and asymmetry, where a file describes it; widths and zero are found from the pattern.
    package var instrument: Instrument?
    /// Degrees 2θ that are used; nil for all.
    package var range: ClosedRange<Double>?
    /// Degrees 2θ that are left out.
    package var excluded: [ClosedRange<Double>] = []

    package init(name: String, _ pattern: PowderPattern) { (self.name, self.pattern) = (name, pattern) }

    /// Fewer points than this in a range are no pattern.
    private static let leastPoints = 50

    /// The part that is used, weighted, and its instrument.
    ///
    /// - Throws: `CrystalFileError` where the range holds too little or neutrons have no wavelength.
    func reading() throws -> CompanionPattern {
        let part = try used()
        let probe = part.probe == .neutron ? .neutron : probe
        var radiation: Radiation
        switch illumination {
        case .emission(let given), .number(let given): radiation = given
        case .ofPattern:
            guard part.radiation != nil || probe == .xray else {
                throw CrystalFileError(
                    file: name, problem: "no wavelength is known of these neutrons",
                    remedy: "give --wavelength in Å")
            }
            radiation = try part.radiation ?? Wavelength.radiation(named: "CuKa", probe: probe)
        }
        if probe == .neutron { radiation.probe = .neutron }
        radiation = secondLine(of: radiation, in: part)?.doublet ?? radiation
        for line in radiation.lines { try Wavelength.check(line.wavelength) }
        var instrument = instrument ?? Instrument(radiation: radiation)
        (instrument.radiation, instrument.polarization) = (radiation, polarization)
        return CompanionPattern(
            instrument: instrument, pattern: part,
            weights: PowderRecovery.weights(of: part, excluding: excluded))
    }

    /// That the pattern holds Kα₂ where one wavelength was given as a number.
    private func secondLine(of radiation: Radiation, in part: PowderPattern) -> SecondSpectralLine? {
        if case .emission = illumination { return nil }
        let found = SecondSpectralLine(part, radiation: radiation, settings: RecoverySettings.Lines())
        return found.flatMap { $0.isSeen ? $0 : nil }
    }

    private func used() throws -> PowderPattern {
        guard let range else { return pattern }
        let part = pattern.restricted(to: range)
        guard part.twoTheta.count >= Self.leastPoints else {
            throw CrystalFileError(
                file: name,
                problem: "only \(part.twoTheta.count) points lie within --range "
                    + "\(range.lowerBound):\(range.upperBound)",
                remedy:
                    "the pattern goes from \(pattern.twoTheta.first ?? 0) to \(pattern.twoTheta.last ?? 0)°")
        }
        return part
    }

    /// What is assumed of the wavelength, or may be missed by it; a sentence each.
    var wavelengthRemarks: [String] {
        if isAssumed { return ["\(name): Cu Kα is assumed; say --wavelength"] }
        let radiation: Radiation? =
            switch illumination {
            case .ofPattern: pattern.radiation
            case .emission(let given), .number(let given): given
            }
        if probe == .xray, let radiation, let second = secondLine(of: radiation, in: pattern) {
            let lines = second.doublet.lines.map { String(format: "%.5f", $0.wavelength) }
            return [
                "\(name): its lines have companions where Kα₂ stands: \(lines.joined(separator: " and ")) Å are taken; for one line say "
                    + "CuKa1 or the like"
            ]
        }
        guard probe == .xray, let radiation, radiation.probe == .xray, radiation.lines.count == 1,
            let anode = Wavelength.anode(ofMean: radiation.wavelength)
        else { return [] }
        return [
            "\(name): \(radiation.wavelength) Å is the mean of \(anode.symbol) Kα₁ and Kα₂: where the pattern holds both, "
                + "say --wavelength \(anode.symbol)Ka, or the second stands for lines of its own"
        ]
    }

    /// Whether Cu Kα is assumed, because neither the user nor the pattern names a radiation.
    var isAssumed: Bool { illumination == .ofPattern && pattern.radiation == nil }
}

/// Which wavelengths of several patterns of one sample are refined with its cell: those that no emission line fixes, but
/// not all, since cell and wavelengths stand in one proportion.
package enum RefinedWavelengths {
    /// - Parameter patterns: how each wavelength was given, and the radiation that the pattern itself names.
    package static func chosen(
        _ patterns: [(illumination: Measurement.Illumination, probe: Radiation.Probe, stated: Radiation?)]
    ) -> [Bool] {
        guard patterns.count > 1 else { return patterns.map { _ in false } }
        var refined = patterns.map { pattern in
            if pattern.probe == .neutron { return true }
            switch pattern.illumination {
            case .number: return true
            case .emission: return false
            case .ofPattern: return pattern.stated?.lines.count == 1
            }
        }
        if refined.allSatisfy({ $0 }) { refined[0] = false }
        return refined
    }
}
