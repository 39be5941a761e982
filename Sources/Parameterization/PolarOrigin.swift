import NumericalMethods
import Symmetry

/// In a polar group a common shift along a polar direction describes the same crystal; one coordinate for each
/// such direction is fixed, as crystallographers do, so that no flat direction is left.
enum PolarOrigin {
    /// The coordinates to fix: on the orbit that scatters most, where it can move along the direction.
    static func pinnedCoordinates(orbits: [Orbit], spaceGroup: SpaceGroup) -> [ReducedStructure
        .CoordinateIndex]
    {
        var shifts = spaceGroup.polarDirections.map { coordinateShifts(orbits, along: SIMD3<Double>($0)) }
        let order = orbits.indices.sorted { orbits[$0].electrons > orbits[$1].electrons }
        let candidates = order.flatMap { orbit in
            orbits[orbit].coordinates.indices.reversed().map {
                ReducedStructure.CoordinateIndex(orbit: orbit, coordinate: $0)
            }
        }
        var pinned: [ReducedStructure.CoordinateIndex] = []
        for candidate in candidates where !shifts.isEmpty {
            func component(_ shift: [[Double]]) -> Double { shift[candidate.orbit][candidate.coordinate] }
            guard let pivot = shifts.indices.first(where: { abs(component(shifts[$0])) > 1e-9 }) else {
                continue
            }
            pinned.append(candidate)
            let used = shifts.remove(at: pivot)
            shifts = shifts.map { shift in
                let factor = component(shift) / component(used)
                return zip(shift, used).map { zip($0, $1).map { $0 - factor * $1 } }
            }
        }
        return pinned
    }

    /// How the free coordinates of every orbit change under a common shift: A δu = direction.
    private static func coordinateShifts(_ orbits: [Orbit], along direction: SIMD3<Double>) -> [[Double]] {
        orbits.map { orbit in
            let zero = [Double](repeating: 0, count: orbit.coordinates.count)
            let origin = orbit.siteSymmetry.position(zero)
            return orbit.siteSymmetry.parameters(of: origin + direction)
        }
    }
}
