import Crystallography
import PropertyModels

/// A contact of two orbits of different roles at the template's coordinates.
struct IonicContact: Sendable {
    var first: Int
    var second: Int
    /// Å.
    var distance: Double

    /// Each orbit's nearest neighbours of another role.
    static func all(of template: DesignTemplate) -> [IonicContact] {
        let geometry = CrystalGeometry(template.structure)
        let list = NeighbourList(template.structure, ties: .symmetric)
        var result: [IonicContact] = []
        for entry in list.entries where entry.atom >= 0 {
            let other = geometry.orbits[Int(entry.atom)]
            let target = Int(entry.target)
            guard template.roleOfOrbit[other] != template.roleOfOrbit[target] else { continue }
            let difference =
                geometry.positions[Int(entry.atom)] + SIMD3<Double>(entry.cell)
                - geometry.positions[geometry.representatives[target]]
            result.append(
                IonicContact(
                    first: target, second: other, distance: geometry.lattice.length(difference)))
        }
        return result
    }
}

extension DesignProblem {
    /// Variables with the template's coordinates and the cell in which ions of opposite charge touch, on the mean of
    /// the closest contact of each orbit; where there are no charges, in which atoms of any two sites touch.
    package func ionicStart(_ decoration: Decoration) -> [Double] {
        let charges = patterns[decoration.pattern].charges
        var factors = [Double](repeating: .infinity, count: decoration.elements.count)
        for contact in contacts {
            let (i, j) = (template.roleOfOrbit[contact.first], template.roleOfOrbit[contact.second])
            guard charges[i] * charges[j] < 0 || !asksCharges else { continue }
            let sum =
                radius(decoration.elements[contact.first], role: i, pattern: decoration.pattern)
                + radius(decoration.elements[contact.second], role: j, pattern: decoration.pattern)
            // The cell that this contact asks for, as a factor of the template's: the closest contact decides.
            factors[contact.first] = min(factors[contact.first], contact.distance / sum)
        }
        let cations = factors.indices.filter {
            (charges[template.roleOfOrbit[$0]] > 0 || !asksCharges) && factors[$0].isFinite
        }
        guard !cations.isEmpty else { return space.start }
        let weight = cations.reduce(0) { $0 + space.multiplicities[$1] }
        let mean = cations.reduce(0) { $0 + space.multiplicities[$1] / factors[$1] } / weight
        return space.scaled(space.start, by: mean)
    }

    /// Where the variables of a decorated template may go.
    package func bounds(_ decoration: Decoration) -> [ClosedRange<Double>] {
        guard let ionicWindow else { return space.bounds }
        let ionic = ionicStart(decoration)
        return space.bounds.indices.map { k in
            guard space.isLength[k] else { return space.bounds[k] }
            let low = max(space.bounds[k].lowerBound, ionic[k] * (1 - ionicWindow))
            return low...max(low, min(space.bounds[k].upperBound, ionic[k] * (1 + ionicWindow)))
        }
    }
}
