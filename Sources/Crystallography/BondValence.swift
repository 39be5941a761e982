import Foundation
import ReferenceData

/// The valence of a bond by its length, s = exp((R − d)/0.37 Å), with R of any two elements from their sizes and
/// electronegativities (O'Keeffe & Brese, J. Am. Chem. Soc. 113 (1991) 3226).
package enum BondValence {
    /// Å.
    package static let softness = 0.37

    /// Data/tables/bond-valence.tsv: size in Å and electronegativity.
    private static let parameters: [Element: (r: Double, c: Double)] = {
        var result: [Element: (r: Double, c: Double)] = [:]
        for line in String(cString: wyckoff_table_bond_valence()).split(separator: "\n")
        where !line.hasPrefix("#") {
            let cell = line.split(separator: "\t")
            guard cell.count == 3, let element = Element(symbol: cell[0]), let r = Double(cell[1]),
                let c = Double(cell[2])
            else { continue }
            result[element] = (r, c)
        }
        return result
    }()

    /// Length in Å of a bond of valence 1; nil where the table lacks one of the two.
    package static func unitLength(_ first: Element, _ second: Element) -> Double? {
        guard let a = parameters[first], let b = parameters[second] else { return nil }
        let difference = a.c.squareRoot() - b.c.squareRoot()
        return a.r + b.r - a.r * b.r * difference * difference / (a.c * a.r + b.c * b.r)
    }

    /// The table's electronegativity, on the scale of Allred and Rochow; nil where it lacks the element.
    package static func electronegativity(_ element: Element) -> Double? { parameters[element]?.c }
}
