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
        let lowered = Shake(amplitude: 0.04, lattice: 0.004).applied(
            to: try parent.inSubgroup(subgroup), seed: 7)
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

@Suite("Subgroups of large cells")
struct LargeSubgroupTests {
    @Test("a supercell of a distorted crystal is lowered as its cell is, in time that grows with the atoms")
    func supercell() throws {
        let lattice = Lattice(a: 3.9, b: 3.9, c: 3.9, alpha: 90, beta: 90, gamma: 90)
        func perovskite(_ n: Int) throws -> CrystalStructure {
            let kinds = try ["Sr", "Ti", "O"].map { try #require(Element(symbol: $0)) }
            let atoms: [(Int, SIMD3<Double>)] = [
                (0, SIMD3(0, 0, 0)), (1, SIMD3(0.5, 0.5, 0.53)), (2, SIMD3(0.5, 0.5, 0)),
                (2, SIMD3(0.5, 0, 0.5)), (2, SIMD3(0, 0.5, 0.5)),
            ]
            var sites: [Site] = []
            for i in 0..<n {
                for j in 0..<n {
                    for k in 0..<n {
                        for (kind, position) in atoms {
                            let place = position + SIMD3(Double(i), Double(j), Double(k))
                            sites.append(Site(kinds[kind], at: place / Double(n)))
                        }
                    }
                }
            }
            return CrystalStructure(
                lattice: Lattice(vectors: Double(n) * lattice.vectors), sites: sites)
        }
        func lowered(_ structure: CrystalStructure) throws -> EnforcedSubgroup {
            let found = try SymmetryFinder.find(in: structure, tolerance: 0.5)
            #expect(found.spaceGroup.number == 221)
            return try #require(try EnforcedSubgroup.ways(to: 99, of: structure, found: found).first)
        }
        let one = try lowered(perovskite(1))
        #expect(one.maxDisplacement < 1e-6)
        let large = try perovskite(6)
        var way: EnforcedSubgroup?
        let time = try ContinuousClock().measure { way = try lowered(large) }
        #expect(way?.structure.atoms.count == one.structure.atoms.count)
        #expect((way?.maxDisplacement ?? 1) < 1e-6)
        #expect(way?.structure.parameters.count == one.structure.parameters.count)
        #expect(time < .seconds(60))
    }
}
