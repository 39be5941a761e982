import NumericalMethods
import Parameterization
import Symmetry

/// The orbits of a structure as plain numbers: where each stands for given coordinates, and which coordinates are free.
///
/// Moves of whole orbits are made in all coordinates; `free` then brings the structure back to the fixed origin of a
/// polar group, so that the orbit that pins the origin can be moved like any other.
package struct OrbitFrames: Sendable {
    package struct Frame: Sendable {
        package let base: SIMD3<Double>
        package let directions: [SIMD3<Double>]
        /// Atoms of one cell.
        package let images: [(rotation: Matrix3, translation: SIMD3<Double>)]

        package func position(_ coordinates: [Double]) -> SIMD3<Double> {
            var sum = base
            for k in directions.indices { sum += coordinates[k] * directions[k] }
            return sum
        }
    }

    package let frames: [Frame]
    /// Orbit and coordinate of each free coordinate.
    package let slots: [ReducedStructure.CoordinateIndex]
    private let template: [[Double]]
    private let pinned: [ReducedStructure.CoordinateIndex]
    /// How every coordinate changes under a shift along each polar direction.
    private let shifts: [[[Double]]]

    package init(_ structure: ReducedStructure) {
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
    package func coordinates(_ free: some Collection<Double>) -> [[Double]] {
        var all = template
        for (slot, value) in zip(slots, free) { all[slot.orbit][slot.coordinate] = value }
        return all
    }

    /// The free coordinates of the same crystal about the fixed origin; nil where no shift reaches it.
    package func free(_ all: [[Double]]) -> [Double]? {
        guard !pinned.isEmpty else { return slots.map { all[$0.orbit][$0.coordinate] } }
        guard pinned.count == shifts.count else { return nil }
        // At most three equations: the shifts along the polar directions that bring the pinned coordinates back.
        let n = pinned.count
        let matrix = DenseMatrix(
            rows: n, columns: n,
            elements: pinned.flatMap { index in shifts.map { $0[index.orbit][index.coordinate] } })
        let wanted = pinned.map { index in
            template[index.orbit][index.coordinate] - all[index.orbit][index.coordinate]
        }
        let amounts: [Double]
        do {
            amounts = try matrix.solve(wanted)
        } catch {
            // Singular: no shift moves the pinned coordinates.
            return nil
        }
        guard amounts.allSatisfy({ abs($0) < Self.farthestShift }) else { return nil }
        return slots.map { slot in
            var value = all[slot.orbit][slot.coordinate]
            for (amount, shift) in zip(amounts, shifts) {
                value += amount * shift[slot.orbit][slot.coordinate]
            }
            return value
        }
    }

    /// In cells; a matrix that asks for more is singular but for rounding.
    private static let farthestShift = 1e9

    /// Every atom that the operations make of one orbit.
    package func points(_ orbit: Int, _ coordinates: [Double]) -> [SIMD3<Double>] {
        let position = frames[orbit].position(coordinates)
        return frames[orbit].images.map { $0.rotation * position + $0.translation }
    }
}
