/// How a record stands against the phases of its chemical system.
package struct RecordStability: Sendable, Hashable {
    /// A phase of what it would fall apart into.
    package struct Part: Sendable, Hashable {
        package var name: String
        /// Of the atoms.
        package var share: Double
    }

    /// How the energies were had.
    package var method: String
    /// eV/atom; nil where there is none.
    package var energy: Double?
    /// eV/atom above the hull of the reference, below 0 where it would change the hull; nil where there is none.
    package var aboveHull: Double?
    /// The mixture of least energy, the largest part first.
    package var decomposition: [Part] = []
    /// Phases of its chemical system with an energy.
    package var competitors: Int
    /// Why there is no energy or no hull, or what is to be said of it.
    package var note: String
}
