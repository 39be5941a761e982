import Crystallography
import ReferenceData

/// What CHGNet gives the elements as they are, relaxed by the same weights (Data/tables/chgnet-elements.tsv).
package enum CHGNetElements {
    /// eV/atom.
    package static let energies: [Element: Double] = Dictionary(
        uniqueKeysWithValues: String(cString: wyckoff_table_chgnet_elements())
            .split(separator: "\n").filter { !$0.hasPrefix("#") }
            .compactMap { line in
                let cell = line.split(separator: "\t")
                guard cell.count >= 2, let element = Element(symbol: cell[0]), let energy = Double(cell[1])
                else {
                    return nil
                }
                return (element, energy)
            })
}
