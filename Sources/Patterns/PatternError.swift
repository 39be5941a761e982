import ExplainedErrors
import Foundation

/// Why a pattern cannot be simulated or compared.
public enum PatternError: ExplainedError, Hashable {
    case badGrid(String)
    case tooManyPoints(Int)
    case tooManyReflections(Int)
    case noReflection(from: Double, to: Double, longestSpacing: Double, wavelength: Double)
    case badFractions(String)
    case badWavelengthList(String)
    case noOverlap(String)
    case unknownMetric(String, known: [String])
    case nothingToCompare(String)
    case unknownParameter(String, known: [String])
    /// Free, but of no phase.
    case noMicrostrain
    case noTexture
    /// Of texture, in a group whose Laue class has others.
    case unknownHarmonic(String, group: String, known: [String])
    /// Of microstrain, in a group whose Laue class has others.
    case unknownInvariant(String, group: String, known: [String])
    /// A pattern's name before what all patterns share.
    case commonParameter(String, name: String, patterns: Int)

    /// What went wrong, where, and what to do: the parts of the one line.
    public var explanation: Explanation {
        switch self {
        case .badGrid(let text):
            Explanation(
                "the range '\(text)' is not from:to:step with 0 ≤ from < to < 180 and step > 0",
                remedy: "180° 2θ is the limiting sphere: write degrees such as 5:90:0.02")
        case .tooManyPoints(let count):
            Explanation("the range has \(count) points", remedy: "take a larger step")
        case .tooManyReflections(let count):
            Explanation(
                "about \(count) reflections lie in the range",
                remedy: "take a longer wavelength or a smaller range")
        case .noReflection(let from, let to, let spacing, let wavelength):
            Explanation(
                String(
                    format:
                        "no reflection between %g° and %g°: the largest spacing is %.6g Å, the wavelength %.6g Å",
                    from, to, spacing, wavelength), remedy: "widen the range or take a shorter wavelength")
        case .badFractions(let reason):
            Explanation(reason)
        case .badWavelengthList(let text):
            Explanation(
                "'\(text)' is no list of wavelengths",
                remedy: "write WAVELENGTH:WEIGHT,WAVELENGTH:WEIGHT in Å, each with :FWHM of its emission "
                    + "where it is known")
        case .noOverlap(let reason):
            Explanation(reason)
        case .unknownMetric(let name, let known):
            Explanation("unknown metric '\(name)'", remedy: "known are \(known.joined(separator: ", ")), all")
        case .nothingToCompare(let reason):
            Explanation(reason)
        case .unknownParameter(let name, let known):
            Explanation(
                "unknown parameter '\(name)'",
                remedy:
                    "\(Self.meant(name, known))known are lattice, coordinates, adps, microstrain, texture, \(known.joined(separator: ", "))"
            )
        case .noMicrostrain:
            Explanation(
                "no phase has microstrain by invariants",
                remedy: "give what it begins with: --microstrain 0.001")
        case .noTexture:
            Explanation(
                "no phase has texture by harmonics", remedy: "give their largest order: --texture 4")
        case .unknownHarmonic(let name, let group, let known):
            Explanation(
                "texture in \(group) has no '\(name)'",
                remedy: "its Laue class has \(known.joined(separator: ", "))")
        case .unknownInvariant(let name, let group, let known):
            Explanation(
                "microstrain in \(group) has no '\(name)'",
                remedy: "its Laue class has \(known.joined(separator: ", "))")
        case .commonParameter(let word, let name, let patterns):
            Explanation(
                "'\(word)' is of the structure, which all \(patterns) patterns share", remedy: "write \(name)"
            )
        }
    }

    /// `did you mean 'lattice'? `, where a name is one or two letters away.
    private static func meant(_ name: String, _ known: [String]) -> String {
        let nearest = (["lattice", "coordinates", "adps"] + known)
            .map { (name: $0, distance: distance($0.lowercased(), name.lowercased())) }
            .min { $0.distance < $1.distance }
        guard let nearest, nearest.distance <= max(1, name.count / 3), nearest.distance < name.count else {
            return ""
        }
        return "did you mean '\(nearest.name)'? "
    }

    /// Letters that are put in, left out or changed (Levenshtein).
    private static func distance(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a), Array(b))
        var row = Array(0...b.count)
        for i in a.indices {
            var next = [i + 1]
            for j in b.indices {
                next.append(min(row[j + 1] + 1, next[j] + 1, row[j] + (a[i] == b[j] ? 0 : 1)))
            }
            row = next
        }
        return row[b.count]
    }
}
