extension Contacts {
    /// What a contact depends on.
    package struct Atom: Sendable {
        package var position: SIMD3<Double>
        package var radius: Double?
        package var occupancy: Double

        package init(_ occupants: [Occupant], at position: SIMD3<Double>) {
            self.position = position
            radius = ContactLimits.radius(of: occupants)
            occupancy = occupants.reduce(0) { $0 + $1.occupancy }
        }
    }
}
