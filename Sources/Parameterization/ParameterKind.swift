/// What a parameter is: from it follow its unit and how far a step may take it.
public enum ParameterKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// A cell's edge, Å.
    case length
    /// A cell's angle, degrees.
    case angle
    /// A fractional coordinate, in the cell's edges; periodic.
    case coordinate
    /// B, of an atom or of all, Å².
    case isotropicDisplacement
    /// A component of U, Å².
    case anisotropicDisplacement
    /// A share of a site, 0 to 1.
    case occupancy
    case scale
    case background
    /// Å.
    case wavelength
    /// What moves all lines, degrees 2θ.
    case lineShift
    /// A line's width, degrees 2θ.
    case lineWidth
    /// A line's variance, in (degrees 2θ)².
    case lineVariance
    /// Of lines' shape or of all intensities together, without dimension: absorption, texture, mixing, S/L and H/L.
    case correction

    /// `Å`, `°`, `Å²`, `°²`, or empty.
    public var unit: String {
        switch self {
        case .length, .wavelength: "Å"
        case .angle, .lineShift, .lineWidth: "°"
        case .isotropicDisplacement, .anisotropicDisplacement: "Å²"
        case .lineVariance: "°²"
        case .coordinate, .occupancy, .scale, .background, .correction: ""
        }
    }

    /// Of the lattice.
    package var isOfCell: Bool { self == .length || self == .angle }
}
