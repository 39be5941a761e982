import Crystallography
import Foundation
import NumericalMethods
import Symmetry
import Publishing

extension CIFFile {
    /// All atoms in P 1.
    package static func serialise(_ structure: CrystalStructure) -> String {
        serialise(SymmetricCIF(structure))
    }

    /// Core CIF with symmetry operations, standard uncertainties in brackets, B in Å².
    package static func serialise(_ cif: SymmetricCIF) -> String { CIFWriter(cif).text() }
}

struct CIFWriter {
    private let cif: SymmetricCIF
    /// One a row: an occupant of a site under a label of its own.
    private var rows: [(label: String, site: SymmetricCIF.AtomSite, occupant: Occupant, isFirst: Bool)] = []
    /// Labels that CIF cannot hold, with those written for them: one sentence each.
    private(set) var renamed: [String] = []

    init(_ cif: SymmetricCIF) {
        self.cif = cif
        var used: Set<String> = []
        var running: [String: Int] = [:]
        /// The last number tried for a name that stands more than once.
        var copies: [String: Int] = [:]
        for site in cif.sites {
            for (index, occupant) in site.occupants.enumerated() {
                let symbol = occupant.species.element.symbol
                let isWritable = CIFWord.isWritableInALoop(site.label)
                var base = isWritable ? site.label : ""
                if base.allSatisfy(\.isWhitespace) {
                    running[symbol, default: 0] += 1
                    base = "\(symbol)\(running[symbol] ?? 1)"
                } else if index > 0 {
                    base += "_\(symbol)"
                }
                var label = base
                while !used.insert(label).inserted {
                    copies[base, default: 1] += 1
                    label = "\(base)_\(copies[base] ?? 2)"
                }
                rows.append((label, site, occupant, index == 0))
                if !isWritable { renamed.append("the label \"\(site.label)\" is written as \(label)") }
            }
        }
    }

