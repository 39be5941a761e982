import CGemmi
import Crystallography
import Foundation
import ReferenceData

/// The tables of X-ray form factors f0.
public enum ScatteringTable: String, Sendable, Hashable, CaseIterable {
    /// Waasmaier & Kirfel, Acta Cryst. A51 (1995) 416: atoms and ions, sinθ/λ ≤ 6 Å⁻¹.
    case wk95
    /// International Tables for Crystallography, Vol. C (1992): neutral atoms, sinθ/λ ≤ 2 Å⁻¹.
    case it92
    /// The four-Gaussian electron-scattering fit that pymatgen's `XRDCalculator` turns into X-ray factors.
    case pymatgen
}

/// The scattering of an atom at rest as a function of q = (sinθ/λ)², in electrons (X-rays) or fm (neutrons).
///
/// f(q) = c + p(q) Σ aᵢ exp(−bᵢ q), where p is 1 or −41.78214 q.
package struct FormFactor: Sendable, Hashable {
    /// c, whether p is −41.78214 q (1) or 1 (0), a₁…a₅, b₁…b₅: the layout of the C kernel.
    let coefficients: [Double]

    private init(constant: Double, quadratic: Bool = false, amplitudes: [Double] = [], decays: [Double] = [])
    {
        let padding = [Double](repeating: 0, count: 5 - amplitudes.count)
        coefficients = [constant, quadratic ? 1 : 0] + amplitudes + padding + decays + padding
    }

    /// An atom that scatters alike in all directions: a neutron scattering length.
    package init(constant: Double) {
        self.init(constant: constant, amplitudes: [])
    }

    /// The X-ray form factor of a species. A charge that the table lacks falls back on the neutral atom.
    package init(_ species: Species, table: ScatteringTable = .wk95) throws(DiffractionError) {
        let element = species.element
        let found: FormFactor? =
            switch table {
            case .wk95:
                FormFactorTable.waasmaierKirfel[.init(element: element, charge: species.charge ?? 0)]
                    ?? FormFactorTable.waasmaierKirfel[.init(element: element, charge: 0)]
            case .it92: FormFactor(it92: element)
            case .pymatgen: FormFactorTable.pymatgen[element]
            }
        guard let found else {
            throw .noScatteringFactor(species: species.description, table: table.rawValue)
        }
        self = found
    }

    /// Whether the table has no form factor for this charge, so that the neutral atom's is taken.
    package static func isNeutralStandIn(for species: Species, table: ScatteringTable = .wk95) -> Bool {
        guard let charge = species.charge, charge != 0, table == .wk95 else { return false }
        return FormFactorTable.waasmaierKirfel[.init(element: species.element, charge: charge)] == nil
    }

    private init?(it92 element: Element) {
        var row = [Double](repeating: 0, count: 9)
        guard wyckoff_it92(Int32(element.atomicNumber), &row) == 1 else { return nil }
        self.init(constant: row[8], amplitudes: Array(row[0..<4]), decays: Array(row[4..<8]))
    }

    /// f at q = (sinθ/λ)² in Å⁻².
    package func value(at q: Double) -> Double {
        var sum = 0.0
        for i in 0..<5 where coefficients[2 + i] != 0 {
            sum += coefficients[2 + i] * exp(-coefficients[7 + i] * q)
        }
        return coefficients[0] + (coefficients[1] == 1 ? -41.78214 * q * sum : sum)
    }

    fileprivate enum FormFactorTable {
        struct Key: Hashable {
            let element: Element
            let charge: Int
        }

        static let waasmaierKirfel: [Key: FormFactor] = {
            var table: [Key: FormFactor] = [:]
            for cell in ReferenceTable.rows(wyckoff_table_f0_waasmaier_kirfel()) {
                let numbers = cell.dropFirst().compactMap { Double($0) }
                guard let species = Species(symbol: cell[0]), numbers.count == 11 else { continue }
                table[Key(element: species.element, charge: species.charge ?? 0)] = FormFactor(
                    constant: numbers[10], amplitudes: Array(numbers[0..<5]), decays: Array(numbers[5..<10]))
            }
            return table
        }()

        static let pymatgen: [Element: FormFactor] = {
            var table: [Element: FormFactor] = [:]
            for cell in ReferenceTable.rows(wyckoff_table_f0_pymatgen()) {
                let numbers = cell.dropFirst().compactMap { Double($0) }
                guard let element = Element(symbol: cell[0]), numbers.count == 8 else { continue }
                table[element] = FormFactor(
                    constant: Double(element.atomicNumber), quadratic: true,
                    amplitudes: Array(numbers[0..<4]),
                    decays: Array(numbers[4..<8]))
            }
            return table
        }()
    }
}

/// An embedded tab-separated table: comment lines start with `#`.
enum ReferenceTable {
    static func rows(_ text: UnsafePointer<CChar>) -> [[Substring]] {
        String(cString: text).split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
            $0.split(separator: "\t", omittingEmptySubsequences: false)
        }
    }
}
