import Crystallography

/// Oxidation states of a template's roles that leave it neutral, and the elements that may stand on them then.
package struct ChargePattern: Sendable, Hashable {
    /// Oxidation state of each role.
    package let charges: [Int]
    /// The elements allowed for each role, by atomic number; never empty.
    package let elements: [[Element]]

    /// What may stand where no charges are asked for: all up to plutonium, as far as the models go, but noble gases.
    package static let unchargedElements = Set(
        (1...94).compactMap { Element(atomicNumber: $0) }.filter {
            ![2, 10, 18, 36, 54, 86].contains($0.atomicNumber)
        })

    /// One pattern without charges, for templates of metals.
    ///
    /// - Parameter allowed: what may stand on a role's sites, by atomic number.
    /// - Throws: `DesignError.noElements` for the first site that is left without one.
    package static func uncharged(
        _ template: DesignTemplate, allowed: (DesignTemplate.Role) -> [Element]
    ) throws(DesignError) -> ChargePattern {
        let elements = template.roles.map(allowed)
        if let role = elements.firstIndex(where: \.isEmpty) {
            throw .noElements(site: template.roles[role].name, charge: 0)
        }
        return ChargePattern(charges: template.roles.map { _ in 0 }, elements: elements)
    }

    /// Every neutral pattern of a template in which each role has an element left.
    ///
    /// - Parameter allowed: what may stand on a role's sites in an oxidation state, by atomic number.
    /// - Throws: `DesignError.noNeutralPattern`, or `.noElements` for the first site that is left without one.
    package static func all(
        of template: DesignTemplate, allowed: (DesignTemplate.Role, _ charge: Int) -> [Element]
    ) throws(DesignError) -> [ChargePattern] {
        let assignments = neutralCharges(of: template)
        guard !assignments.isEmpty else {
            throw .noNeutralPattern(
                template: template.name,
                roles: template.roles.map { "\($0.name) \($0.charges)" }.joined(separator: ", "))
        }
        let patterns = assignments.map { charges in
            ChargePattern(
                charges: charges, elements: zip(template.roles, charges).map { allowed($0, $1) })
        }
        let filled = patterns.filter { !$0.elements.contains(where: \.isEmpty) }
        if let first = patterns.first, filled.isEmpty,
            let role = first.elements.firstIndex(where: \.isEmpty)
        {
            throw .noElements(site: template.roles[role].name, charge: first.charges[role])
        }
        return filled
    }

    /// Oxidation states of the roles that add up to nothing over the cell.
    private static func neutralCharges(of template: DesignTemplate) -> [[Int]] {
        let groups = template.roles.indices.map { role in
            Neutrality.Group(
                multiplicity: template.structure.atoms.count(where: { template.roleOfOrbit[$0.orbit] == role }
                ),
                charges: template.roles[role].charges)
        }
        return Neutrality(groups).assignments()
    }
}
