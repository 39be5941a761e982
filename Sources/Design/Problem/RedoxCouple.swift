import Crystallography
import ReferenceData

/// What an ion does to others: it takes electrons, gives them, or stands in pairs only (Data/tables/redox.tsv). Two that would
/// react stand in no crystal together.
package struct RedoxCouple: Sendable, Hashable {
    package enum Role: String, Sendable, Hashable {
        case oxidises, reduces
        /// Hg₂²⁺: alone the ion is none.
        case pairs
    }

    package let element: Element
    /// Oxidation state.
    package let charge: Int
    package let role: Role
    /// V against the hydrogen electrode, in acid.
    package let potential: Double
    /// V by which an oxidant's potential must exceed that of what reduces: covalent anions bear more than water lets them.
    package let margin: Double

    /// Data/tables/redox.tsv.
    package static let all: [RedoxCouple] = String(cString: wyckoff_table_redox())
        .split(separator: "\n").filter { !$0.hasPrefix("#") }
        .compactMap { line in
            let cell = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard cell.count == 5, let element = Element(symbol: cell[0]), let charge = Int(cell[1]),
                let role = Role(rawValue: String(cell[2]))
            else { return nil }
            return RedoxCouple(
                element: element, charge: charge, role: role, potential: Double(cell[3]) ?? 0,
                margin: Double(cell[4]) ?? 0)
        }

    private static let table = Dictionary(grouping: all) { [$0.element.atomicNumber, $0.charge] }

    /// Whether ions of these elements and states can stand in one crystal.
    package static func coexist(_ ions: [(element: Element, charge: Int)]) -> Bool {
        let couples = ions.flatMap { table[[$0.element.atomicNumber, $0.charge]] ?? [] }
        guard !couples.contains(where: { $0.role == .pairs }) else { return false }
        return couples.allSatisfy { oxidant in
            oxidant.role != .oxidises
                || couples.allSatisfy {
                    $0.role != .reduces || oxidant.potential - $0.potential <= $0.margin
                }
        }
    }
}
