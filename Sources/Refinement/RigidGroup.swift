import ExplainedErrors
import Foundation

/// Atoms that keep their distances in a refinement: what moves is their centre, and how they are turned.
public struct RigidGroup: Sendable, Hashable {
    /// Stands before its parameters' names: `SO4` has `SO4.x` and `SO4.ry`.
    public var name: String
    /// Orbits by their labels; the group begins at the first one's atom and goes on along bonds to the others'.
    public var labels: [String]

    /// A group of orbits by their labels.
    public init(name: String, labels: [String]) { (self.name, self.labels) = (name, labels) }

    /// `SO4=S1,O1,O2,O3`.
    ///
    /// - Throws: where the text is none.
    public init(parsing text: String) throws(RigidGroupError) {
        let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard sides.count == 2, !sides[0].isEmpty, !sides[0].contains(".") else { throw .unreadable(text) }
        let labels = sides[1].split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard labels.allSatisfy({ !$0.isEmpty }), Set(labels).count == labels.count else {
            throw .unreadable(text)
        }
        self.init(name: sides[0], labels: labels)
    }
}

/// Why atoms make no rigid group.
public enum RigidGroupError: ExplainedError, Equatable {
    case unreadable(String)
    /// No phase has all of them.
    case unknownAtoms(group: String, known: [String])
    /// One atom without a bond to an equal one: there is nothing to keep.
    case alone(group: String, label: String)
    /// The bonds lead on and on: the atoms are a network.
    case endless(group: String, atoms: Int)
    /// No bond leads to an orbit that is named.
    case apart(group: String, label: String)
    /// An orbit is in two groups, or a name is taken.
    case taken(group: String, by: String)
    /// One of its atoms holds the origin of a polar group.
    case holdsOrigin(group: String, label: String)
    /// A coordinate of an atom in a group was to be free.
    case ownCoordinate(String, group: String, free: [String])

    /// What went wrong, where, and what to do: the parts of the one line.
    public var explanation: Explanation {
        switch self {
        case .unreadable(let text):
            Explanation(
                "'\(text)' is no rigid group", remedy: "write a name and labels: SO4=S1,O1,O2,O3")
        case .unknownAtoms(let group, let known):
            Explanation(
                "no phase has all atoms of \(group)", remedy: "there are \(known.joined(separator: ", "))")
        case .alone(let group, let label):
            Explanation(
                "\(group) is \(label) alone: one atom has no shape to keep",
                remedy:
                    "name the atoms that it is bonded to as well: \(group)=\(label),… (wyckoff parameters lists labels)"
            )
        case .endless(let group, let atoms):
            Explanation(
                "the bonds of \(group) lead to \(atoms) atoms and on: they are a network, no group",
                remedy: "name fewer atoms, or restrain bonds (--restrain)")
        case .apart(let group, let label):
            Explanation(
                "no bond leads from \(group) to \(label)",
                remedy: "check the labels; bonds are up to 1.25 times the sum of covalent radii")
        case .taken(let group, let by):
            Explanation(
                "\(by) is taken by \(group) already",
                remedy: "give each group a name of its own, and each atom one group")
        case .holdsOrigin(let group, let label):
            Explanation(
                "\(label) of \(group) holds the origin of the polar group",
                remedy: "leave it out of the group; restraints can hold its bonds (--restrain)")
        case .ownCoordinate(let name, let group, let free):
            Explanation(
                "\(name) moves with the rigid group \(group)",
                remedy: free.isEmpty
                    ? "its site leaves the group no freedom" : "free \(free.joined(separator: ", "))")
        }
    }
}
