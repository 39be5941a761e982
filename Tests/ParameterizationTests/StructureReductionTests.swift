import CrystalFiles
import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

@Suite("Structures reduced in one step") struct StructureReductionTests {
    @Test("finding, standardizing and reducing, at once or one by one, give the same")
    func oneStep() throws {
        for seed in UInt64(1)...40 {
            guard let made = ReducedStructureTests.random(seed) else { continue }
            let cell = made.expanded()
            guard let found = try? SymmetryFinder.find(in: cell, tolerance: 1e-3) else { continue }
            let standard = try SymmetryFinder.standardize(cell, found)
            let steps = try ReducedStructure(reducing: standard.structure, in: found.spaceGroup)
            #expect(try ReducedStructure(of: cell, tolerance: 1e-3) == steps)
            #expect(try ReducedStructure(of: cell, found) == steps)
        }
    }

    @Test("what the finder says comes through")
    func errors() {
        let empty = CrystalStructure(
            lattice: Lattice(a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90), sites: [])
        let error = #expect(throws: ReductionError.self) { try ReducedStructure(of: empty, tolerance: 0.01) }
        #expect(error.map { "\($0)" } == "\(SymmetryFinderError.noAtoms)")
    }

    @Test("a file is reduced by its name, and its errors name it")
    func contents() throws {
        let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Data/structures/pbso4.cif").path
        let structure = try ReducedStructure(contentsOf: data)
        #expect(structure.spaceGroup.number == 62 && structure.orbits.count == 5)
        let error = #expect(throws: CrystalFileError.self) { try ReducedStructure(contentsOf: "nowhere.cif") }
        #expect(error.map { "\($0)".hasPrefix("nowhere.cif: ") } == true)
    }
}

@Suite("Origins on the centre") struct OriginOnCentreTests {
    @Test("groups with two origins move to the second, the crystal stays; others stay as they are")
    func moves() throws {
        for number in [48, 59, 70, 85, 129, 141, 201, 203, 224, 227, 62, 225, 33] {
            let first = try #require(
                (1...530).compactMap { SpaceGroup(hallNumber: $0) }.first { $0.number == number })
            let lattice = LatticeParametersTests.lattice(of: first, seed: 4)
            let element = try #require(Element(symbol: "Si"))
            let structure = ReducedStructure(
                spaceGroup: first, lattice: lattice,
                asymmetricSites: [Site(element, at: SIMD3(0.13, 0.27, 0.41))])
            let moved = try structure.withOriginOnCentre()
            #expect(moved.spaceGroup == first.withOriginOnCentre)
            #expect(moved.expanded().sites.count == structure.expanded().sites.count)
            #expect(try moved.withOriginOnCentre() == moved)
            let centre = SymmetryOperation(rotation: -.identity)
            if first.choice.first == "1", moved.spaceGroup.isCentrosymmetric {
                #expect(moved.spaceGroup.operations.contains(centre), "\(number)")
            }
            func closest(_ s: CrystalStructure) -> Double? {
                PeriodicGeometry(s.lattice).closestPair(s.sites.map(\.position))?.distance
            }
            let (before, after) = (closest(structure.expanded()), closest(moved.expanded()))
            #expect(abs((before ?? 0) - (after ?? 1)) < 1e-6, "\(number)")
        }
    }
}
