import Crystallography

/// An element on each of a template's orbits, in one of the problem's patterns of oxidation states.
package struct Decoration: Sendable, Hashable {
    /// Index into `DesignProblem.patterns`.
    package var pattern: Int
    /// One for each orbit.
    package var elements: [Element]

    /// Elements on the orbits, in their order.
    package init(pattern: Int, elements: [Element]) {
        self.pattern = pattern
        self.elements = elements
    }
}

/// What makes two decorations the same composition: on how many sites of each role every element stands, whatever the
/// pattern of oxidation states.
package struct SiteComposition: Sendable, Hashable {
    /// Sites of the cell by element, one for each role.
    package let roles: [[Element: Int]]

    package init(roles: [[Element: Int]]) { self.roles = roles }
}
