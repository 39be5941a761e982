import Crystallography
import Foundation
import NumericalMethods

/// The symmetry of a site: which operations leave it in place, and the affine subspace x = A u + b that they
/// leave it free to move on.
///
/// It comes from the operations alone; no table is needed, so it holds in any cell and about any origin.
public struct SiteSymmetry: Sendable, Hashable {
    /// The operations with R x + t = x exactly for every x of the site's subspace, lattice translations
    /// included; the identity first. Empty where translations are real (`init(of:inAffine:…)`).
    public let stabilizer: [SymmetryOperation]
    /// The rotation parts of the stabilizer: the site's point group.
    package let rotations: [IntegerMatrix3]
    /// b, exact; nil where translations are real.
    package let exactOffset: [Rational]?
    /// b in fractional coordinates; zero at the coordinates that name a direction.
    public let offset: SIMD3<Double>
    let fixed: FixedDirections
    /// The mean of the rotations: the projector on `directions`.
    package let projector: Matrix3

    /// 0–3 columns of A: a saturated integer basis in reduced echelon form, so that x,2x,z has (1,2,0), (0,0,1).
    public var directions: [SIMD3<Int>] { fixed.directions }

    /// One for each direction: the coordinate that carries it with coefficient 1 (`x`, `y`, `z`); where there is
    /// none, `u`, `v`, `w`.
    public var coordinateNames: [String] { fixed.names }

    /// The number of free coordinates, 0 to 3.
    public var degreesOfFreedom: Int { fixed.directions.count }

    /// How many operations leave the site in place.
    public var order: Int { rotations.count }

    /// Of `point` (fractional) under a group's operations, all of them, lattice translations left out.
    ///
    /// An operation is taken to fix the point if it moves it by less than `tolerance` (Å); what is returned is
    /// always a group.
    public init(
        of point: SIMD3<Double>, in operations: [SymmetryOperation], lattice: Lattice, tolerance: Double
    ) {
        var found: [FixingOperation] = []
        // A vector is at least as long as each of its components times the spacing of that axis' lattice planes.
        let reach = lattice.reciprocal.lengths * tolerance
        let unit = 1 / Double(SymmetryOperation.denominator)
        for operation in operations {
            let (a, b, c, t) = (
                operation.rotation.row0, operation.rotation.row1, operation.rotation.row2,
                operation.translation
            )
            let x = point.x - Self.product(a, point) - Double(t.x) * unit
            let y = point.y - Self.product(b, point) - Double(t.y) * unit
            let z = point.z - Self.product(c, point) - Double(t.z) * unit
            let (i, j, k) = (x.rounded(), y.rounded(), z.rounded())
            guard abs(x - i) <= reach.x, abs(y - j) <= reach.y, abs(z - k) <= reach.z else { continue }
            let distance = lattice.length(SIMD3(x - i, y - j, z - k))
            if distance < tolerance || operation == .identity {
                let shift = SIMD3(i, j, k)
                found.append(
                    FixingOperation(
                        rotation: operation.rotation, translation: SIMD3<Double>(t) * unit + shift,
                        exact: t &+ SIMD3(Int(i), Int(j), Int(k)) &* SymmetryOperation.denominator,
                        distance: distance))
            }
        }
        let group = FixingOperation.group(found, at: point, lattice: lattice, tolerance: tolerance)
        self.init(
            stabilizer: group.map { SymmetryOperation(rotation: $0.rotation, translation: $0.exact) })
    }

    private static func product(_ row: SIMD3<Int>, _ x: SIMD3<Double>) -> Double {
        Double(row.x) * x.x + Double(row.y) * x.y + Double(row.z) * x.z
    }

    /// The same where translations are real numbers.
    package init(
        of point: SIMD3<Double>, inAffine operations: [AffineOperation], lattice: Lattice, tolerance: Double
    ) {
        var found: [FixingOperation] = []
        for operation in operations {
            let moved = point - operation.apply(to: point)
            let shift = moved.rounded(.toNearestOrEven)
            let distance = lattice.length(moved - shift)
            if distance < tolerance {
                found.append(
                    FixingOperation(
                        rotation: operation.rotation, translation: operation.translation + shift,
                        exact: .zero,
                        distance: distance))
            }
        }
        let group = FixingOperation.group(found, at: point, lattice: lattice, tolerance: tolerance)
        stabilizer = []
        rotations = group.map(\.rotation)
        fixed = FixedDirections(of: rotations)
        exactOffset = nil
        projector = Self.mean(rotations)
        // The mean of the images is exactly fixed; of it, the part outside the span of the directions is b.
        var mean = SIMD3<Double>.zero
        for operation in group { mean += operation.apply(to: point) }
        mean /= Double(group.count)
        let values = fixed.components(of: mean)
        offset = zip(fixed.directions, values).reduce(mean) { $0 - $1.1 * SIMD3<Double>($1.0) }
    }

