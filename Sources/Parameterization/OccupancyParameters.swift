import Crystallography

extension ReducedStructure {
    /// The occupancies, which every atom of an orbit shares: `O1.occupancy`, and `M1.Ti.occupancy` for each species of
    /// a shared site. A shared site that is full stays full: its last species takes what the others leave, and is no
    /// parameter; a partly filled one has all its species as parameters, each bounded by the room that is left.
    public var occupancyParameters: [Parameter] {
        freeOccupancies.map { index in
            let orbit = orbits[index.orbit]
            let value = orbit.occupants[index.occupant].occupancy
            let species = orbit.occupants.map { $0.species.description }
            guard orbit.occupants.count > 1 else {
                return Parameter(
                    name: "\(orbit.label).occupancy", value: value, kind: .occupancy, bounds: 0...1,
                    formula: "occupancy")
            }
            let total = orbit.occupants.reduce(0) { $0 + $1.occupancy }
            let room =
                orbit.isFullyShared ? orbit.occupants[orbit.occupants.count - 1].occupancy : 1 - total
            let formula =
                orbit.isFullyShared
                ? "\(species[species.count - 1]) = 1 - \(species.dropLast().joined(separator: " - "))"
                : "\(species.joined(separator: " + ")) ≤ 1"
            return Parameter(
                name: "\(orbit.label).\(species[index.occupant]).occupancy", value: value, kind: .occupancy,
                bounds: 0...max(value, min(1, value + room)), formula: formula)
        }
    }

    /// The values of `occupancyParameters`; setting them keeps full sites full.
    package var occupancyVector: [Double] {
        get { freeOccupancies.map { orbits[$0.orbit].occupants[$0.occupant].occupancy } }
        set {
            for (index, value) in zip(freeOccupancies, newValue) {
                let last = orbits[index.orbit].occupants.count - 1
                if orbits[index.orbit].isFullyShared {
                    let change = value - orbits[index.orbit].occupants[index.occupant].occupancy
                    orbits[index.orbit].occupants[last].occupancy -= change
                }
                orbits[index.orbit].occupants[index.occupant].occupancy = value
            }
        }
    }

    /// ∂(occupancy of each species of an orbit)/∂(parameter): 1 for its own, −1 for the species that takes the rest.
    /// One for each of `occupancyParameters`.
    package var occupancyDerivatives: [(orbit: Int, occupants: [Double])] {
        freeOccupancies.map { index in
            let orbit = orbits[index.orbit]
            var derivative = [Double](repeating: 0, count: orbit.occupants.count)
            derivative[index.occupant] = 1
            if orbit.isFullyShared { derivative[orbit.occupants.count - 1] = -1 }
            return (index.orbit, derivative)
        }
    }

    private var freeOccupancies: [(orbit: Int, occupant: Int)] {
        orbits.indices.flatMap { orbit in
            let all = orbits[orbit].occupants.indices
            return (orbits[orbit].isFullyShared ? all.dropLast() : all).map { (orbit, $0) }
        }
    }
}

extension Orbit {
    /// Several species that fill the site: their occupancies sum to 1.
    var isFullyShared: Bool {
        occupants.count > 1 && abs(occupants.reduce(0) { $0 + $1.occupancy } - 1) < 1e-6
    }
}
