import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

@Suite struct SubgroupDescentTests {
    static let isWholeWanted = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] != nil

    /// One general and one special atom.
    static func crystal(_ group: SpaceGroup) -> ReducedStructure? {
        guard let iron = Element(symbol: "Fe"), let oxygen = Element(symbol: "O") else { return nil }
        let lattice = LatticeParametersTests.lattice(of: group, seed: UInt64(group.hallNumber))
        return ReducedStructure(
            spaceGroup: group, lattice: lattice,
            asymmetricSites: [
                Site(iron, at: SIMD3(0, 0.5, 0.25)), Site(oxygen, at: SIMD3(0.137, 0.219, 0.341)),
            ], tolerance: 1e-3)
    }

    /// Every atom of the one is an atom of the other, and they are as dense: the same set of points.
    static func isSame(_ a: CrystalStructure, _ b: CrystalStructure, under change: ChangeOfBasis) -> Bool {
        guard
            abs(Double(a.sites.count) / a.lattice.volume - Double(b.sites.count) / b.lattice.volume) < 1e-9
        else { return false }
        guard change.apply(to: a.lattice).metric.frobeniusNorm > 0,
            (change.apply(to: a.lattice).metric - b.lattice.metric).frobeniusNorm < 1e-7
        else { return false }
        return a.sites.allSatisfy { site in
            let image = change.apply(to: site.position)
            return b.sites.contains {
                $0.occupants == site.occupants && b.lattice.length(($0.position - image).nearestImage) < 1e-6
            }
        }
    }

    @Test func degreesOfFreedomGrowOrStayAndTheCrystalIsTheSame() throws {
        var count = 0
        for number in 1...230 {
            guard let group = try? SpaceGroup.find("\(number)"), let crystal = Self.crystal(group) else {
                continue
            }
            var subgroups = group.translationengleicheSubgroups
            if group.operations.count <= 16 || Self.isWholeWanted {
                subgroups += group.klassengleicheSubgroups(index: 2)
            }
            if group.operations.count <= 8 || Self.isWholeWanted {
                subgroups += group.klassengleicheSubgroups(index: 3)
            }
            // One of each class, fewer where atoms are many.
            var seen: Set<String> = []
            subgroups = subgroups.filter { seen.insert("\($0.kind)\($0.conjugacyClass)").inserted }
            if !Self.isWholeWanted {
                let step = max(1, subgroups.count / (group.order > 48 ? 2 : 4))
                subgroups = stride(from: number % step, to: subgroups.count, by: step).map { subgroups[$0] }
            }
            let whole = crystal.expanded()
            for subgroup in subgroups {
                let lower = try crystal.inSubgroup(subgroup)
                #expect(lower.spaceGroup == subgroup.spaceGroup)
                // Origins that became free along new polar directions are no parameters.
                let freed = subgroup.spaceGroup.polarDirections.count - group.polarDirections.count
                #expect(lower.degreesOfFreedom + max(0, freed) >= crystal.degreesOfFreedom)
                #expect(
                    Self.isSame(whole, lower.expanded(), under: subgroup.transformation),
                    "\(group) → \(subgroup.description)")
                count += 1
            }
        }
        #expect(count > 400)
    }

    /// Pnma → P 21/m: the monoclinic angle and the coordinate that the other mirror and glides tied are free.
    @Test func anAxisOutsideTheGroupIsFreed() throws {
        let group = try SpaceGroup.find("P n m a")
        let crystal = try #require(Self.crystal(group))
        let subgroup = try #require(group.translationengleicheSubgroups.first { $0.spaceGroup.number == 11 })
        let lower = try crystal.inSubgroup(subgroup)
        #expect(lower.latticeParameters.names.count == 4)
        #expect(lower.degreesOfFreedom > crystal.degreesOfFreedom)
    }
}
