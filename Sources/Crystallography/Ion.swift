import ReferenceData

/// An element in an oxidation state that it is known to take, with its radius.
package struct Ion: Sendable, Hashable {
    package let element: Element
    /// Oxidation state.
    package let charge: Int
    /// Crystal radius in Å for coordination number VI (Shannon, Acta Cryst. A32 (1976) 751); nil where the table
    /// has none.
    package let radius: Double?

    /// Data/tables/ions.tsv: by atomic number, then charge.
    package static let all: [Ion] = String(cString: wyckoff_table_ions())
        .split(separator: "\n").filter { !$0.hasPrefix("#") }
        .compactMap { line in
            let cell = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard cell.count == 3, let element = Element(symbol: cell[0]), let charge = Int(cell[1]) else {
                return nil
            }
            return Ion(element: element, charge: charge, radius: Double(cell[2]))
        }

    private static let table: [Element: [Ion]] = Dictionary(grouping: all, by: \.element)

    /// The ions of an element, by rising charge; empty where it is in no list.
    package static func of(_ element: Element) -> [Ion] { table[element] ?? [] }

    /// The ion of an element in a state; nil where it does not take it.
    package static func of(_ element: Element, charge: Int) -> Ion? {
        table[element]?.first { $0.charge == charge }
    }
}
