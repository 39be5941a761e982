import Crystallography
import CrystalFiles
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

@Suite("Enforcing a subgroup of what a structure nearly has")
struct SubgroupEnforcementTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Data/structures")

    static func crystal(_ name: String) throws -> ReducedStructure {
        let structure = try CrystalFile.readFirst(folder.appendingPathComponent("\(name).cif").path).structure
        let found = try SymmetryFinder.find(in: structure, tolerance: 0.01)
        return try ReducedStructure(
            reducing: SymmetryFinder.standardize(structure, found).structure, in: found.spaceGroup)
    }

    @Test(
        "a distortion that the subgroup allows is left as it is; one that it forbids is taken out",
        arguments: [("pbso4", 11), ("pbso4", 19), ("pbso4", 33), ("fluorapatite", 11), ("fluorapatite", 173)])
    func allowedDistortionStays(name: String, number: Int) throws {
        let parent = try Self.crystal(name)
        let subgroup = try #require(
            parent.spaceGroup.translationengleicheSubgroups.first { $0.spaceGroup.number == number })
        let lowered = Shake(amplitude: 0.04, lattice: 0.004)(try parent.inSubgroup(subgroup), seed: 7)
        let distorted = lowered.expanded()
        let found = try SymmetryFinder.find(in: distorted, tolerance: 0.4)
        #expect(found.spaceGroup.number == parent.spaceGroup.number)
        let ways = try EnforcedSubgroup.ways(to: number, of: distorted, found: found)
        let least = try #require(ways.min { $0.maxDisplacement < $1.maxDisplacement })
        #expect(least.maxDisplacement < 1e-9)
        #expect(least.structure.degreesOfFreedom == lowered.degreesOfFreedom)
        // The whole group moves what the subgroup leaves.
        #expect(found.maxDisplacement > 0.005)
        // And spglib finds no more than the subgroup in what came out.
        let again = try SymmetryFinder.find(in: least.structure.expanded(), tolerance: 1e-4)
        #expect(again.spaceGroup.number == number)
    }

    @Test(
        "of any distorted structure a subgroup is enforced exactly, and needs no more displacement than the group"
    )
    func subgroupMovesLess() throws {
        let parent = try Self.crystal("pbso4")
        var distorted = parent.expanded()
        var random = RandomStream(seed: 3, index: 0)
        for index in distorted.sites.indices {
            distorted.sites[index].position +=
                SIMD3(random.normal(), random.normal(), random.normal()) * 0.003
        }
        let found = try SymmetryFinder.find(in: distorted, tolerance: 0.4)
        #expect(found.spaceGroup.number == 62)
        for number in [4, 11, 19, 26, 31, 33] {
            let way = try #require(try EnforcedSubgroup.ways(to: number, of: distorted, found: found).first)
            let again = try SymmetryFinder.find(in: way.structure.expanded(), tolerance: 1e-5)
            #expect(again.spaceGroup.number == number)
            #expect(way.rmsDisplacement <= found.rmsDisplacement + 1e-9)
            #expect(way.rmsDisplacement > 0)
        }
    }

    @Test("a klassengleiche subgroup enlarges the cell and keeps every atom")
    func klassengleiche() throws {
        let parent = try Self.crystal("fluorapatite")
        let subgroup = try #require(parent.spaceGroup.klassengleicheSubgroups(index: 3).first)
        let structure = parent.expanded()
        let found = try SymmetryFinder.find(in: structure, tolerance: 1e-3)
        let ways = try EnforcedSubgroup.ways(to: subgroup.spaceGroup.number, of: structure, found: found)
        let way = try #require(ways.first { $0.subgroup.kind == .klassengleiche })
        #expect(way.structure.atoms.count == 3 * structure.sites.count)
        #expect(way.maxDisplacement < 1e-9)
    }
}
