import CrystalFiles
import Crystallography

/// What the verdict on a record stands on; a record passes where none of them fails.
public enum ValidationClause: String, Sendable, Hashable, Codable, CaseIterable {
    case readable
    case complete
    case statements
    case composition
    case occupancies
    case order
    case cell
    case symmetry
    case contacts
    case density
    case neutrality
    case displacements

    /// What is asked.
    public var question: String {
        switch self {
        case .readable: "The record can be read."
        case .complete: "Every atom was read, with its element; nothing was left out or made up."
        case .statements: "What the file states of itself (symmetry, positions, formula, …) is what it holds."
        case .composition: "The elements are such as make crystals."
        case .occupancies: "Each place holds more than nothing and at most one atom."
        case .order: "Every site is held by one atom, whole."
        case .cell: "The cell is filled: no empty layer as of a slab or a molecule in a box."
        case .symmetry: "The space group is the one that is claimed."
        case .contacts: "No two atoms that can be there together stand too close."
        case .density: "The crystal weighs what a crystal can weigh."
        case .neutrality: "Charges, stated or by known oxidation states, add up to nothing."
        case .displacements: "No atom is displaced by less than nothing, or by more than 1 Å."
        }
    }

    func holds(_ sentence: String) -> VerdictClause { VerdictClause(rawValue, .holds, sentence) }
    func fails(_ sentence: String) -> VerdictClause { VerdictClause(rawValue, .fails, sentence) }
    func unknown(_ sentence: String) -> VerdictClause { VerdictClause(rawValue, .unknown, sentence) }
}
