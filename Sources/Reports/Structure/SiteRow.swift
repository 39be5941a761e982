import Parameterization

/// An atom of the asymmetric unit, as summaries give it.
package struct SiteRow: Codable, Sendable {
    package var label: String
    package var element: String
    package var letter: String
    package var multiplicity: Int
    /// Fractional, as are y and z.
    package var x: Double
    package var y: Double
    package var z: Double

    /// Elements that share the position stand side by side, `Si/Al`.
    package init(_ orbit: Orbit) {
        label = orbit.label
        element = orbit.occupants.map(\.species.element.symbol).joined(separator: "/")
        letter = orbit.letter
        multiplicity = orbit.multiplicity
        (x, y, z) = (orbit.position.x, orbit.position.y, orbit.position.z)
    }
}
