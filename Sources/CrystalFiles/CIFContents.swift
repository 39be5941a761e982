import Crystallography
import Foundation

/// What a data block says of the contents of its cell: sum formula, formula units and density.
struct CIFContents {
    /// Atoms in a formula unit; deuterium counts as hydrogen.
    let formula: [String: Double]
    /// Formula units in the cell.
    let units: Double?
    /// g/cm³.
    let density: Double?

    /// Relative difference of numbers of atoms, for rounded occupancies.
    private static let rounding = 0.03
    /// Atoms; below it small contents are the same.
    private static let fewAtoms = 0.3
    /// Relative difference of densities: what hydrogen that is not among the sites and measured cells make at most.
    private static let densityLimit = 0.15

    init(block: CIFBlock) {
        func number(_ tags: String...) -> Double? {
            block.text(tags).flatMap { TextNumber.measured($0)?.value }.flatMap { $0 > 0 ? $0 : nil }
        }
        formula = block.text("_chemical_formula_sum").flatMap(Self.parsed) ?? [:]
        units = number("_cell_formula_units_Z")
        density = number("_exptl_crystal_density_diffrn")
    }

    /// `C6 H12 O6`, `Al2MgO4`, `Fe0.5 Co0.5`; nil where anything else is in it.
    static func parsed(_ text: String) -> [String: Double]? {
        var result: [String: Double] = [:]
        var rest = text.filter { !$0.isWhitespace && $0 != "'" && $0 != "\"" }[...]
        while let first = rest.first {
            guard first.isLetter, first.isUppercase else { return nil }
            rest.removeFirst()
            var symbol = String(first)
            if let second = rest.first, second.isLowercase {
                symbol.append(second)
                rest.removeFirst()
            }
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            guard let amount = digits.isEmpty ? 1 : Double(digits),
                symbol == "D" || Element(symbol: symbol) != nil
            else { return nil }
            result[symbol == "D" ? "H" : symbol, default: 0] += amount
        }
        return result.isEmpty ? nil : result
    }

    func agreement(with structure: CrystalStructure) -> CIFAgreement {
        var found: [String: Double] = [:]
        for (element, amount) in structure.composition { found[element.symbol, default: 0] += amount }
        let mass = structure.composition.reduce(0) { $0 + $1.key.mass * $1.value }
        return composition(found).and(density(mass: mass, volume: structure.lattice.volume))
    }

    private func composition(_ found: [String: Double]) -> CIFAgreement {
        // Hydrogen is often left out of the sites.
        let elements = Set(formula.keys).union(found.keys).filter { $0 != "H" }
        guard !formula.isEmpty, !elements.isEmpty else { return .silent }
        func agrees(_ factor: Double) -> Bool {
            elements.allSatisfy { element in
                let expected = factor * (formula[element] ?? 0)
                let difference = abs(expected - (found[element] ?? 0))
                return difference < max(Self.rounding * expected, Self.fewAtoms)
            }
        }
        if let units { return agrees(units) ? .confirmed : .contradicted }
        let total = elements.reduce(0) { $0 + (found[$1] ?? 0) }
        let inFormula = elements.reduce(0) { $0 + (formula[$1] ?? 0) }
        guard inFormula > 0 else { return .silent }
        return agrees(total / inFormula) ? .silent : .contradicted
    }

    private func density(mass: Double, volume: Double) -> CIFAgreement {
        guard let density else { return .silent }
        // 1.660539 g/cm³ are one atomic mass unit in an Å³.
        let ratio = mass * 1.660_539 / volume / density
        if abs(ratio - 1) < Self.rounding { return .confirmed }
        return abs(ratio - 1) > Self.densityLimit ? .contradicted : .silent
    }
}
