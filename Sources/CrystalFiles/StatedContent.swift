import Crystallography
import Foundation
import NumericalMethods

/// What a data block says of its cell's content beside the sites: formula, number of formula units, volume, density.
/// It is compared with what was read, always.
struct StatedContent {
    private let formula: String?
    private let units: Double?
    private let volume: MeasuredValue?
    private let density: MeasuredValue?
    /// g/mol.
    private let weight: Double?
    /// F(000) for X-rays.
    private let electrons: Double?

    /// Of the volume; angles and lengths are rounded more coarsely than the volume.
    private static let volumeTolerance = 0.003
    /// Of the density; tables of atomic masses, and of what they leave out, differ by less.
    private static let densityTolerance = 0.02
    /// Of the number of atoms of an element: rounded occupancies.
    private static let amountTolerance = 0.01
    /// Of F(000): programs add the real part of anomalous scattering, up to eight electrons of an atom near an edge.
    private static let electronTolerance = 0.05

    init(block: CIFBlock) {
        func measured(_ tags: String...) -> MeasuredValue? {
            block.text(tags).flatMap { TextNumber.measured($0) }.map {
                MeasuredValue($0.value, uncertainty: $0.uncertainty)
            }
        }
        formula =
            block.text("_chemical_formula_sum") ?? block.text("_chemical_formula_moiety").flatMap(Self.sum)
        units = measured("_cell_formula_units_Z")?.value
        volume = measured("_cell_volume")
        density = measured("_exptl_crystal_density_diffrn")
        weight = measured("_chemical_formula_weight")?.value
        let probe = block.text("_diffrn_radiation_probe", "_diffrn_radiation_type") ?? ""
        electrons = probe.lowercased().contains("neutron") ? nil : measured("_exptl_crystal_F_000")?.value
    }

    /// The sum of moieties as the core dictionary writes them, `C12 H16 N2 O6, 2(H2 O), Cl 1-`; nil for what is written otherwise.
    private static func sum(ofMoieties text: String) -> String? {
        let spaced = text.replacing("(", with: " ( ").replacing(")", with: " ) ")
        let parts = spaced.split(separator: ",").map { moiety -> String? in
            // `1-`, `+`: charges.
            let whole = moiety.split(whereSeparator: \.isWhitespace)
                .filter { !(["+", "-"].contains($0.last) && $0.dropLast().allSatisfy(\.isNumber)) }.joined()
            let number = whole.prefix { $0.isNumber || $0 == "." }
            let rest = whole.dropFirst(number.count)
            guard number.isEmpty || TextNumber.double(number) != nil else { return nil }
            let inner = rest.first == "(" && rest.last == ")" ? rest.dropFirst().dropLast() : rest
            guard ChemicalFormula(String(inner)) != nil else { return nil }
            return number.isEmpty ? String(inner) : "(\(inner))\(number)"
        }
        let known = parts.compactMap { $0 }
        return known.isEmpty || known.count < parts.count ? nil : known.joined(separator: " ")
    }

    /// One for each difference.
    ///
    /// - Parameter cellUncertainties: of a, b, c in Å and the angles.
    func contradictions(of structure: CrystalStructure, cellUncertainties: [Double]) -> [ReadingWarning] {
        var differences: [ReadingWarning] = []
        let read = structure.lattice.volume
        if let volume, volume.value > 0 {
            let slack =
                Self.volumeTolerance * read + 3 * (volume.uncertainty ?? 0)
                + 3
                * zip((0..<3).map { structure.lattice.lengths[$0] }, cellUncertainties)
                .reduce(0) { $0 + $1.1 / $1.0 * read }
            if abs(volume.value - read) > slack {
                differences.append(.volume(read: read, stated: volume.value))
            }
        }
        differences += composition(of: structure)
        if let density, density.value > 0 {
            let computed = structure.density
            let slack = Self.densityTolerance * computed + 3 * (density.uncertainty ?? 0) + 0.005
            if abs(density.value - computed) > slack {
                differences.append(.density(read: computed, stated: density.value))
            }
        }
        if let weight, weight > 0, let units, units > 0, differences.isEmpty {
            let computed = structure.mass / units
            if abs(weight - computed) > Self.densityTolerance * computed + 0.05 {
                differences.append(.formulaWeight(read: computed, stated: weight))
            }
        }
        if let electrons, electrons > 0, differences.isEmpty {
            let computed = structure.composition.reduce(0) { $0 + Double($1.key.atomicNumber) * $1.value }
            if abs(electrons - computed) > Self.electronTolerance * computed + 0.5 {
                differences.append(.electrons(read: computed, stated: electrons))
            }
        }
        return differences
    }

    /// Z without a formula: whole atoms have to be left for a unit.
    private func units(of structure: CrystalStructure) -> [ReadingWarning] {
        let read = structure.composition
        let whole = read.values.map { Int($0.rounded()) }
        guard let units, units >= 1, units == units.rounded(),
            zip(read.values, whole).allSatisfy({ $1 > 0 && abs($0 - Double($1)) < Self.amountTolerance })
        else { return [] }
        let most = whole.reduce(0) { greatestCommonDivisor($0, $1) }
        guard Int(units) > most else { return [] }
        let unit = read.mapValues { $0.rounded() / Double(most) }
        return [.formulaUnits(read: Double(most), formula: Self.text(unit), stated: units)]
    }