    func text() -> String {
        var lines = cif.comments.map { "# \($0.onOneLine)" }
        lines.append("data_\(blockName)")
        lines += cell + composition + symmetry
        lines += cif.extraItems.map { item($0.tag, Self.quoted($0.value)) }
        lines += atomTypes + atomSites + anisotropicSites
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Parts

    private var blockName: String {
        let name = String(cif.name.map { $0.isASCII && !$0.isWhitespace ? $0 : "_" }.prefix(60))
        return name.isEmpty ? "structure" : name
    }

    private var lattice: Lattice? {
        let (l, a) = (cif.lengths.map(\.value), cif.angles.map(\.value))
        guard l.count == 3, a.count == 3 else { return nil }
        // Numbers that are no cell are written as they are, without volume and density.
        return try? Lattice(checking: l[0], l[1], l[2], alpha: a[0], beta: a[1], gamma: a[2])
    }

    private var cell: [String] {
        let volume = cif.volume ?? lattice.map { MeasuredValue(($0.volume * 1e6).rounded() / 1e6) }
        return zip(["a", "b", "c"], cif.lengths).map { item("_cell_length_\($0)", CIFWord.number($1)) }
            + zip(["alpha", "beta", "gamma"], cif.angles).map {
                item("_cell_angle_\($0)", CIFWord.number($1))
            }
            + (volume.map { [item("_cell_volume", $0.text)] } ?? [])
    }

    /// The formula needs multiplicities; without them it is left out rather than wrong.
    private var composition: [String] {
        var occupants: [(occupant: Occupant, multiplicity: Int)] = []
        for site in cif.sites {
            guard let multiplicity = site.multiplicity ?? (cif.operations.count == 1 ? 1 : nil) else {
                return []
            }
            occupants += site.occupants.map { ($0, multiplicity) }
        }
        guard !occupants.isEmpty, let lattice else { return [] }
        let formula = Formula(of: occupants)
        let units = formula.units
        let mass = occupants.reduce(0) { $0 + $1.occupant.mass * Double($1.multiplicity) }
        let density = Density.of(mass: mass, in: lattice.volume)
        return [
            item("_cell_formula_units_Z", String(units)),
            item(
                "_chemical_formula_sum", Self.quoted(formula.divided(by: units).text(.hill, separator: " "))),
            item("_exptl_crystal_density_diffrn", String(format: "%.4f", density)),
        ]
    }

    private var symmetry: [String] {
        var lines: [String] = []
        if let symbol = cif.symbol { lines.append(item("_space_group_name_H-M_alt", Self.quoted(symbol))) }
        if let hall = cif.hallSymbol { lines.append(item("_space_group_name_Hall", Self.quoted(hall))) }
        // Readers of the older name take the number for the standard setting and refuse other operations beside it.
        let isTabulated = cif.symbol != nil || cif.hallSymbol != nil
        let tag = isTabulated ? "_space_group_IT_number" : "_space_group.IT_number"
        if let number = cif.number { lines.append(item(tag, String(number))) }
        lines += ["loop_", "_space_group_symop_id", "_space_group_symop_operation_xyz"]
        lines += cif.operations.enumerated().map {
            "\($0 + 1) '\($1.xyz)'"
        }
        return lines
    }

    /// Readers take charges from this loop, not from the symbols. Digits before an element are no symbol of the
    /// dictionary's: a nuclide is the description of its type.
    private var atomTypes: [String] {
        var types: [String: Species] = [:]
        for row in rows { types[typeSymbol(row.occupant.species)] = row.occupant.species }
        let hasNuclides = types.contains { $0.value.massNumber != nil && $0.key != $0.value.description }
        guard hasNuclides || types.values.contains(where: { ($0.charge ?? 0) != 0 }) else { return [] }
        return ["loop_", "_atom_type_symbol", "_atom_type_oxidation_number"]
            + (hasNuclides ? ["_atom_type_description"] : [])
            + types.sorted { $0.key < $1.key }.map { symbol, species in
                // With "?" some readers pass over all charges.
                let charge = species.charge.map(String.init) ?? "."
                let nuclide = symbol == species.description ? "." : species.symbol
                return "\(symbol) \(charge)" + (hasNuclides ? " \(nuclide)" : "")
            }
    }

    /// An element's symbol with its charge, as long as that tells the species of this crystal apart.
    private func typeSymbol(_ species: Species) -> String {
        guard species.massNumber != nil, species.element.atomicNumber > 1 else { return species.description }
        var natural = species
        natural.massNumber = nil
        let isOnly = rows.allSatisfy {
            let other = $0.occupant.species
            return other == species || other.element != species.element || other.charge != species.charge
        }
        return isOnly ? natural.description : species.description
    }

    private var atomSites: [String] {
        let hasLetter = cif.sites.contains { $0.wyckoffLetter != nil }
        let hasMultiplicity = cif.sites.contains { $0.multiplicity != nil }
        let hasDisplacement = cif.sites.contains { $0.displacement != nil }
        var lines = ["loop_", "_atom_site_label", "_atom_site_type_symbol"]
        if hasMultiplicity { lines.append("_atom_site_symmetry_multiplicity") }
        if hasLetter { lines.append("_atom_site_Wyckoff_symbol") }
        lines += ["x", "y", "z"].map { "_atom_site_fract_\($0)" }
        lines.append("_atom_site_occupancy")
        if hasDisplacement { lines += ["_atom_site_adp_type", "_atom_site_B_iso_or_equiv"] }
        for (label, site, occupant, isFirst) in rows {
            var words = [CIFWord.quoted(label), typeSymbol(occupant.species)]
            if hasMultiplicity { words.append(site.multiplicity.map(String.init) ?? "?") }
            if hasLetter { words.append(site.wyckoffLetter ?? "?") }
            words += site.position.map(CIFWord.number)
            let uncertainty = isFirst ? site.occupancyUncertainty : nil
            words.append(CIFWord.number(MeasuredValue(occupant.occupancy, uncertainty: uncertainty)))
            if hasDisplacement { words += displacementWords(site) }
            lines.append(words.joined(separator: " "))
        }
        return lines
    }

    private func displacementWords(_ site: SymmetricCIF.AtomSite) -> [String] {
        switch site.displacement {
        case .isotropic(let b):
            // 8π² turns the digits of a file's U into sixteen of B; ten decimals lie below anything measured.
            [
                "Biso",
                CIFWord.number(
                    MeasuredValue(
                        (b * 1e10).rounded() / 1e10, uncertainty: site.displacementUncertainties.first)),
            ]
        case .anisotropic(let u):
            ["Uani", lattice.map { String(format: "%.5f", Self.equivalentB(u, in: $0)) } ?? "?"]
        case nil: [".", "."]
        }
    }

    private var anisotropicSites: [String] {
        var lines: [String] = []
        for (label, site, _, _) in rows {
            guard case .anisotropic(let u) = site.displacement else { continue }
            let values = [u[0, 0], u[1, 1], u[2, 2], u[0, 1], u[0, 2], u[1, 2]]
            let uncertainties = site.displacementUncertainties
            let words = values.enumerated().map { index, value in
                CIFWord.number(
                    MeasuredValue(value, uncertainty: uncertainties.count == 6 ? uncertainties[index] : nil))
            }
            lines.append(([CIFWord.quoted(label)] + words).joined(separator: " "))
        }
        guard !lines.isEmpty else { return [] }
        let tags = ["11", "22", "33", "12", "13", "23"].map { "_atom_site_aniso_U_\($0)" }
        return ["loop_", "_atom_site_aniso_label"] + tags + lines
    }

    // MARK: Words

    private func item(_ tag: String, _ value: String) -> String {
        tag + String(repeating: " ", count: max(1, 34 - tag.count)) + value
    }

    static func quoted(_ text: String) -> String {
        CIFWord.quoted(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// B_eq = 8π² U_eq, U_eq = ⅓ Σ U_ij a*_i a*_j aᵢ·aⱼ (Fischer & Tillmanns 1988).
    private static func equivalentB(_ u: Matrix3, in lattice: Lattice) -> Double {
        let (n, g) = (lattice.reciprocal.lengths, lattice.metric)
        var sum = 0.0
        for i in 0..<3 { for j in 0..<3 { sum += u[i, j] * n[i] * n[j] * g[i, j] } }
        return 8 * Double.pi * Double.pi * sum / 3
    }
}
