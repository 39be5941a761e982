import ReferenceData

/// A nuclide: an element with a mass number, as far as it occurs in nature or scatters neutrons by a known length.
package struct Nuclide: Sendable, Hashable {
    package let element: Element
    package let massNumber: Int
    /// u.
    package let mass: Double

    /// - Returns: nil for a mass number that the table does not hold.
    package init?(_ element: Element, massNumber: Int) {
        guard let mass = Self.masses[Key(element: element, massNumber: massNumber)] else { return nil }
        (self.element, self.massNumber, self.mass) = (element, massNumber, mass)
    }

    private struct Key: Hashable {
        let element: Element
        let massNumber: Int
    }

    /// Data/tables/nuclides.tsv.
    private static let masses: [Key: Double] = {
        var masses: [Key: Double] = [:]
        for line in String(cString: wyckoff_table_nuclides()).split(separator: "\n") {
            let cell = line.split(separator: "\t")
            guard cell.count == 3, let element = Element(symbol: cell[0]), let number = Int(cell[1]),
                let mass = Double(cell[2])
            else { continue }
            masses[Key(element: element, massNumber: number)] = mass
        }
        return masses
    }()
}
