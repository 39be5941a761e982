import Crystallography
import Foundation

/// What bond valences miss when the error of the general parameters is taken off.
///
/// The lengths of bonds of valence 1 that follow from two numbers for each element are longer than those tabulated for a few cations
/// and oxygen (Brese & O'Keeffe, Acta Cryst. B47 (1991) 192): quartz's valences come out a quarter too high. One common factor, as far as
/// these errors reach, may lower them; atoms at wrong places err each in its own way.
package struct CommonBondScale: Sendable, Hashable {
    /// By which the sums come nearest to the charges, as far as it may go.
    package let factor: Double
    /// √⟨(factor · sum − |state|)²⟩ over all atoms, v.u.
    package let instability: Double

    /// Å by which the general parameters make a bond to oxygen of valence 1 too long, where that is 0.04 and more.
    private static let errors = [
        "Si": 0.076, "P": 0.080, "As": 0.060, "Sb": 0.055, "Sn": 0.052, "Mg": 0.050, "Al": 0.047,
    ]

    /// - Parameter structure: whose sums these are.
    package init(_ valences: BondValenceSums, of structure: CrystalStructure) {
        let pairs = zip(valences.sums, structure.sites).map { sum, site in
            let state = site.occupants.first.flatMap { valences.states[$0.species.element] } ?? 0
            return (sum: sum, charge: Double(abs(state)))
        }
        let symbols = Set(valences.states.keys.map(\.symbol))
        let error = symbols.contains("O") ? symbols.compactMap { Self.errors[$0] }.max() ?? 0 : 0
        let square = pairs.reduce(0) { $0 + $1.sum * $1.sum }
        let best = square > 0 ? pairs.reduce(0) { $0 + $1.sum * $1.charge } / square : 1
        let factor = min(1, max(exp(-error / BondValence.softness), best))
        let missed = pairs.reduce(0) { $0 + pow(factor * $1.sum - $1.charge, 2) }
        (self.factor, instability) = (factor, (missed / Double(max(1, pairs.count))).squareRoot())
    }
}
