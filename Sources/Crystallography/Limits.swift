/// What a crystal, a diffractometer and a computer can hold. Beyond lies a slip of the unit or of a digit: it is refused,
/// not calculated.
package enum Limits {
    /// Å. Below 0.01 Å (γ rays of 1 MeV) and above 100 Å nothing is diffracted by a crystal.
    package static let wavelengths = 0.01...100.0
    /// Å. No two atoms fit below 0.1 Å; the largest crystals of viruses stay far below 10⁵ Å.
    package static let cellLengths = 0.1...1e5
    /// Indices hkl that one list of reflections may look at, in the half of the sphere that Friedel's law leaves: a
    /// minute's work. Ribosomes to 1 Å are there.
    package static let reflections = 50_000_000
    /// Atoms of one cell: a minute's work.
    package static let atoms = 1_000_000
    /// Points of one pattern: 180° in steps of 0.0001° are two million.
    package static let points = 10_000_000
    /// Fractional coordinates, in cells, to either side: any farther is no description of a crystal.
    package static let coordinates = -100.0...100.0

    /// Whether fractional coordinates name a place of a crystal; what is no number does not.
    package static func hold(_ position: SIMD3<Double>) -> Bool {
        (0..<3).allSatisfy { coordinates.contains(position[$0]) }
    }
}
