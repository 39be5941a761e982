import ExplainedErrors
import Foundation

/// Why no symmetry could be found or enforced.
public enum SymmetryFinderError: ExplainedError, Hashable {
    case noAtoms
    /// A coordinate (atom counted from 0) or, without atom, a lattice vector is NaN or infinite.
    case notFinite(atom: Int?)
    /// The lattice vectors lie in a plane, nearly.
    case zeroVolume
    /// Two atoms (counted from 0) on one place.
    case coincidingAtoms(Int, Int, distance: Double)
    /// Two atoms of one kind are closer than the tolerance, which could not tell them apart.
    case toleranceTooLarge(tolerance: Double, atoms: (Int, Int), distance: Double)
    case toleranceNotPositive(Double)
    case unknownHallNumber(Int)
    /// spglib finds no group.
    case notFound(tolerance: Double)
    /// The structure has another group than that of the Hall number asked for.
    case otherGroup(found: Int, symbol: String, askedHallNumber: Int, tolerance: Double)
    /// The operations found do not carry the atoms onto each other as a group must.
    case inconsistent(tolerance: Double, spaceGroup: String)

    /// What went wrong, where, and what to do: the parts of the one line.
    public var explanation: Explanation {
        switch self {
        case .noAtoms:
            Explanation("the structure has no atoms")
        case .notFinite(let atom?):
            Explanation("atom \(atom + 1) has a coordinate that is no number", remedy: "correct the file")
        case .notFinite(nil):
            Explanation("a lattice vector is no number", remedy: "correct the cell")
        case .zeroVolume:
            Explanation("the cell has no volume", remedy: "correct its lengths and angles")
        case .coincidingAtoms(let a, let b, let distance):
            Explanation(
                "atoms \(a + 1) and \(b + 1) stand \(short(distance)) Å apart, on one place",
                remedy: "remove one, or state them as one shared site")
        case .toleranceTooLarge(let tolerance, let atoms, let distance):
            Explanation(
                "at \(short(tolerance)) Å the atoms \(atoms.0 + 1) and \(atoms.1 + 1), "
                    + "\(short(distance)) Å apart, cannot be told apart", remedy: "lower the tolerance")
        case .toleranceNotPositive(let tolerance):
            Explanation("a tolerance of \(tolerance) Å", remedy: "it must be positive")
        case .unknownHallNumber(let number):
            Explanation("Hall number \(number) is outside 1–530")
        case .notFound(let tolerance):
            Explanation("no space group is found at \(short(tolerance)) Å", remedy: "try another tolerance")
        case .otherGroup(let found, let symbol, let asked, let tolerance):
            Explanation(
                "at \(short(tolerance)) Å the structure has space group \(found) (\(symbol)), not "
                    + "that of Hall number \(asked)", remedy: "try another tolerance")
        case .inconsistent(let tolerance, let spaceGroup):
            Explanation(
                "at \(short(tolerance)) Å the atoms do not pair up under \(spaceGroup)",
                remedy: "lower the tolerance")
        }
    }

    private func short(_ value: Double) -> String { String(format: "%.3g", value) }

    /// By its text.
    public static func == (a: SymmetryFinderError, b: SymmetryFinderError) -> Bool {
        a.description == b.description
    }

    /// By its text.
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
