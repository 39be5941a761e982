import CrystalFiles
import Crystallography
import Foundation
import NumericalMethods
import Symmetry

/// The clauses that need no search for symmetry, each from the record alone.
struct RecordClauses {
    let record: CrystalRecord

    private var structure: CrystalStructure { record.structure }

    var complete: VerdictClause {
        let omissions = record.warnings(.omission)
        guard omissions.isEmpty else {
            return ValidationClause.complete.fails(omissions.joined(separator: "; "))
        }
        return ValidationClause.complete.holds(
            "\(structure.sites.count) atoms in the cell, all with an element")
    }

    var statements: VerdictClause {
        var faults = record.warnings(.contradiction)
        // Where the reader has said it, once is enough.
        if faults.isEmpty, let own = Claim(of: record).contradiction { faults = [own] }
        guard faults.isEmpty else {
            return ValidationClause.statements.fails(faults.joined(separator: "; "))
        }
        return ValidationClause.statements.holds("nothing that the file states speaks against what it holds")
    }

    var occupancies: VerdictClause {
        let most = 1 + ContactLimits.standard.occupancyExcess
        for site in structure.sites {
            let sum = site.occupants.reduce(0) { $0 + $1.occupancy }
            let isPart = site.occupants.allSatisfy { $0.occupancy > 0 }
            guard isPart, sum > 0, sum <= most else {
                let amount = String(format: "%.4g", sum)
                return ValidationClause.occupancies.fails(
                    isPart
                        ? "\(site.name) is occupied \(amount) times"
                        : "an occupancy of \(site.name) is not above 0")
            }
        }
        return ValidationClause.occupancies.holds("no place holds more than one atom")
    }

    func contacts(_ contacts: Contacts) -> VerdictClause {
        guard let tightest = contacts.tightest else {
            return ValidationClause.contacts.unknown("there are no two atoms")
        }
        let pair = tightest.sentence(in: structure)
        guard tightest.share < ContactLimits.standard.leastShare else {
            return ValidationClause.contacts.holds("\(pair), the nearest for their radii")
        }
        if let crowd = contacts.crowd {
            let sum = String(format: "%.2f", crowd.occupancy)
            return ValidationClause.contacts.fails(
                "\(pair), at a place of \(crowd.atoms.count) sites whose occupancies add up to \(sum)")
        }
        return ValidationClause.contacts.fails(pair)
    }

    var density: VerdictClause {
        if let fault = DensityLimits.standard.fault(of: structure) {
            return ValidationClause.density.fails(fault)
        }
        return ValidationClause.density.holds(String(format: "%.3f g/cm³", structure.density))
    }

    func neutrality(_ balance: ChargeBalance) -> VerdictClause {
        switch ChargeBalance.stated(structure) {
        case .neutral: return ValidationClause.neutrality.holds("the stated charges add up to nothing")
        case .charged(let rest):
            return ValidationClause.neutrality.fails(
                String(format: "the stated charges leave %+.3g for each cell", rest))
        case .unstated: break
        }
        guard let states = balance.states else { return ValidationClause.neutrality.unknown(balance.reason) }
        return ValidationClause.neutrality.holds(
            states.isEmpty
                ? balance.reason
                : "\(ChargeBalance.text(states)) add up to nothing; the file states no charges")
    }

    /// Elements up to einsteinium have been seen in crystals.
    private static let heaviest = 99

    var composition: VerdictClause {
        let formula = Formula(structure).reduced.text()
        if let heavy = structure.composition.keys.max(), heavy.atomicNumber > Self.heaviest {
            return ValidationClause.composition.fails(
                "\(formula) holds \(heavy.symbol), of which no crystal has been made")
        }
        let gases = structure.composition.keys.filter { [2, 10, 18].contains($0.atomicNumber) }.sorted()
        if let gas = gases.first, structure.composition.count > 1 {
            return ValidationClause.composition.unknown(
                "\(formula): \(gas.symbol) binds nothing but under pressure")
        }
        let count = structure.composition.count
        return ValidationClause.composition.holds("\(formula), \(count) element\(count == 1 ? "" : "s")")
    }

    /// An occupancy that is rounded counts as whole within this.
    private static let wholeness = 1e-3

    var order: VerdictClause {
        let mixed = structure.sites.filter { site in
            site.occupants.count > 1 || site.occupants.contains { abs($0.occupancy - 1) > Self.wholeness }
        }
        guard let first = mixed.first else {
            return ValidationClause.order.holds("all \(structure.sites.count) sites are held by one atom")
        }
        let parts = first.occupants.map { String(format: "%@ %.4g", "\($0.species)", $0.occupancy) }
        return ValidationClause.order.unknown(
            "\(mixed.count) of \(structure.sites.count) sites are shared or partly occupied: \(first.name) by "
                + parts.joined(separator: ", "))
    }

    var cell: VerdictClause {
        let gap = EmptyLayer.widest(in: structure)
        let width = String(format: "%.1f Å", gap)
        return gap <= EmptyLayer.largest
            ? ValidationClause.cell.holds("no layer wider than \(width) is empty")
            : ValidationClause.cell.fails(
                String(
                    format:
                        "a layer of \(width) holds no atom, more than %.0f Å: a slab, a chain or a molecule in a box",
                    EmptyLayer.largest))
    }

    /// Å²: rounding of refined values.
    private static let leastSquare = -1e-5
    /// Å²: an atom that is displaced by 1 Å on average is nowhere.
    private static let largestSquare = 1.0

    var displacements: VerdictClause {
        var isStated = false
        for site in structure.sites {
            guard let displacement = site.displacement else { continue }
            isStated = true
            let squares = principalSquares(displacement)
            guard let least = squares.min(), let largest = squares.max(), least >= Self.leastSquare,
                largest <= Self.largestSquare
            else {
                let bad = squares.first { !($0 >= Self.leastSquare && $0 <= Self.largestSquare) } ?? .nan
                return ValidationClause.displacements.fails(
                    "the mean-square displacement of \(site.name) is \(String(format: "%.4g", bad)) Å²")
            }
        }
        guard isStated else { return ValidationClause.displacements.unknown("no displacements are stated") }
        return ValidationClause.displacements.holds("every mean-square displacement is possible")
    }

    /// Å², along the principal axes.
    private func principalSquares(_ displacement: Displacement) -> [Double] {
        switch displacement {
        case .isotropic(let b): return [b / (8 * Double.pi * Double.pi)]
        case .anisotropic(let u):
            let (lattice, lengths) = (structure.lattice, structure.lattice.reciprocal.lengths)
            var scaled = u
            for i in 0..<3 { for j in 0..<3 { scaled[i, j] *= lengths[i] * lengths[j] } }
            let cartesian = lattice.vectors.transpose * scaled * lattice.vectors
            var matrix = DenseMatrix(rows: 3, columns: 3)
            for i in 0..<3 { for j in 0..<3 { matrix[i, j] = cartesian[i, j] } }
            // A tensor that is no number has no axes and is none.
            return (try? SymmetricEigen(matrix).values) ?? [.nan]
        }
    }
}
