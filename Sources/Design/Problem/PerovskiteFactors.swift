import Crystallography

/// What the radii of its ions say of a perovskite.
extension DesignProblem {
    /// Of the mean radii of the roles; nil where the template has none.
    package func toleranceFactor(_ decoration: Decoration) -> Double? {
        toleranceFactor(decoration, kind: toleranceKind)
    }

    private func toleranceFactor(_ decoration: Decoration, kind: ToleranceFactor) -> Double? {
        guard let roles = template.perovskiteRoles else { return nil }
        let radii = meanRadii(decoration)
        return kind.value(
            a: radii[roles[0]], b: radii[roles[1]], x: radii[roles[2]],
            charge: Double(patterns[decoration.pattern].charges[roles[0]]))
    }

    /// Å, of each role.
    private func meanRadii(_ decoration: Decoration) -> [Double] {
        var sums = [Double](repeating: 0, count: template.roles.count)
        var counts = sums
        for (orbit, element) in decoration.elements.enumerated() {
            let role = template.roleOfOrbit[orbit]
            sums[role] +=
                space.multiplicities[orbit] * radius(element, role: role, pattern: decoration.pattern)
            counts[role] += space.multiplicities[orbit]
        }
        return zip(sums, counts).map { $0 / $1 }
    }

    /// Å by which a crystal radius is an ionic one, less for an anion (Shannon).
    private static let crystalShift = 0.14

    /// The ionic radius of B over that of X; nil where the template is no perovskite.
    ///
    /// From 0.414 on six X touch a B and one another at most (Pauling); perovskites that pressure does not make lie between 0.4 and 0.9.
    package func octahedralFactor(_ decoration: Decoration) -> Double? {
        guard let roles = template.perovskiteRoles else { return nil }
        let (radii, charges) = (meanRadii(decoration), patterns[decoration.pattern].charges)
        func ionic(_ role: Int) -> Double { radii[role] - Self.crystalShift * Double(charges[role].signum()) }
        return ionic(roles[1]) / ionic(roles[2])
    }

    /// Å, of an element in a pattern's role.
    func ionicRadius(_ element: Element, role: Int, pattern: Int) -> Double {
        radius(element, role: role, pattern: pattern)
            - Self.crystalShift * Double(patterns[pattern].charges[role].signum())
    }

    /// Whether tolerance factor, τ and octahedral factor are in their ranges, where any is asked for.
    package func meetsTolerance(_ decoration: Decoration) -> Bool {
        if let largestTau {
            // Not defined, and no perovskite, where A is no larger than B.
            guard let tau = toleranceFactor(decoration, kind: .bartel), tau < largestTau else { return false }
        }
        if let octahedralRange {
            guard octahedralFactor(decoration).map(octahedralRange.contains) ?? false else { return false }
        }
        guard let range = toleranceRange else { return true }
        return toleranceFactor(decoration).map(range.contains) ?? false
    }
}
