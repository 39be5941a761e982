import CrystalFiles
import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// Reaches `PolarOrigin`.
@Suite("Reduced structures")
struct ReducedStructureTests {
    /// Random crystals: one to four random positions, general and special, in a random setting.
    static func random(_ seed: UInt64) -> ReducedStructure? {
        var random = RandomStream(seed: seed, index: 3)
        guard let group = SpaceGroup(hallNumber: 1 + random.index(below: 530)) else { return nil }
        let lattice = LatticeParametersTests.lattice(of: group, seed: seed)
        let special: [Double] = [0, 0.5, 0.25, 1.0 / 3]
        let elements = ["Si", "O", "Fe", "Pb"].compactMap { Element(symbol: $0) }
        let sites = (0..<(1 + random.index(below: 4))).map { index in
            let position = SIMD3(
                random.uniform() < 0.4 ? special[random.index(below: 4)] : random.uniform(),
                random.uniform() < 0.4 ? special[random.index(below: 4)] : random.uniform(),
                random.uniform() < 0.4 ? special[random.index(below: 4)] : random.uniform())
            return Site(elements[index], at: position)
        }
        return ReducedStructure(spaceGroup: group, lattice: lattice, asymmetricSites: sites, tolerance: 1e-3)
    }

    /// Positions equal in order, up to lattice vectors.
    static func largestDifference(_ a: CrystalStructure, _ b: CrystalStructure) -> Double {
        guard a.sites.count == b.sites.count else { return .infinity }
        return zip(a.sites, b.sites).map { a.lattice.length(($0.position - $1.position).nearestImage) }.max()
            ?? 0
    }

    @Test("reduce ∘ expand = identity to 1e-12, 200 random crystals in random settings")
    func reduceExpandIdentity() throws {
        for seed in UInt64(1)...200 {
            guard let structure = Self.random(seed) else { continue }
            let cell = structure.expanded()
            let again = try ReducedStructure(reducing: cell, in: structure.spaceGroup, tolerance: 1e-6)
            #expect(Self.largestDifference(cell, again.expanded()) < 1e-12 * 100, "seed \(seed)")
            #expect(again.degreesOfFreedom == structure.degreesOfFreedom, "seed \(seed)")
            #expect(again.orbits.map(\.multiplicity) == structure.orbits.map(\.multiplicity), "seed \(seed)")
        }
    }

    static let golden = URL(fileURLWithPath: "../shared/data/golden")
    static let hasShared = FileManager.default.fileExists(atPath: golden.path)

