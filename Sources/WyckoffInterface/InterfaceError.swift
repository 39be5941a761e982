import ExplainedErrors

/// What a caller of the C interface got wrong.
enum InterfaceError: ExplainedError {
    /// A pointer that must not be NULL.
    case missing(String)
    case wrongCount(String, got: Int, expected: Int)
    case notFinite(String)
    case tooLarge(String, limit: Double)
    case unknownName(String, what: String, known: String)
    case badSpecies(String, site: Int)
    case unknownSpecies(String)
    case twoDisplacements(site: Int)
    case occupancies(Double, site: Int)
    case noStructure(number: Int, count: Int, file: String)
    /// A value that a parameter cannot take.
    case outside(name: String, value: Double, lower: Double, upper: Double)
    /// Lattice parameters that make no cell.
    case notACell([Double])
    case notJSON(String)

    var explanation: Explanation {
        switch self {
        case .missing(let what): Explanation("no \(what) was given", remedy: "pass one, not NULL")
        case .wrongCount(let what, let got, let expected):
            Explanation("\(what): \(got) numbers where \(expected) belong", remedy: "pass \(expected)")
        case .notFinite(let what):
            Explanation("\(what): a number that is not finite", remedy: "pass finite numbers")
        case .tooLarge(let what, let limit):
            Explanation("\(what): a number beyond \(limit)", remedy: "pass smaller numbers")
        case .unknownName(let name, let what, let known):
            Explanation("no \(what) is called '\(name)'", remedy: "give one of \(known)")
        case .badSpecies(let text, let site):
            Explanation(
                "'\(text)' is no species", remedy: "write Fe, O2-, D, or Ti:0.5 Zr:0.5 of a shared site",
                place: "site \(site + 1)")
        case .unknownSpecies(let text):
            Explanation("'\(text)' is no species", remedy: "write Fe, O2-, D or 7Li")
        case .twoDisplacements(let site):
            Explanation(
                "a displacement parameter that is isotropic and anisotropic",
                remedy: "give one of them, NaN for the other",
                place: "site \(site + 1)")
        case .occupancies(let sum, let site):
            Explanation(
                "occupancies add up to \(sum)", remedy: "make each above 0 and their sum at most 1",
                place: "site \(site + 1)")
        case .noStructure(let number, let count, let file):
            Explanation(
                "no structure \(number)", remedy: "the file holds \(count), counted from 0", place: file)
        case .outside(let name, let value, let lower, let upper):
            Explanation("\(name) cannot be \(value)", remedy: "give a number between \(lower) and \(upper)")
        case .notACell(let values):
            Explanation(
                "the lattice parameters \(values.map { "\($0)" }.joined(separator: ", ")) make no cell",
                remedy: "take a smaller step")
        case .notJSON(let reason):
            Explanation(
                "the options are no JSON that is understood: \(reason)", remedy: "correct them")
        }
    }
}
