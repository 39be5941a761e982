/// One wavelength of a source and its share of the intensity.
public struct SpectralLine: Sendable, Hashable {
    /// Å.
    public var wavelength: Double
    /// Relative weight; the weights of a radiation need not add up to one.
    public var weight: Double
    /// FWHM of the Lorentzian that the emission line is, Å; 0 leaves it to the instrument's widths.
    public var width: Double

    /// A wavelength in Å, with its share of the intensity (≥ 0) and the width of its line (Å).
    public init(wavelength: Double, weight: Double = 1, width: Double = 0) {
        self.wavelength = wavelength
        self.weight = weight
        self.width = width
    }
}

/// What the crystal is illuminated with: one spectral line at least.
public struct Radiation: Sendable, Hashable {
    /// What is scattered, and by what: electrons scatter X-rays, nuclei neutrons.
    public enum Probe: String, Sendable, Hashable, CaseIterable {
        case xray
        case neutron
    }

    /// X-rays or neutrons.
    public var probe: Probe
    /// The first line is the one that a single wavelength means (Kα1); there is always one.
    public private(set) var lines: [SpectralLine]

    /// - `others`: lines beside the first one, such as Kα2.
    public init(_ probe: Probe = .xray, first: SpectralLine, others: [SpectralLine] = []) {
        self.probe = probe
        lines = [first] + others
    }

    /// nil where there is no line.
    public init?(_ probe: Probe = .xray, lines: [SpectralLine]) {
        guard !lines.isEmpty else { return nil }
        self.probe = probe
        self.lines = lines
    }

    /// Probe = .xray, wavelength: One line at a wavelength in Å.
    public init(_ probe: Probe = .xray, wavelength: Double) {
        self.init(probe, first: SpectralLine(wavelength: wavelength))
    }

    /// Å, of the first line: what a single wavelength means.
    public var wavelength: Double { lines[0].wavelength }

    /// Å, the shortest of the lines: it reaches the farthest reflections.
    package var shortestWavelength: Double { lines.reduce(lines[0].wavelength) { min($0, $1.wavelength) } }

    /// All wavelengths times one factor, as a change of the monochromator's setting or of the cell's scale makes them.
    package mutating func stretch(by factor: Double) {
        for index in lines.indices { lines[index].wavelength *= factor }
    }
}