    private func composition(of structure: CrystalStructure) -> [ReadingWarning] {
        guard let formula else { return units(of: structure) }
        guard let stated = ChemicalFormula(formula) else {
            return [.formulaNotUnderstood(formula)]
        }
        let read = structure.composition
        guard let multiple = stated.multiple(in: read),
            stated.fits(read, units: multiple, tolerance: Self.amountTolerance)
        else { return [.composition(read: Self.text(read), formula: formula, units: units)] }
        guard let units, units > 0 else { return [] }
        // Many programs write the content of the whole cell as the formula, beside Z.
        if stated.fits(read, units: 1, tolerance: Self.amountTolerance), stated.isMultiple(of: units) {
            return []
        }
        guard stated.fits(read, units: units, tolerance: Self.amountTolerance) else {
            return [.formulaUnits(read: multiple, formula: formula, stated: units)]
        }
        return []
    }

    private static func text(_ composition: [Element: Double]) -> String {
        composition.sorted { $0.key.symbol < $1.key.symbol }
            .map { $0.key.symbol + text($0.value) }.joined(separator: " ")
    }

    /// Three decimals at most.
    static func text(_ value: Double) -> String {
        let rounded = (value * 1000).rounded() / 1000
        return rounded == rounded.rounded() && abs(rounded) < 1e9 ? String(Int(rounded)) : "\(rounded)"
    }
}

/// A formula as `_chemical_formula_sum` writes it: `C6 H6 O0.5`; brackets with a number are multiplied out. Hydrogen's
/// isotopes are hydrogen.
struct ChemicalFormula {
    private(set) var amounts: [Element: Double] = [:]
    /// Half a unit of the last place of each amount.
    private var rounding: [Element: Double] = [:]

    /// - Returns: nil for what is no formula.
    init?(_ text: String) {
        var rest = text.filter { !$0.isWhitespace && $0 != "," && $0 != "'" }[...]
        guard !rest.isEmpty, let parts = Self.parts(&rest, depth: 0), rest.isEmpty else { return nil }
        for part in parts {
            amounts[part.element, default: 0] += part.amount
            rounding[part.element, default: 0] += part.rounding
        }
    }

    private typealias Part = (element: Element, amount: Double, rounding: Double)

    private static func parts(_ rest: inout Substring, depth: Int) -> [Part]? {
        guard depth < 8 else { return nil }
        var result: [Part] = []
        while let first = rest.first, first != ")", first != "]" {
            if first == "(" || first == "[" {
                rest = rest.dropFirst()
                guard let inner = parts(&rest, depth: depth + 1), !rest.isEmpty else { return nil }
                rest = rest.dropFirst()
                guard let (factor, _) = amount(&rest) else { return nil }
                result += inner.map { ($0.element, $0.amount * factor, $0.rounding * factor) }
                continue
            }
            guard let element = element(&rest), let (amount, rounding) = amount(&rest) else { return nil }
            result.append((element, amount, rounding))
        }
        return result
    }

    /// The longer symbol, as it is spelled: `Co`, not `C o`.
    private static func element(_ rest: inout Substring) -> Element? {
        for length in [2, 1] where rest.count >= length {
            let letters = rest.prefix(length)
            guard let element = Element(symbol: letters),
                letters == element.symbol || letters == "D" || letters == "T"
            else { continue }
            rest = rest.dropFirst(length)
            return element
        }
        return nil
    }

    private static func amount(_ rest: inout Substring) -> (Double, Double)? {
        let digits = rest.prefix { $0.isNumber || $0 == "." }
        rest = rest.dropFirst(digits.count)
        if digits.isEmpty { return (1, 0) }
        guard let value = TextNumber.double(digits) else { return nil }
        guard let point = digits.firstIndex(of: ".") else { return (value, 0) }
        let decimals = digits.distance(from: point, to: digits.endIndex) - 1
        return (value, 0.5 * pow(10, -Double(decimals)))
    }

    /// Whether it holds so many smaller formulas.
    func isMultiple(of units: Double) -> Bool {
        amounts.allSatisfy { abs($0.value / units - ($0.value / units).rounded()) < 1e-6 }
    }

    /// How many formula units the atoms make: by the element of which there is most mass, in the formula's proportions.
    func multiple(in composition: [Element: Double]) -> Double? {
        let heaviest = amounts.filter { $0.value > 0 }.max {
            $0.key.mass * $0.value < $1.key.mass * $1.value
        }
        guard let heaviest, let count = composition[heaviest.key], count > 0 else { return nil }
        return count / heaviest.value
    }

    /// - Parameters:
    ///   - tolerance: of the number of an element's atoms.
    func fits(
        _ composition: [Element: Double], units: Double, tolerance: Double
    ) -> Bool {
        Set(composition.keys).union(amounts.keys).allSatisfy { element in
            let (read, stated) = (composition[element] ?? 0, (amounts[element] ?? 0) * units)
            let slack = tolerance * max(read, stated) + (rounding[element] ?? 0) * units * 1.01 + 1e-6
            return abs(read - stated) <= slack
        }
    }
}
