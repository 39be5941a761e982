import Crystallography

/// Why a diffraction pattern cannot be calculated.
public enum DiffractionError: Error, Sendable, Hashable, CustomStringConvertible {
    case unknownWavelength(String)
    case wavelengthNotPositive(Double)
    /// The element, or none of its charges, stands in the table.
    case noScatteringFactor(species: String, table: String)
    /// Degrees 2θ.
    case rangeOutsideSphere(Double)
    case gridNotAscending(index: Int)
    case emptyGrid
    case nothingScatters
    case unknownParameter(String)
    case inconsistentOrbit(label: String)

    public var description: String {
        switch self {
        case .unknownWavelength(let text):
            "unknown wavelength '\(text)'; give a number in Å or a name such as CuKa, CuKa1, MoKa"
        case .wavelengthNotPositive(let value):
            "wavelength \(value) Å is not positive; give a positive number in Å"
        case .noScatteringFactor(let species, let table):
            "\(species) has no entry in the scattering table \(table); choose another table or element"
        case .rangeOutsideSphere(let angle):
            "2θ = \(angle)° lies beyond the limiting sphere; use a range inside 0–180°"
        case .gridNotAscending(let index):
            "the 2θ grid does not ascend at point \(index + 1); sort the pattern by angle"
        case .emptyGrid:
            "the 2θ grid has no points; widen the range"
        case .nothingScatters:
            "no atom scatters: every occupancy is zero or there is no atom; give at least one occupied site"
        case .unknownParameter(let name):
            "no parameter is called '\(name)'; the model's `parameters` lists the names"
        case .inconsistentOrbit(let label):
            "the orbit of \(label) is not closed under the group's centring and inversion; reduce the structure again"
        }
    }
}
