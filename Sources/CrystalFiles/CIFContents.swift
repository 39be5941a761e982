import Crystallography
import Foundation

/// What a data block says of the contents of its cell: sum formula, formula units and density.
struct CIFContents {
    /// Atoms in a formula unit; deuterium counts as hydrogen. Empty where none is stated or understood.
    let formula: [Element: Double]
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
        formula = block.text("_chemical_formula_sum").flatMap { ChemicalFormula($0) }?.amounts ?? [:]
        units = number("_cell_formula_units_Z")
        density = number("_exptl_crystal_density_diffrn")
    }

    func agreement(with structure: CrystalStructure) -> CIFAgreement {
        composition(structure.composition).and(density(structure.density))
    }

    private func composition(_ found: [Element: Double]) -> CIFAgreement {
        // Hydrogen is often left out of the sites.
        let elements = Set(formula.keys).union(found.keys).filter { $0.atomicNumber != 1 }
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

    private func density(_ computed: Double) -> CIFAgreement {
        guard let density else { return .silent }
        let ratio = computed / density
        if abs(ratio - 1) < Self.rounding { return .confirmed }
        return abs(ratio - 1) > Self.densityLimit ? .contradicted : .silent
    }
}
