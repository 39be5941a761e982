import Crystallography

extension ReducedStructure {
    /// g/cm³.
    public var density: Double {
        let mass = orbits.reduce(0.0) { sum, orbit in
            sum + Double(orbit.multiplicity) * orbit.occupants.reduce(0) { $0 + $1.mass }
        }
        return Density.of(mass: mass, in: lattice.volume)
    }
}
