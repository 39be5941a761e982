import Crystallography

/// Which ions may share the sites of a role where nothing is to move far: radii alike (Goldschmidt's rule of substitution) and, in a
/// perovskite, a tolerance and an octahedral factor in range of every A, B and X that meet, not of their means alone.
package struct SubstitutionRule: Sendable {
    private let problem: DesignProblem
    private var settings: DesignSettings.Substitution { problem.settings.substitution }

    package init(_ problem: DesignProblem) { self.problem = problem }

    /// Whether the elements of a decoration may stand together.
    package func admits(_ decoration: Decoration) -> Bool {
        var palettes = [Set<Element>](repeating: [], count: problem.template.roles.count)
        for (orbit, element) in decoration.elements.enumerated() {
            palettes[problem.template.roleOfOrbit[orbit]].insert(element)
        }
        return admits(palettes.map { Array($0) }, pattern: decoration.pattern)
    }

    /// The same of the elements of each role.
    package func admits(_ palettes: [[Element]], pattern: Int) -> Bool {
        let radii = palettes.indices.map { role in
            palettes[role].map { problem.ionicRadius($0, role: role, pattern: pattern) }
        }
        let isAlike = radii.allSatisfy { own in
            guard let least = own.min(), let largest = own.max(), least > 0 else { return false }
            return largest <= (1 + settings.radiusSpread) * least
        }
        guard isAlike else { return false }
        guard let roles = problem.template.perovskiteRoles else { return true }
        // Of sums of radii the crystal's are as good as the ions'.
        return radii[roles[2]].allSatisfy { x in
            radii[roles[1]].allSatisfy { b in
                settings.octahedral.contains(b / x)
                    && radii[roles[0]].allSatisfy { a in
                        ToleranceFactor.goldschmidt.value(a: a, b: b, x: x, charge: 1)
                            .map(settings.tolerance.contains) ?? false
                    }
            }
        }
    }
}