    @Test("reduce ∘ expand = identity on real structures", .enabled(if: hasShared, "../shared is not there"))
    func realStructures() throws {
        let folders = ["golden", "landscape-paper"].map {
            Self.golden.deletingLastPathComponent().appendingPathComponent($0)
        }
        let files = try folders.flatMap {
            try FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil)
        }
        var count = 0
        for file in files.sorted(by: { $0.path < $1.path }) where file.pathExtension == "cif" {
            let record = try CrystalFile.readFirst(file.path)
            guard let operations = record.declaredOperations,
                let group = SpaceGroup.matching(operations: operations)
            else { continue }
            let reduced = try ReducedStructure(reducing: record.structure, in: group, tolerance: 0.05)
            let exact = reduced.expanded()
            #expect(Self.largestDifference(record.structure, exact) < 0.05, "\(file.lastPathComponent)")
            let again = try ReducedStructure(reducing: exact, in: group, tolerance: 1e-6)
            #expect(Self.largestDifference(exact, again.expanded()) < 1e-10, "\(file.lastPathComponent)")
            count += 1
        }
        #expect(count >= 20)
    }

    @Test(
        "reduce ∘ expand = identity on spglib's own test structures, standardised",
        .enabled(if: hasShared, "../shared is not there"))
    func spglibStructures() throws {
        let folder = Self.golden.deletingLastPathComponent().appendingPathComponent("spglib")
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        let files = names.filter {
            $0.contains("POSCAR") && !$0.contains("distorted") && !$0.hasSuffix("-ref")
        }.sorted()
        let step = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] == nil ? 8 : 1
        var count = 0
        for index in stride(from: 0, to: files.count, by: step) {
            let structure = try CrystalFile.readFirst(folder.appendingPathComponent(files[index]).path)
                .structure
            let found = try SymmetryFinder.find(in: structure, tolerance: 1e-5)
            let standard = try SymmetryFinder.standardize(structure, found)
            let reduced = try ReducedStructure(
                reducing: standard.structure, in: found.spaceGroup, tolerance: 1e-4)
            #expect(Self.largestDifference(standard.structure, reduced.expanded()) < 1e-8, "\(files[index])")
            count += 1
        }
        #expect(count >= 50)
    }

    @Test("orbit size = |G|/|stabilizer|, 200 random crystals")
    func orbitSizes() {
        for seed in UInt64(1)...200 {
            guard let structure = Self.random(seed) else { continue }
            for orbit in structure.orbits {
                #expect(orbit.multiplicity * orbit.siteSymmetry.order == structure.spaceGroup.order)
            }
        }
    }

    @Test(
        "the cell's vectors by the lattice parameters, CellVectorDerivatives, agree with central differences")
    func cellVectorDerivatives() {
        for seed in UInt64(1)...60 {
            guard let structure = Self.random(seed) else { continue }
            for (k, derivative) in structure.cellVectorDerivatives.enumerated() {
                let h = 1e-4
                var (up, down) = (structure, structure)
                var vector = structure.parameterVector
                vector[k] += h
                up.parameterVector = vector
                vector[k] -= 2 * h
                down.parameterVector = vector
                let (a, b) = (up.expanded().lattice.vectors, down.expanded().lattice.vectors)
                for row in 0..<3 {
                    let difference = (a[row] - b[row]) / (2 * h)
                    #expect((difference - derivative[row]).length < 1e-7, "seed \(seed), parameter \(k)")
                }
            }
        }
    }

    @Test("positions' derivatives agree with central differences")
    func positionDerivatives() {
        for seed in UInt64(1)...60 {
            guard let structure = Self.random(seed) else { continue }
            let count = structure.latticeParameters.names.count
            for (k, derivatives) in structure.positionDerivatives.enumerated() {
                let h = 1e-5
                var (up, down) = (structure, structure)
                var vector = structure.parameterVector
                vector[count + k] += h
                up.parameterVector = vector
                vector[count + k] -= 2 * h
                down.parameterVector = vector
                for (index, derivative) in derivatives.enumerated() {
                    let difference =
                        (up.expanded().sites[index].position - down.expanded().sites[index].position)
                        / (2 * h)
                    #expect((difference - derivative).length < 1e-8)
                }
            }
        }
    }

    @Test(
        "a common shift along a polar direction is no parameter: as many coordinates are fixed as directions")
    func polarOrigins() {
        var polar = 0
        for seed in UInt64(1)...200 {
            guard let structure = Self.random(seed) else { continue }
            let directions = structure.spaceGroup.polarDirections.count
            #expect(structure.originCoordinates.count == directions, "seed \(seed)")
            polar += directions > 0 ? 1 : 0
        }
        #expect(polar > 20)
    }

    @Test("parameter vector: what is set is read, and names are unique")
    func parameterVector() {
        for seed in UInt64(1)...100 {
            guard var structure = Self.random(seed) else { continue }
            let moved = structure.parameterVector.enumerated().map { $1 + 0.001 * Double($0 % 3) }
            structure.parameterVector = moved
            #expect(structure.parameterVector == moved)
            let names = structure.parameters.map(\.name)
            #expect(Set(names).count == names.count)
            #expect(names.count == structure.degreesOfFreedom)
        }
    }

    @Test("the smallest representative is the same crystal")
    func smallestRepresentative() {
        for seed in UInt64(1)...100 {
            guard let structure = Self.random(seed) else { continue }
            var moved = structure
            for index in moved.orbits.indices {
                moved.orbits[index].moveToSmallestRepresentative(in: moved.spaceGroup)
            }
            let lattice = structure.lattice
            let (before, after) = (structure.expanded().sites, moved.expanded().sites)
            for site in after {
                #expect(before.contains { lattice.length(($0.position - site.position).nearestImage) < 1e-6 })
            }
        }
    }

    @Test("a structure without the symmetry is refused, with the atom and the operation")
    func missingImage() throws {
        guard let group = SpaceGroup(hallNumber: 525), let iron = Element(symbol: "Fe") else { return }
        let structure = CrystalStructure(
            lattice: Lattice(a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90),
            sites: [Site(iron, at: SIMD3(0.1, 0.2, 0.3), label: "Fe1")])
        #expect(throws: ReductionError.self) { try ReducedStructure(reducing: structure, in: group) }
    }
}
