import CrystalFiles
import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Publishing
import Refinement
import Symmetry

/// Bonds and angles about the atoms of the asymmetric unit, with uncertainties where a refinement gives them.
package struct StructureGeometry: Sendable {
    /// What atoms are taken to be joined.
    package struct Limits: Sendable, Hashable {
        /// Of the sum of the covalent radii (Cordero et al. 2008): bonds of large ions reach a quarter beyond, and the
        /// second shell of small ones begins at about 1.6.
        package var reach = 1.3
        /// Angles are listed about atoms of at most so many neighbours.
        package var mostNeighbours = 8

        package init() {}
    }

    /// An atom that another one sees.
    package struct Neighbour: Sendable, Hashable {
        /// Index into the orbits.
        package var orbit: Int
        /// Index into the orbit's images.
        package var image: Int
        /// Added to what the image gives.
        package var cell: SIMD3<Int>
        /// Å.
        package var distance: Double
    }

    /// A bond, and how many like it the first atom has.
    package struct Bond: Sendable, Codable {
        package var first: String
        package var second: String
        /// Å.
        package var distance: Double
        /// One standard uncertainty; null where no refinement gives it.
        @ExplicitNull package var uncertainty: Double?
        package var count: Int
        /// Where the second stands, as CIF writes it: `4_655`.
        package var symmetry: String
    }

    /// An angle at `centre`, and how many like it there are.
    package struct Angle: Sendable, Codable {
        package var first: String
        package var centre: String
        package var second: String
        /// Degrees.
        package var degrees: Double
        /// One standard uncertainty; null where no refinement gives it.
        @ExplicitNull package var uncertainty: Double?
        package var count: Int
        package var firstSymmetry: String
        package var secondSymmetry: String
    }

    package let bonds: [Bond]
    package let angles: [Angle]
    /// Of each orbit's first atom, nearest first.
    package let neighbours: [[Neighbour]]

    /// - Parameters:
    ///   - covariance: of the refinement, if there was one.
    ///   - prefix: what stands before the structure's names in it: `phase1.`, or nothing.
    package init(
        _ structure: ReducedStructure, covariance: ParameterCovariance? = nil, prefix: String = "",
        limits: Limits = Limits()
    ) {
        let neighbours = Self.neighbours(structure, limits)
        self.neighbours = neighbours
        let moved = covariance.map { MovedStructures(structure, covariance: $0, prefix: prefix) }
        var bonds: [Bond] = []
        var angles: [Angle] = []
        for (centre, around) in neighbours.enumerated() {
            bonds += Self.bonds(structure, centre, around, moved)
            if (2...max(2, limits.mostNeighbours)).contains(around.count) {
                angles += Self.angles(structure, centre, around, moved)
            }
        }
        (self.bonds, self.angles) = (bonds, angles)
    }

    /// Bonds, then angles, a line each with how often it comes.
    package var table: TextTable {
        func text(_ value: Double, _ uncertainty: Double?, _ places: Int) -> String {
            uncertainty == nil
                ? String(format: "%.\(places)f", value) : MeasuredValue(value, uncertainty: uncertainty).text
        }
        let lengths = bonds.map { bond in
            [
                "\(bond.first)–\(bond.second)", text(bond.distance, bond.uncertainty, 4), "Å",
                "\(bond.count)",
            ]
        }
        let turns = angles.map { angle in
            [
                "\(angle.first)–\(angle.centre)–\(angle.second)", text(angle.degrees, angle.uncertainty, 2),
                "°",
                "\(angle.count)",
            ]
        }
        return TextTable(
            columns: [
                .init("atoms"), .init("value", alignment: .number), .init("unit"),
                .init("times", alignment: .number),
            ], rows: lengths + turns)
    }

    // MARK: Who sees whom

    private static func neighbours(_ structure: ReducedStructure, _ limits: Limits) -> [[Neighbour]] {
        var atoms: [(orbit: Int, image: Int, position: SIMD3<Double>)] = []
        var firsts: [Int] = []
        for (index, orbit) in structure.orbits.enumerated() {
            firsts.append(atoms.count)
            for image in orbit.images.indices {
                atoms.append((index, image, orbit.images[image].apply(to: orbit.position)))
            }
        }
        let radii = structure.orbits.map { orbit in
            orbit.occupants.compactMap(\.species.element.covalentRadius).max() ?? 0
        }
        let hasAnions = structure.orbits.contains { !isMetal($0) }
        let reach = 2 * limits.reach * (radii.max() ?? 0)
        let all = PeriodicGeometry(structure.lattice).neighbours(
            of: atoms.map(\.position), within: max(reach, 0.1))
        return firsts.map { first in
            let centre = atoms[first].orbit
            return all[first].compactMap { seen in
                let atom = atoms[seen.index]
                let limit = limits.reach * (radii[centre] + radii[atom.orbit])
                guard seen.distance <= limit, seen.distance > 0.1 else { return nil }
                // Beside anions two metals are no bond however near they stand.
                let areMetals = isMetal(structure.orbits[centre]) && isMetal(structure.orbits[atom.orbit])
                guard !hasAnions || !areMetals else { return nil }
                return Neighbour(
                    orbit: atom.orbit, image: atom.image, cell: seen.cell, distance: seen.distance)
            }
        }
    }

    /// Hydrogen, the noble gases and what stands on and to the right of the line B, Si, As, Te are none.
    private static let nonMetals: Set<Int> = [
        1, 2, 5, 6, 7, 8, 9, 10, 14, 15, 16, 17, 18, 33, 34, 35, 36, 52, 53, 54, 85, 86,
    ]

    private static func isMetal(_ orbit: Orbit) -> Bool {
        guard let first = orbit.occupants.first else { return false }
        return !nonMetals.contains(first.species.element.atomicNumber)
    }

    // MARK: Lists

    private static func bonds(
        _ structure: ReducedStructure, _ centre: Int, _ around: [Neighbour], _ moved: MovedStructures?
    ) -> [Bond] {
        var bonds: [Bond] = []
        for neighbour in around {
            let second = structure.orbits[neighbour.orbit].label
            let same = bonds.firstIndex {
                $0.second == second && abs($0.distance - neighbour.distance) < alikeDistance
            }
            if let same {
                bonds[same].count += 1
                continue
            }
            bonds.append(
                Bond(
                    first: structure.orbits[centre].label, second: second, distance: neighbour.distance,
                    uncertainty: moved?.uncertainty { vector(centre, neighbour, in: $0).length }, count: 1,
                    symmetry: symmetry(of: neighbour, in: structure)))
        }
        return bonds
    }

    private static func angles(
        _ structure: ReducedStructure, _ centre: Int, _ around: [Neighbour], _ moved: MovedStructures?
    ) -> [Angle] {
        var angles: [Angle] = []
        for (i, first) in around.enumerated() {
            for second in around[(i + 1)...] {
                let degrees = angle(centre, first, second, in: structure)
                let names = [first, second].map { structure.orbits[$0.orbit].label }
                let same = angles.firstIndex {
                    Set([$0.first, $0.second]) == Set(names) && abs($0.degrees - degrees) < alikeAngle
                }
                if let same {
                    angles[same].count += 1
                    continue
                }
                // At 180° the angle has a cusp and no derivative.
                let uncertainty =
                    degrees < 179.99 ? moved?.uncertainty { angle(centre, first, second, in: $0) } : nil
                angles.append(
                    Angle(
                        first: names[0], centre: structure.orbits[centre].label, second: names[1],
                        degrees: degrees, uncertainty: uncertainty, count: 1,
                        firstSymmetry: symmetry(of: first, in: structure),
                        secondSymmetry: symmetry(of: second, in: structure)))
            }
        }
        return angles
    }

    /// Å and degrees within which what symmetry makes equal is equal.
    private static let alikeDistance = 1e-5
    private static let alikeAngle = 1e-3

    /// Å, Cartesian, from the first atom of an orbit to what it sees.
    private static func vector(
        _ centre: Int, _ neighbour: Neighbour, in structure: ReducedStructure
    ) -> SIMD3<Double> {
        let (own, other) = (structure.orbits[centre], structure.orbits[neighbour.orbit])
        let from = own.images[0].apply(to: own.position)
        let to = other.images[neighbour.image].apply(to: other.position) + SIMD3<Double>(neighbour.cell)
        return structure.lattice.cartesian(to - from)
    }

    private static func angle(
        _ centre: Int, _ first: Neighbour, _ second: Neighbour, in structure: ReducedStructure
    ) -> Double {
        let (a, b) = (vector(centre, first, in: structure), vector(centre, second, in: structure))
        let cosine = a.dot(b) / (a.length * b.length)
        return acos(max(-1, min(1, cosine))) * 180 / .pi
    }

    /// `n_555`: the operation's number in the group's list, and the cell counted from 5.
    private static func symmetry(of neighbour: Neighbour, in structure: ReducedStructure) -> String {
        let orbit = structure.orbits[neighbour.orbit]
        let place = orbit.images[neighbour.image].apply(to: orbit.position) + SIMD3<Double>(neighbour.cell)
        for (number, operation) in structure.spaceGroup.operations.enumerated() {
            let difference = place - operation.apply(to: orbit.position)
            let cell = difference.rounded(.toNearestOrAwayFromZero)
            guard (difference - cell).length < 1e-6 else { continue }
            let digits = [cell.x, cell.y, cell.z].map { String(Int($0) + 5) }.joined()
            return digits == "555" && number == 0 ? "." : "\(number + 1)_\(digits)"
        }
        return "."
    }
}

