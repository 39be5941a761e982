import ExplainedErrors
import Foundation

/// What is known of a structure beside its pattern: an observation with an uncertainty of its own.
public struct Restraint: Sendable, Hashable {
    /// What is restrained; atoms by label (`S1`, that orbit) or element (`S`, all of its orbits).
    public enum Quantity: Sendable, Hashable {
        /// Å; of all bonds between the two.
        case distance(String, String)
        /// Degrees; at the second.
        case angle(String, String, String)
        /// Σ exp((R − d)/0.37 Å) over an atom's bonds, valence units.
        case valence(String)
        /// Of two parameters by their names, in their unit: equal ones differ by nothing.
        case difference(String, String)
    }

    /// What is restrained.
    public var quantity: Quantity
    /// What it should be, in its unit.
    public var target: Double
    /// One standard uncertainty, above 0.
    public var sigma: Double

    /// A restraint of one kind of bonds, angles or valences, or of two parameters to each other.
    public init(_ quantity: Quantity, target: Double, sigma: Double) {
        (self.quantity, self.target, self.sigma) = (quantity, target, sigma)
    }

    /// `S-O=1.48:0.02` (Å), `O-S-O=109.5:2` (degrees), `valence(Pb1)=2:0.1`, `O1.B=O2.B:0.1`.
    ///
    /// - Throws: where the text is none of these.
    public init(parsing text: String) throws(RestraintError) {
        let sides = text.split(separator: "=", maxSplits: 1).map { $0.trimmed }
        guard sides.count == 2, let colon = sides[1].lastIndex(of: ":"),
            let sigma = Double(sides[1][sides[1].index(after: colon)...].trimmed), sigma > 0, sigma.isFinite
        else { throw .unreadable(text) }
        let (left, right) = (sides[0], sides[1][..<colon].trimmed)
        guard let target = Double(right) else {
            guard !left.isEmpty, !right.isEmpty else { throw .unreadable(text) }
            self.init(.difference(left, right), target: 0, sigma: sigma)
            return
        }
        guard target.isFinite, target > 0 else { throw .unreadable(text) }
        if left.hasPrefix("valence("), left.hasSuffix(")") {
            self.init(.valence(String(left.dropFirst(8).dropLast())), target: target, sigma: sigma)
            return
        }
        let atoms = left.split(separator: "-", omittingEmptySubsequences: false).map { $0.trimmed }
        guard (2...3).contains(atoms.count), atoms.allSatisfy({ !$0.isEmpty }) else {
            throw .unreadable(text)
        }
        self.init(
            atoms.count == 2
                ? .distance(atoms[0], atoms[1]) : .angle(atoms[0], atoms[1], atoms[2]), target: target,
            sigma: sigma)
    }

    /// As it is written on the command line, without value: `S-O`, `valence(Pb1)`.
    public var name: String {
        switch quantity {
        case .distance(let a, let b): "\(a)-\(b)"
        case .angle(let a, let b, let c): "\(a)-\(b)-\(c)"
        case .valence(let a): "valence(\(a))"
        case .difference(let a, let b): "\(a)=\(b)"
        }
    }

    /// `Å`, `°`, `v.u.`, or empty.
    public var unit: String {
        switch quantity {
        case .distance: "Å"
        case .angle: "°"
        case .valence: "v.u."
        case .difference: ""
        }
    }
}

extension StringProtocol {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}

/// Why a restraint cannot be held.
public enum RestraintError: ExplainedError, Hashable {
    case unreadable(String)
    case unknownAtom(String, known: [String])
    case unknownParameter(String, known: [String])
    /// No bonds or angles near what is asked for.
    case nothingNear(String, reach: String)
    case noValence(String)

    /// Those of the same kind, `O1.B` and the like for `o1.B`; all where none is.
    private static func alike(_ name: String, _ known: [String]) -> String {
        let kind = name.split(separator: ".").last.map { ".\($0.lowercased())" } ?? name
        let near = known.filter { $0.lowercased().hasSuffix(kind) }
        return (near.isEmpty ? known : near).joined(separator: ", ")
    }

    /// What went wrong, where, and what to do: the parts of the one line.
    public var explanation: Explanation {
        switch self {
        case .unreadable(let text):
            Explanation(
                "'\(text)' is no restraint",
                remedy:
                    "write S-O=1.48:0.02 (Å), O-S-O=109.5:2 (degrees), valence(Pb1)=2:0.1 or O1.B=O2.B:0.1: what it should be, and its uncertainty"
            )
        case .unknownAtom(let name, let known):
            Explanation(
                "no atom '\(name)' to restrain", remedy: "there are \(known.joined(separator: ", "))")
        case .unknownParameter(let name, let known):
            Explanation(
                "no parameter '\(name)' to restrain", remedy: "there are \(Self.alike(name, known))")
        case .nothingNear(let name, let reach):
            Explanation(
                "nothing is restrained by \(name): \(reach)", remedy: "check labels and value")
        case .noValence(let name):
            Explanation(
                "the valence of \(name) cannot be told",
                remedy: "its bonds are not ionic, or the table of bond valences lacks an element")
        }
    }
}
