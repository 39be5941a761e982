extension Contacts {
    /// Partly occupied sites too close to each other of which any two would exclude each other, but which hold more
    /// than one atom together.
    public struct Crowd: Sendable, Hashable, Codable {
        /// Indices of the atoms in the cell, ascending.
        public let atoms: [Int]
        /// Of all of them together: above 1.
        public let occupancy: Double
    }
}
