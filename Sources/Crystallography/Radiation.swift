/// One wavelength of a source and its share of the intensity.
public struct SpectralLine: Sendable, Hashable {
    /// Å.
    public var wavelength: Double
    /// Relative weight; the weights of a radiation need not add up to one.
    public var weight: Double
    /// FWHM of the Lorentzian that the emission line is, Å; 0 leaves it to the instrument's widths.
    public var width: Double

    public init(wavelength: Double, weight: Double = 1, width: Double = 0) {
        self.wavelength = wavelength
        self.weight = weight
        self.width = width
    }
}

/// What the crystal is illuminated with.
public struct Radiation: Sendable, Hashable {
    public enum Probe: String, Sendable, Hashable, CaseIterable {
        case xray
        case neutron
    }

    public var probe: Probe
    /// The first line is the one that a single wavelength means (Kα1).
    public var lines: [SpectralLine]

    public init(_ probe: Probe = .xray, lines: [SpectralLine]) {
        self.probe = probe
        self.lines = lines
    }

    public init(_ probe: Probe = .xray, wavelength: Double) {
        self.init(probe, lines: [SpectralLine(wavelength: wavelength)])
    }
}