    /// A point of the site that lies on no other special position: irrational steps along its directions.
    package var genericPosition: SIMD3<Double> {
        position(Array([0.1234871, 0.3141593, 0.2718282].prefix(directions.count)))
    }

    /// From operations that form a group and share a fixed point.
    package init(stabilizer: [SymmetryOperation]) {
        self.stabilizer = stabilizer
        rotations = stabilizer.map(\.rotation)
        fixed = FixedDirections(of: rotations)
        let exact = fixed.offset(translations: stabilizer.map(\.translation))
        exactOffset = exact
        offset = SIMD3(Double(exact[0]), Double(exact[1]), Double(exact[2]))
        projector = Self.mean(rotations)
    }

    private static func mean(_ rotations: [IntegerMatrix3]) -> Matrix3 {
        var sum = IntegerMatrix3(rows: .zero, .zero, .zero)
        for r in rotations {
            sum.row0 &+= r.row0
            sum.row1 &+= r.row1
            sum.row2 &+= r.row2
        }
        let count = Double(rotations.count)
        return Matrix3(
            rows: SIMD3<Double>(sum.row0) / count, SIMD3<Double>(sum.row1) / count,
            SIMD3<Double>(sum.row2) / count)
    }

    /// The nearest point of the subspace, in the metric that the site's rotations preserve: the mean of x over
    /// the stabilizer.
    package func idealized(_ x: SIMD3<Double>) -> SIMD3<Double> {
        rotations.count == 1 ? x : offset + projector * (x - offset)
    }

    /// The free coordinates u of the idealized point.
    public func parameters(of x: SIMD3<Double>) -> [Double] {
        let components = fixed.components(of: idealized(x) - offset)
        return components
    }

    /// A u + b; `u` has one value for each direction.
    public func position(_ u: [Double]) -> SIMD3<Double> {
        zip(fixed.directions, u).reduce(offset) { $0 + $1.1 * SIMD3<Double>($1.0) }
    }

    /// The subspace as a coordinate triplet: `x,2x,1/4`.
    public var formula: String {
        (0..<3).map { axis in
            let constant =
                if let exactOffset {
                    exactOffset[axis].description
                } else {
                    abs(offset[axis]) < 5e-7 ? "0" : String(format: "%.6g", offset[axis])
                }
            return CoordinateTriplet.component(
                coefficients: fixed.directions.map { $0[axis] }, names: fixed.names, constant: constant)
        }.joined(separator: ",")
    }

    /// The same stabilizer and the same fixed space.
    public static func == (a: SiteSymmetry, b: SiteSymmetry) -> Bool {
        a.rotations == b.rotations && a.offset == b.offset && a.stabilizer == b.stabilizer
    }

    /// Of the stabilizer.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(rotations)
        hasher.combine(offset)
    }
}

/// An operation that moves a point by little, with the lattice translation that brings it back.
struct FixingOperation {
    let rotation: IntegerMatrix3
    let translation: SIMD3<Double>
    /// Over 24.
    let exact: SIMD3<Int>
    /// Å.
    let distance: Double

    func apply(to point: SIMD3<Double>) -> SIMD3<Double> { Matrix3(rotation) * point + translation }

    /// The operations as they stand if they form a group; else, where the tolerance cuts through a group, the
    /// largest one grown from the best that are closed.
    static func group(
        _ found: [FixingOperation], at point: SIMD3<Double>, lattice: Lattice, tolerance: Double
    ) -> [FixingOperation] {
        if shareFixedPoint(found, point, lattice, tolerance) { return found }
        var group = found.filter { $0.rotation == .identity }
        for candidate in found.sorted(by: { $0.distance < $1.distance })
        where !group.contains(where: { $0.rotation == candidate.rotation }) {
            let enlarged = closed(group + [candidate], within: found)
            if let enlarged, shareFixedPoint(enlarged, point, lattice, tolerance) { group = enlarged }
        }
        return group
    }

    /// A finite set of affine maps with a common fixed point near `point`; the mean of a group's images is one.
    private static func shareFixedPoint(
        _ set: [FixingOperation], _ point: SIMD3<Double>, _ lattice: Lattice, _ tolerance: Double
    ) -> Bool {
        guard set.count > 1 else { return true }
        guard 48 % set.count == 0 else { return false }
        var mean = SIMD3<Double>.zero
        for operation in set { mean += operation.apply(to: point) }
        mean /= Double(set.count)
        return set.allSatisfy {
            lattice.length($0.apply(to: mean) - mean) < 1e-4 * tolerance + 1e-9
        }
    }

    /// The subset of `found` that the rotations of `generators` generate; nil if it lacks one.
    private static func closed(
        _ generators: [FixingOperation], within found: [FixingOperation]
    ) -> [FixingOperation]? {
        var group = generators
        var next = 0
        while next < group.count {
            for generator in generators {
                let product = group[next].rotation * generator.rotation
                if group.contains(where: { $0.rotation == product }) { continue }
                guard let member = found.first(where: { $0.rotation == product }) else { return nil }
                group.append(member)
            }
            next += 1
        }
        return group
    }
}
