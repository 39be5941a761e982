import Crystallography
import ExplainedErrors
import Foundation

/// Why a diffraction pattern cannot be calculated.
public enum DiffractionError: ExplainedError, Hashable {
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

    /// What went wrong, where, and what to do: the parts of the one line.
    public var explanation: Explanation {
        switch self {
        case .unknownWavelength(let text):
            Explanation(
                "unknown wavelength '\(text)'",
                remedy: "give a number in Å or a name such as CuKa, CuKa1, MoKa")
        case .wavelengthNotPositive(let value):
            Explanation("wavelength \(value) Å is not positive", remedy: "give a positive number in Å")
        case .neutronsOfTube(let text):
            Explanation(
                "'\(text)' names an x-ray line, and these are neutrons", remedy: "give their wavelength in Å")
        case .wavelengthBeyondLimits(let value):
            if Limits.wavelengths.contains(value * 1e10) {
                Explanation(
                    "wavelength \(value) Å is that of metres",
                    remedy: "give Å: \(String(format: "%.7g", value * 1e10))")
            } else {
                Explanation(
                    "wavelength \(value) Å is not one of diffraction",
                    remedy:
                        "give Å between \(Limits.wavelengths.lowerBound) and \(Limits.wavelengths.upperBound)"
                )
            }
        case .tooManyReflections(let count):
            Explanation(
                "about \(String(format: "%.0e", count)) reflections would have to be listed",
                remedy: "take a longer wavelength, a smaller range or a smaller cell")
        case .noScatteringFactor(let species, let table):
            Explanation(
                "\(species) has no entry in the scattering table \(table)",
                remedy: "choose another table or element")
        case .rangeOutsideSphere(let angle):
            Explanation("2θ = \(angle)° lies beyond the limiting sphere", remedy: "use a range inside 0–180°")
        case .gridNotAscending(let index):
            Explanation(
                "the 2θ grid does not ascend at point \(index + 1)", remedy: "sort the pattern by angle")
        case .emptyGrid:
            Explanation("the 2θ grid has no points", remedy: "widen the range")
        case .nothingScatters:
            Explanation(
                "no atom scatters: every occupancy is zero or there is no atom",
                remedy: "give at least one occupied site")
        case .unknownParameter(let name):
            Explanation(
                "no parameter is called '\(name)'", remedy: "the model's `parameters` lists the names")
        case .inconsistentOrbit(let label):
            Explanation(
                "the orbit of \(label) is not closed under the group's centring and inversion",
                remedy: "reduce the structure again")
        }
    }
}
