import Crystallography
import Foundation

/// Why a diffraction pattern cannot be calculated.
public enum DiffractionError: Error, Sendable, Hashable, CustomStringConvertible {
    case unknownWavelength(String)
    case wavelengthNotPositive(Double)
    /// Neutrons by the name of an x-ray tube.
    case neutronsOfTube(String)
    /// Outside `Limits.wavelengths`, Å.
    case wavelengthBeyondLimits(Double)
    /// More indices than `Limits.reflections` lie in the range.
    case tooManyReflections(Double)
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
        case .neutronsOfTube(let text):
            "'\(text)' names an x-ray line, and these are neutrons; give their wavelength in Å"
        case .wavelengthBeyondLimits(let value):
            value < 1e-8
                ? "wavelength \(value) Å is that of metres; give Å: \(String(format: "%.7g", value * 1e10))"
                : "wavelength \(value) Å is not one of diffraction; give Å between "
                    + "\(Limits.wavelengths.lowerBound) and \(Limits.wavelengths.upperBound)"
        case .tooManyReflections(let count):
            "about \(String(format: "%.0e", count)) reflections would have to be listed; take a longer wavelength, a "
                + "smaller range or a smaller cell"
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
