/// Why a pattern cannot be simulated or compared.
public enum PatternError: Error, Sendable, Hashable, CustomStringConvertible {
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
    /// A pattern's name before what all patterns share.
    case commonParameter(String, name: String, patterns: Int)

    public var description: String {
        switch self {
        case .badGrid(let text):
            "the range '\(text)' is not from:to:step with 0 ≤ from < to < 180 and step > 0; 180° 2θ is the limiting "
                + "sphere: write degrees such as 5:90:0.02"
        case .tooManyPoints(let count):
            "the range has \(count) points; take a larger step"
        case .tooManyReflections(let count):
            "about \(count) reflections lie in the range; take a longer wavelength or a smaller range"
        case .noReflection(let from, let to, let spacing, let wavelength):
            "no reflection between \(from)° and \(to)°: the largest spacing is \(spacing) Å, the wavelength "
                + "\(wavelength) Å; widen the range or take a shorter wavelength"
        case .badFractions(let reason): reason
        case .badWavelengthList(let text):
            "'\(text)' is no list of wavelengths; write WAVELENGTH:WEIGHT,WAVELENGTH:WEIGHT in Å, each with :FWHM of its emission where it is known"
        case .noOverlap(let reason): reason
        case .unknownMetric(let name, let known):
            "unknown metric '\(name)'; known are \(known.joined(separator: ", ")), all"
        case .nothingToCompare(let reason): reason
        case .unknownParameter(let name, let known):
            "unknown parameter '\(name)'; known are lattice, coordinates, adps, "
                + known.joined(separator: ", ")
        case .commonParameter(let word, let name, let patterns):
            "'\(word)' is of the structure, which all \(patterns) patterns share; write \(name)"
        }
    }
}
