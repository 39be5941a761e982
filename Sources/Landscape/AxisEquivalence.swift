import Crystallography
import NumericalMethods
import Parameterization
import Symmetry

/// The values of one coordinate that describe the same crystal: maps u → ±u + s.
///
/// Operations of the Euclidean normalizer, the mirror image included (no powder pattern can see it), that carry all
/// other atoms on themselves and the line of the moving atom on itself.
public struct AxisEquivalence: Sendable, Hashable {
    public struct Map: Sendable, Hashable {
        /// 1 or −1.
        public let sign: Int
        /// In [0, 1).
        public let shift: Double

        public func callAsFunction(_ u: Double) -> Double { Double(sign) * u + shift }
    }

    /// The identity first; modulo 1.
    public let maps: [Map]

    init(maps: [Map] = [Map(sign: 1, shift: 0)]) { self.maps = maps }

    /// The shortest translation along the axis that changes nothing.
    public var period: Double {
        maps.filter { $0.sign == 1 && $0.shift > 1e-6 }.map(\.shift).min() ?? 1
    }

    /// Whether two values describe one crystal, within a distance.
    public func areSame(_ a: Double, _ b: Double, within distance: Double = 1e-6) -> Bool {
        maps.contains { map in
            let difference = map(a) - b
            return abs(difference - difference.rounded()) < distance
        }
    }

    public init(of name: String, in structure: ReducedStructure) {
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
        for coset in Normalizer(of: structure.spaceGroup, lattice: structure.lattice).cosets
        where rest.areKept(by: coset) {
            for image in operations {
                let operation = image.combined(with: coset)
                guard let map = Self.map(operation, base: base, direction: direction, orbit: orbit) else {
                    continue
                }
                let isKnown = maps.contains {
                    $0.sign == map.sign && abs(($0.shift - map.shift).nearestInteger) < 1e-6
                }
                if !isKnown { maps.append(map) }
            }
        }
        self.init(maps: maps)
    }

    /// The map of the line base + u · direction on itself, modulo lattice vectors; nil where it goes elsewhere.
    private static func map(
        _ operation: SymmetryOperation, base: SIMD3<Double>, direction: SIMD3<Double>, orbit: Orbit
    ) -> Map? {
        let turned = Matrix3(operation.rotation) * direction
        let sign: Int
        if (turned - direction).length < 1e-9 {
            sign = 1
        } else if (turned + direction).length < 1e-9 {
            sign = -1
        } else {
            return nil
        }
        // base' = base + s · direction + a lattice vector; the pivot coordinate of the direction gives s.
        let difference = operation.apply(to: base) - base
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

    func areKept(by operation: SymmetryOperation) -> Bool {
        positions.indices.allSatisfy { k in
            let image = operation.apply(to: positions[k])
            return positions.indices.contains { other in
                kinds[other] == kinds[k] && lattice.length((positions[other] - image).nearestImage) < 1e-4
            }
        }
    }
}
