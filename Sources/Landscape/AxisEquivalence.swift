import Crystallography
import NumericalMethods
import Parameterization
import Symmetry

/// The values of one coordinate that describe the same crystal: maps u → ±u + s.
///
/// Operations of the Euclidean normalizer, the mirror image included (no powder pattern can see it), that carry all
/// other atoms on themselves and the line of the moving atom on itself.
package struct AxisEquivalence: Sendable, Hashable {
    package struct Map: Sendable, Hashable {
        /// 1 or −1.
        package let sign: Int
        /// In [0, 1).
        package let shift: Double

        package func callAsFunction(_ u: Double) -> Double { Double(sign) * u + shift }
    }

    /// The identity first; modulo 1.
    package let maps: [Map]

    init(maps: [Map] = [Map(sign: 1, shift: 0)]) { self.maps = maps }

    /// The shortest translation along the axis that changes nothing.
    package var period: Double {
        maps.filter { $0.sign == 1 && $0.shift > 1e-6 }.map(\.shift).min() ?? 1
    }

    /// Whether two values describe one crystal, within a distance.
    package func areSame(_ a: Double, _ b: Double, within distance: Double = 1e-6) -> Bool {
        maps.contains { map in
            let difference = map(a) - b
            return abs(difference - difference.rounded()) < distance
        }
    }

    package init(of name: String, in structure: ReducedStructure) {
        let lattice = structure.latticeParameters.names.count
        let names = structure.parameters.map(\.name)
        guard let position = names.firstIndex(of: name), position >= lattice else {
            self.init()
            return
        }
        let index = structure.freeCoordinates[position - lattice]
        let orbit = structure.orbits[index.orbit]
        let direction = SIMD3<Double>(orbit.siteSymmetry.directions[index.coordinate])
        var origin = orbit
        origin.coordinates[index.coordinate] = 0
        let base = origin.position
        let rest = FixedAtoms(structure, without: index.orbit)
        var maps = [Map(sign: 1, shift: 0)]
        let operations = structure.spaceGroup.operations
        let normalizer = Normalizer(of: structure.spaceGroup, lattice: structure.lattice)
        let polar = PolarShifts(normalizer.continuousDirections)
        let places = operations.map { $0.apply(to: base) }
        for coset in normalizer.cosets {
            // In a polar group the origin may follow: by what carries one of the fixed atoms on a fixed atom, or the
            // moving orbit on itself where there is no other.
            let shifts =
                rest.isEmpty
                ? polar.shifts(from: coset.apply(to: base), to: places)
                : rest.shifts(polar, under: coset)
            for shift in shifts where rest.areKept(by: { coset.apply(to: $0) + shift }) {
                for image in operations {
                    let rotation = image.rotation * coset.rotation
                    let there = image.apply(to: coset.apply(to: base) + shift)
                    guard let map = Self.map(rotation, there, base: base, direction: direction) else {
                        continue
                    }
                    let isKnown = maps.contains {
                        $0.sign == map.sign && abs(($0.shift - map.shift).nearestInteger) < 1e-6
                    }
                    if !isKnown { maps.append(map) }
                }
            }
        }
        self.init(maps: maps)
    }

    /// The map of the line base + u · direction on itself, modulo lattice vectors; nil where it goes elsewhere.
    ///
    /// - Parameters:
    ///   - rotation: of the operation, and `there` where it carries `base`.
    private static func map(
        _ rotation: IntegerMatrix3, _ there: SIMD3<Double>, base: SIMD3<Double>, direction: SIMD3<Double>
    ) -> Map? {
        let turned = Matrix3(rotation) * direction
        let sign: Int
        if (turned - direction).length < 1e-9 {
            sign = 1
        } else if (turned + direction).length < 1e-9 {
            sign = -1
        } else {
            return nil
        }
        // base' = base + s · direction + a lattice vector; the pivot coordinate of the direction gives s.
        let difference = there - base
        guard let pivot = (0..<3).first(where: { abs(abs(direction[$0]) - 1) < 1e-9 }) else { return nil }
        let shift = difference[pivot] / direction[pivot]
        let rest = difference - shift * direction
        guard rest.nearestImage.length < 1e-6 else { return nil }
        let wrapped = shift - shift.rounded(.down)
        return Map(sign: sign, shift: wrapped > 1 - 1e-9 ? 0 : wrapped)
    }
}

extension Double {
    /// The difference to the nearest integer.
    fileprivate var nearestInteger: Double { self - rounded() }
}

/// All atoms but one orbit, to ask whether an operation carries them on themselves.
private struct FixedAtoms {
    private let positions: [SIMD3<Double>]
    private let kinds: [Int]
    private let lattice: Lattice

    init(_ structure: ReducedStructure, without moving: Int) {
        lattice = structure.lattice
        var positions: [SIMD3<Double>] = []
        var kinds: [Int] = []
        for atom in structure.atoms where atom.orbit != moving {
            let orbit = structure.orbits[atom.orbit]
            positions.append(atom.operation.apply(to: orbit.position))
            let kind = structure.orbits.firstIndex {
                $0.occupants == orbit.occupants && $0.displacement == orbit.displacement
            }
            kinds.append(kind ?? atom.orbit)
        }
        (self.positions, self.kinds) = (positions, kinds)
    }

    var isEmpty: Bool { positions.isEmpty }

    /// Zero, and the shifts along polar directions after which an operation carries the first atom on one of its kind.
    func shifts(_ polar: PolarShifts, under operation: SymmetryOperation) -> [SIMD3<Double>] {
        guard let first = positions.first else { return [.zero] }
        let targets = positions.indices.filter { kinds[$0] == kinds[0] }.map { positions[$0] }
        return polar.shifts(from: operation.apply(to: first), to: targets)
    }

    func areKept(by operation: (SIMD3<Double>) -> SIMD3<Double>) -> Bool {
        positions.indices.allSatisfy { k in
            let image = operation(positions[k])
            return positions.indices.contains { other in
                kinds[other] == kinds[k] && lattice.length((positions[other] - image).nearestImage) < 1e-4
            }
        }
    }
}

/// Shifts of the origin that a polar group leaves free.
private struct PolarShifts {
    /// Orthonormal in fractional coordinates.
    private let directions: [SIMD3<Double>]

    init(_ continuous: [SIMD3<Int>]) {
        var basis: [SIMD3<Double>] = []
        for direction in continuous {
            var rest = SIMD3<Double>(direction)
            for known in basis { rest -= rest.dot(known) * known }
            if rest.length > 1e-9 { basis.append(rest / rest.length) }
        }
        directions = basis
    }

    /// Zero, and the parts along the polar directions of the ways to the targets; each once.
    func shifts(from start: SIMD3<Double>, to targets: [SIMD3<Double>]) -> [SIMD3<Double>] {
        var shifts = [SIMD3<Double>.zero]
        guard !directions.isEmpty else { return shifts }
        for target in targets {
            let way = (target - start).nearestImage
            let shift = directions.reduce(SIMD3<Double>.zero) { $0 + way.dot($1) * $1 }
            if !shifts.contains(where: { ($0 - shift).nearestImage.length < 1e-7 }) { shifts.append(shift) }
        }
        return shifts
    }
}
