import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Refinement
import Symmetry

/// The ways in which structure types fill a cell with a composition: the likeliest first, by how many structures have the type and how
/// well its shape fits the cell. Coordinates are the type's.
package struct TypeAssignment: Sendable {
    package let types: StructureTypes
    package let settings: RecoverySettings.Solution

    package init(_ types: StructureTypes, settings: RecoverySettings.Solution) {
        (self.types, self.settings) = (types, settings)
    }

    private struct Way {
        let structure: CrystalStructure
        let group: SpaceGroup
        let score: Double
    }

    /// - Parameters:
    ///   - parts: atoms of the cell.
    ///   - groups: those that it may have, on its axes.
    /// - Throws: `CancellationError`.
    package func structures(
        of parts: [CompositionAssignment.Part], in groups: [SpaceGroup], lattice: Lattice
    ) throws -> [ReducedStructure] {
        let numbers = Set(groups.map(\.number))
        var ways: [Way] = []
        for type in types.types(atoms: parts.map(\.count)) {
            try WorkLimit.check()
            guard let setting = SpaceGroup(hallNumber: type.hallNumber), numbers.contains(setting.number)
            else {
                continue
            }
            let shapes = shapes(of: type, setting, lattice)
            for order in Self.orders(parts, type) {
                let placed = atoms(of: type, setting, order, lattice.volume)
                for (axes, mismatch) in shapes {
                    let turned = Self.turned(placed, by: axes)
                    for group in groups where group.number == setting.number {
                        let score = log(Double(type.count) + 1) - mismatch
                        ways.append(Way(structure: turned, group: group, score: score))
                    }
                }
            }
        }
        return try reduced(ways.sorted { $0.score > $1.score }, lattice)
    }

    /// The likeliest that the groups really have, each way to fill the positions once.
    private func reduced(_ ways: [Way], _ lattice: Lattice) throws -> [ReducedStructure] {
        var found: [ReducedStructure] = []
        for way in ways where found.count < settings.typeWays {
            try WorkLimit.check()
            guard var structure = Self.reduced(way.structure, in: way.group) else { continue }
            structure.latticeParameters = LatticeParameters(of: lattice, in: way.group)
            let isKnown = found.contains {
                $0.spaceGroup == structure.spaceGroup && $0.occupation == structure.occupation
            }
            if !isKnown { found.append(structure) }
        }
        return found
    }

    /// Å, within which a type's atoms obey a setting's group: its coordinates are rounded, its cell scaled.
    private static let settingTolerance = 0.05
    /// Å, within which coordinates of four decimals in cells of up to 40 Å lie on their positions.
    private static let tableTolerance = 0.02

    /// On the axes of a setting; nil where it is another description than the type's and no turn of it.
    private static func reduced(_ structure: CrystalStructure, in group: SpaceGroup) -> ReducedStructure? {
        do {
            return try ReducedStructure(reducing: structure, in: group, tolerance: settingTolerance)
        } catch {
            // Other axes or another origin than the group's.
            return nil
        }
    }

    /// How the type's axes may be turned into the cell's, and how far its shape is then off, in units of half a square deviation.
    private func shapes(of type: StructureType, _ setting: SpaceGroup, _ lattice: Lattice) -> [(
        axes: Matrix3, mismatch: Double
    )] {
        let scale = cbrt(lattice.volume)
        let own = type.lattice(scale: scale)
        let all = Self.turns(CrystalFamily(number: setting.number)).map { turn in
            let turned = Self.turned(CrystalStructure(lattice: own, sites: []), by: turn).lattice
            var mismatch = 0.0
            for k in 0..<3 {
                mismatch += pow(log(turned.lengths[k] / lattice.lengths[k]) / settings.typeShape, 2) / 2
                let angle = (turned.angles[k] - lattice.angles[k]) * .pi / 180
                mismatch += pow(angle / settings.typeShape, 2) / 2
            }
            return (axes: turn, mismatch: mismatch)
        }.filter { $0.mismatch < settings.typeMismatch }
        return Array(all.sorted { $0.mismatch < $1.mismatch }.prefix(2))
    }

    /// Permutations of orthorhombic axes, other a and c of a monoclinic lattice; columns are the new axes on the old ones.
    private static func turns(_ family: CrystalFamily) -> [Matrix3] {
        switch family {
        case .orthorhombic:
            let unit = [SIMD3<Double>(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
            return [[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1], [1, 0, 2], [2, 1, 0]].map { p in
                // An odd permutation with one axis the other way round, so that no hand changes.
                let isOdd = [[0, 2, 1], [1, 0, 2], [2, 1, 0]].contains(p)
                return Matrix3(columns: unit[p[0]], unit[p[1]], isOdd ? -unit[p[2]] : unit[p[2]])
            }
        case .monoclinic:
            let range = -1...1
            return range.flatMap { a in
                range.flatMap { b in
                    range.flatMap { c in
                        range.compactMap { d -> Matrix3? in
                            let determinant = a * d - b * c
                            guard abs(determinant) == 1 else { return nil }
                            return Matrix3(
                                columns: SIMD3(Double(a), 0, Double(c)), SIMD3(0, Double(determinant), 0),
                                SIMD3(Double(b), 0, Double(d)))
                        }
                    }
                }
            }
        default: return [.identity]
        }
    }

    /// On new axes, the columns of a matrix.
    private static func turned(_ structure: CrystalStructure, by axes: Matrix3) -> CrystalStructure {
        let inverse = axes.inverse
        return CrystalStructure(
            title: structure.title, lattice: Lattice(vectors: axes.transpose * structure.lattice.vectors),
            sites: structure.sites.map { site in
                var moved = site
                moved.position = inverse * site.position
                return moved
            })
    }

    /// Which part stands on which of the type's elements, each way once.
    private static func orders(_ parts: [CompositionAssignment.Part], _ type: StructureType)
        -> [[CompositionAssignment
        .Part]]
    {
        type.atoms.reduce([[]]) { orders, atoms in
            orders.flatMap { order in
                parts.filter { $0.count == atoms && !order.contains($0) }.map { order + [$0] }
            }
        }
    }

    private func atoms(
        of type: StructureType, _ setting: SpaceGroup, _ order: [CompositionAssignment.Part], _ volume: Double
    ) -> CrystalStructure {
        let sites = zip(order, type.places).flatMap { part, places in
            places.map { Site(occupants: part.occupants, position: $0.position) }
        }
        return ReducedStructure(
            spaceGroup: setting, lattice: type.lattice(scale: cbrt(volume)), asymmetricSites: sites,
            tolerance: Self.tableTolerance
        ).expanded()
    }
}

extension StructureType {
    fileprivate func lattice(scale: Double) -> Lattice {
        Lattice(
            a: cell[0] * scale, b: cell[1] * scale, c: cell[2] * scale, alpha: cell[3], beta: cell[4],
            gamma: cell[5])
    }
}