/// A structure with each refined parameter a little more and a little less: what derivatives are taken from.
private struct MovedStructures {
    private let covariance: ParameterCovariance
    private let pairs: [(name: String, step: Double, more: ReducedStructure, less: ReducedStructure)]

    init(_ structure: ReducedStructure, covariance: ParameterCovariance, prefix: String) {
        self.covariance = covariance
        let names = Set(covariance.names)
        let vector = structure.parameterVector
        pairs = structure.parameters.enumerated().compactMap { k, parameter in
            let name = prefix + parameter.name
            guard names.contains(name) else { return nil }
            let step = 1e-5 * parameter.scale
            var (more, less) = (structure, structure)
            var moved = vector
            moved[k] = vector[k] + step
            more.parameterVector = moved
            moved[k] = vector[k] - step
            less.parameterVector = moved
            return (name, step, more, less)
        }
    }

    func uncertainty(of value: (ReducedStructure) -> Double) -> Double? {
        var gradient: [String: Double] = [:]
        for pair in pairs { gradient[pair.name] = (value(pair.more) - value(pair.less)) / (2 * pair.step) }
        // A length that symmetry fixes moves with rounding alone.
        gradient = gradient.filter { abs($0.value) > 1e-7 }
        return covariance.uncertainty(gradient: gradient)
    }
}
