import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// Parameters → structure → symmetry, over the Wyckoff positions of all settings: a seeded sample of them, every
/// one where WYCKOFF_LAWS is set.
@Suite struct SymmetryLawsTests {
    static let everything = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] != nil

    /// Random lattice parameters, and one random atom on a position.
    static func crystal(_ group: SpaceGroup, _ position: WyckoffPosition) -> ReducedStructure? {
        guard let iron = Element(symbol: "Fe") else { return nil }
        let key = UInt64(group.hallNumber * 64) + UInt64(position.letter.unicodeScalars.first?.value ?? 0)
        var random = RandomStream(seed: 41, index: key)
        let u = SIMD3(random.uniform(0.03, 0.22), random.uniform(0.27, 0.47), random.uniform(0.05, 0.45))
        let point = Matrix3(position.matrix) * u + SIMD3<Double>(position.translation) / 24
        return ReducedStructure(
            spaceGroup: group, lattice: LatticeParametersTests.lattice(of: group, seed: key),
            asymmetricSites: [Site(iron, at: point)], tolerance: 1e-6)
    }

    @Test("random parameters → expand → spglib finds the group or a supergroup, all settings and positions")
    func whatIsExpandedHasTheGroup() throws {
        var random = RandomStream(seed: 42)
        var (count, larger) = (0, 0)
        for hall in 1...530 {
            guard let group = SpaceGroup(hallNumber: hall) else { continue }
            for position in group.wyckoffPositions where Self.everything || random.uniform() < 0.06 {
                guard let crystal = Self.crystal(group, position) else { continue }
                #expect(crystal.orbits[0].letter == position.letter, "Hall \(hall) \(position.symbol)")
                #expect(crystal.orbits[0].multiplicity == position.multiplicity)
                #expect(crystal.orbits[0].coordinates.count == position.degreesOfFreedom)
                let cell = crystal.expanded()
                let found = try SymmetryFinder.find(in: cell, tolerance: 1e-5)
                #expect(found.maxDisplacement < 1e-9, "Hall \(hall) \(position.symbol)")
                // Each of the group's operations is among those found, in the structure's own cell.
                var known: [IntegerMatrix3: [SIMD3<Double>]] = [:]
                for operation in found.operationsInInput {
                    known[operation.rotation, default: []].append(operation.translation)
                }
                for operation in group.operations {
                    let t = SIMD3<Double>(operation.translation) / 24
                    let isThere = known[operation.rotation]?.contains {
                        ($0 - t).nearestImage.length < 1e-5
                    }
                    #expect(isThere == true, "Hall \(hall) \(position.symbol) \(operation.xyz)")
                }
                let operations = found.spaceGroup.order * found.copies
                if operations > group.order * found.spaceGroup.centring.vectors.count { larger += 1 }
                count += 1
            }
        }
        #expect(count == 3467 || !Self.everything)
        #expect(count > 150)
        print("\(count) positions, the crystal has a supergroup in \(larger)")
    }

    @Test(
        "reduce ∘ expand = identity to 1e-12 and enforcing twice changes nothing, all settings and positions")
    func identityOnEveryPosition() throws {
        var random = RandomStream(seed: 43)
        var count = 0
        for hall in 1...530 {
            guard let group = SpaceGroup(hallNumber: hall) else { continue }
            for position in group.wyckoffPositions where Self.everything || random.uniform() < 0.2 {
                guard let crystal = Self.crystal(group, position) else { continue }
                let cell = crystal.expanded()
                let once = try ReducedStructure(reducing: cell, in: group, tolerance: 1e-6)
                let twice = try ReducedStructure(reducing: once.expanded(), in: group, tolerance: 1e-6)
                let first = CellReductionTests.difference(cell, once.expanded())
                let second = CellReductionTests.difference(once.expanded(), twice.expanded())
                #expect(first < 1e-12 && second < 1e-12, "Hall \(hall) \(position.symbol) \(first) \(second)")
                #expect(once.orbits[0].multiplicity * once.orbits[0].siteSymmetry.order == group.order)
                count += 1
            }
        }
        #expect(count == 3467 || !Self.everything)
    }
}
