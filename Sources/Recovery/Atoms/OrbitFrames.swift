import NumericalMethods
import Parameterization
import Symmetry

/// The orbits of a structure as plain numbers: where each stands for given coordinates, and which coordinates are free.
///
/// Moves of whole orbits are made in all coordinates; `free` then brings the structure back to the fixed origin of a
/// polar group, so that the orbit that pins the origin can be moved like any other.
struct OrbitFrames: Sendable {
    struct Frame: Sendable {
        let base: SIMD3<Double>
        let directions: [SIMD3<Double>]
        /// Atoms of one cell.
        let images: [(rotation: Matrix3, translation: SIMD3<Double>)]

        func position(_ coordinates: [Double]) -> SIMD3<Double> {
            var sum = base
            for k in directions.indices { sum += coordinates[k] * directions[k] }
            return sum
        }
    }

    let frames: [Frame]
    /// Orbit and coordinate of each free coordinate.
    let slots: [ReducedStructure.CoordinateIndex]
    private let template: [[Double]]
    private let pinned: [ReducedStructure.CoordinateIndex]
    /// How every coordinate changes under a shift along each polar direction.
    private let shifts: [[[Double]]]

    init(_ structure: ReducedStructure) {
        frames = structure.orbits.map { orbit in
            let site = orbit.siteSymmetry
            return Frame(
                base: site.position([Double](repeating: 0, count: orbit.coordinates.count)),
                directions: site.directions.map { SIMD3<Double>($0) },
                images: orbit.images.map {
                    (
                        Matrix3($0.rotation),
                        SIMD3<Double>($0.translation) / Double(SymmetryOperation.denominator)
                    )
                })
        }
        slots = structure.freeCoordinates
        template = structure.orbits.map(\.coordinates)
        pinned = structure.originCoordinates
        shifts = structure.spaceGroup.polarDirections.map { direction in
            structure.orbits.map { orbit in
                let site = orbit.siteSymmetry
                let origin = site.position([Double](repeating: 0, count: orbit.coordinates.count))
                return site.parameters(of: origin + SIMD3<Double>(direction))
            }
        }
    }

    /// All coordinates of every orbit for given free ones.
    func coordinates(_ free: some Collection<Double>) -> [[Double]] {
        var all = template
        for (slot, value) in zip(slots, free) { all[slot.orbit][slot.coordinate] = value }
        return all
    }

    /// The free coordinates of the same crystal about the fixed origin; nil where no shift reaches it.
    func free(_ all: [[Double]]) -> [Double]? {
        guard !pinned.isEmpty else { return slots.map { all[$0.orbit][$0.coordinate] } }
        guard pinned.count == shifts.count else { return nil }
        let n = pinned.count
        // Gauss–Jordan on at most three equations.
        var rows = pinned.map { index in
            shifts.map { $0[index.orbit][index.coordinate] }
                + [template[index.orbit][index.coordinate] - all[index.orbit][index.coordinate]]
        }
        for k in 0..<n {
            guard let pivot = (k..<n).max(by: { abs(rows[$0][k]) < abs(rows[$1][k]) }),
                abs(rows[pivot][k]) > 1e-9
            else { return nil }
            rows.swapAt(k, pivot)
            for i in 0..<n where i != k {
                let factor = rows[i][k] / rows[k][k]
                for j in k...n { rows[i][j] -= factor * rows[k][j] }
            }
        }
        let amounts = (0..<n).map { rows[$0][n] / rows[$0][$0] }
        return slots.map { slot in
            var value = all[slot.orbit][slot.coordinate]
            for (amount, shift) in zip(amounts, shifts) {
                value += amount * shift[slot.orbit][slot.coordinate]
            }
            return value
        }
    }

    /// Every atom that the operations make of one orbit.
    func points(_ orbit: Int, _ coordinates: [Double]) -> [SIMD3<Double>] {
        let position = frames[orbit].position(coordinates)
        return frames[orbit].images.map { $0.rotation * position + $0.translation }
    }
}
