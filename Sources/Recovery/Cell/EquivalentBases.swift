import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// Other axes of the same lattice in which a group keeps its setting: cells with the same lines, near a start's cell.
///
/// Positions of lines cannot tell them apart, and occupied positions that are known hold in one of them: C2/m on
/// (a, b, a + c) has the letters c and d exchanged.
package struct EquivalentBases {
    package let lattices: [LatticeParameters]

    /// - Parameters:
    ///   - spread: how far, as the strength of a distortion, the start's cell may be off.
    ///   - settings: how many at most, the nearest to the start's cell first; `lattice` itself is not among them.
    package init(
        of lattice: LatticeParameters, in group: SpaceGroup, near start: Lattice, spread: Double,
        settings: ExactSettings.Cells
    ) {
        let vectors = lattice.lattice.vectors
        let own = Self.lines(lattice.lattice, group)
        let target = LatticeParameters(of: start, in: group).lattice
        var found: [(distance: Double, lattice: LatticeParameters)] = []
        for matrix in Self.matrices {
            let moved = Lattice(vectors: matrix * vectors)
            let distance = Self.distance(moved, target)
            guard distance < settings.basisReach * spread else { continue }
            let parameters = LatticeParameters(of: moved, in: group)
            let ideal = parameters.lattice
            guard Self.distance(ideal, moved) < 1e-6, !parameters.agrees(with: lattice, within: 1e-6),
                !found.contains(where: { $0.lattice.agrees(with: parameters, within: 1e-6) })
            else { continue }
            let lines = Self.lines(ideal, group)
            guard lines.count == own.count, zip(lines, own).allSatisfy({ abs($0 - $1) < 1e-6 * $1 }) else {
                continue
            }
            found.append((distance, parameters))
        }
        found.sort { $0.distance < $1.distance }
        lattices = found.prefix(settings.bases).map(\.lattice)
    }

    /// The largest relative difference of lengths, or difference of angles in radians.
    private static func distance(_ a: Lattice, _ b: Lattice) -> Double {
        var largest = 0.0
        for k in 0..<3 {
            let length: Double = abs(a.lengths[k] / b.lengths[k] - 1)
            let angle: Double = abs(a.angles[k] - b.angles[k]) * .pi / 180
            largest = max(largest, length, angle)
        }
        return largest
    }

    /// (sinθ/λ)² of the reflections that are not absent, ascending.
    private static func lines(_ lattice: Lattice, _ group: SpaceGroup) -> [Double] {
        let metric = lattice.reciprocalMetric
        // About a hundred points of the reciprocal lattice, whatever the cell's volume.
        let points = 100 / (4.19 * lattice.volume)
        let limit: Double = 0.25 * pow(points, 2.0 / 3)
        return ReflectionList(operations: group.operations, reciprocalMetric: metric, limit: limit).indices
            .map { ReflectionList.q(of: $0, reciprocalMetric: metric) }.sorted()
    }

    /// Entries −1, 0, 1 and determinant 1.
    private static let matrices: [Matrix3] = {
        let values: [Double] = [-1, 0, 1]
        var rows: [SIMD3<Double>] = []
        for x in values {
            for y in values {
                for z in values { rows.append(SIMD3<Double>(x, y, z)) }
            }
        }
        var all: [Matrix3] = []
        for x in rows {
            for y in rows {
                for z in rows {
                    let matrix = Matrix3(rows: x, y, z)
                    if abs(matrix.determinant - 1) < 0.5 { all.append(matrix) }
                }
            }
        }
        return all
    }()
}
