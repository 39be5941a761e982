import Crystallography
import Energies
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// Neighbours and angles against all images by hand; no model is needed.
@Suite struct CrystalGraphTests {
    private struct Crystal {
        var lattice: Lattice
        var positions: [SIMD3<Double>]

        init(_ cell: [Double], atoms: Int, seed: UInt64) {
            var random = RandomStream(seed: seed)
            lattice = Lattice(
                a: cell[0], b: cell[1], c: cell[2], alpha: cell[3], beta: cell[4], gamma: cell[5])
            // Far enough from each other that no two overlap.
            positions = []
            while positions.count < atoms {
                let place = SIMD3(random.uniform(), random.uniform(), random.uniform())
                let isFree = positions.allSatisfy { lattice.length(($0 - place).nearestImage) > 0.6 }
                if isFree { positions.append(place) }
            }
        }

        /// Lengths (Å) of all vectors from atom i to atom j within a distance, an atom itself left out.
        func lengths(_ i: Int, _ j: Int, within cutoff: Double) -> [Double] {
            var result: [Double] = []
            for x in -9...9 {
                for y in -9...9 {
                    for z in -9...9 where i != j || SIMD3(x, y, z) != .zero {
                        let cell = SIMD3(Double(x), Double(y), Double(z))
                        let length = ((positions[j] + cell - positions[i]) * lattice.vectors).length
                        if length <= cutoff { result.append(length) }
                    }
                }
            }
            return result.sorted()
        }
    }

    private static let crystals = [
        Crystal([5, 6, 7, 90, 90, 90], atoms: 4, seed: 1),
        Crystal([3, 9, 4, 70, 110, 95], atoms: 3, seed: 2),
        Crystal([4, 4, 4, 60, 60, 60], atoms: 1, seed: 3),
        Crystal([2.5, 12, 6, 90, 90, 150], atoms: 2, seed: 4),
    ]

    @Test(arguments: [0, 1, 2, 3])
    func everyPairIsFoundOnce(index: Int) {
        let crystal = Self.crystals[index]
        let search = NeighbourSearch(lattice: crystal.lattice, positions: crystal.positions, cutoff: 5)
        var found: [SIMD2<Int>: [Double]] = [:]
        search.forEachPair { bond in
            let ends = [Int(bond.first), Int(bond.second)].sorted()
            found[SIMD2(ends[0], ends[1]), default: []].append(bond.length)
        }
        for i in crystal.positions.indices {
            for j in crystal.positions.indices where i <= j {
                var wanted = crystal.lengths(i, j, within: 5)
                // Of an atom and its own image, one of the two directions.
                if i == j { wanted = stride(from: 0, to: wanted.count, by: 2).map { wanted[$0] } }
                let own = (found[SIMD2(i, j)] ?? []).sorted()
                #expect(own.count == wanted.count)
                #expect(zip(own, wanted).allSatisfy { abs($0 - $1) < 1e-9 })
            }
        }
    }

    @Test(arguments: [0, 1, 2, 3])
    func everyBondHasTwoEdgesAndEveryTwoShortEdgesAnAngle(index: Int) throws {
        let crystal = Self.crystals[index]
        let graph = try CrystalGraph(
            lattice: crystal.lattice, positions: crystal.positions, cutoff: 5, angularCutoff: 3)
        let atoms = crystal.positions.indices
        func neighbours(_ i: Int, _ cutoff: Double) -> Int {
            atoms.reduce(0) { $0 + crystal.lengths(i, $1, within: cutoff).count }
        }
        #expect(graph.edgeCount == 2 * graph.bondCount)
        for i in atoms {
            #expect(graph.edgeCentre.count { Int($0) == i } == neighbours(i, 5))
            let short = neighbours(i, 2.9999999)
            #expect(graph.angleCentre.count { Int($0) == i } == short * (short - 1))
        }
        #expect(graph.links.prefix(graph.shortCount).allSatisfy { $0.length < 3 })
        #expect(graph.links.dropFirst(graph.shortCount).allSatisfy { $0.length >= 3 })
    }

    @Test func whatIsNoCrystalIsRefused() throws {
        let cell = Lattice(a: 5, b: 5, c: 5, alpha: 90, beta: 90, gamma: 90)
        func graph(_ lattice: Lattice, _ positions: SIMD3<Double>...) throws(EnergyError) -> CrystalGraph {
            try CrystalGraph(lattice: lattice, positions: positions, cutoff: 6, angularCutoff: 3)
        }
        #expect(throws: EnergyError.overlap(atoms: 0, 1, distance: 0)) { try graph(cell, .zero, .zero) }
        let wide = Lattice(a: 50, b: 50, c: 50, alpha: 90, beta: 90, gamma: 90)
        #expect(throws: EnergyError.isolatedAtom(atom: 0, cutoff: 6)) { try graph(wide, .zero) }
        #expect(throws: EnergyError.badGeometry) { try graph(cell, SIMD3(.nan, 0, 0)) }
        let nanometres = Lattice(a: 0.5, b: 0.5, c: 0.5, alpha: 90, beta: 90, gamma: 90)
        #expect(throws: EnergyError.self) { try graph(nanometres, .zero) }
    }

    /// The sums over orbits are those over atoms: as many edges, bonds and angles, counted with their weights.
    @Test(arguments: OrbitGraphTests.crystals.indices)
    func orbitsStandForAllTheirAtoms(index: Int) throws {
        let crystal = OrbitGraphTests.crystals[index]
        let structure = try OrbitGraphTests.shaken(crystal.group, crystal.cell, crystal.sites)
        let expanded = structure.expanded()
        let whole = try CrystalGraph(
            lattice: expanded.lattice, positions: expanded.sites.map(\.position), cutoff: 6, angularCutoff: 3)
        let orbits = try CrystalGraph(
            orbitsOf: structure, expanded: expanded, cutoff: 6, angularCutoff: 3)
        #expect(orbits.multiplicities.reduce(0, +) == Double(expanded.sites.count))
        let edges = zip(orbits.edgeCentre, orbits.edgeWeights).reduce(0.0) {
            $0 + orbits.multiplicities[Int($1.0)] * $1.1
        }
        #expect(edges == Double(whole.edgeCount))
        #expect(orbits.bondCount <= whole.bondCount && orbits.angleCount <= whole.angleCount)
    }

    /// The operations are isometries of the cell that `expanded()` gives, and each atom is in one orbit.
    @Test(arguments: OrbitGraphTests.crystals.indices)
    func theOrientedSettingTurnsWithTheCell(index: Int) throws {
        let crystal = OrbitGraphTests.crystals[index]
        let structure = try OrbitGraphTests.shaken(crystal.group, crystal.cell, crystal.sites)
        #expect(structure.atomsPerOrbit.reduce(0, +) == structure.expanded().sites.count)
        let vectors = structure.orientedSetting.vectors
        for operation in structure.spaceGroup.operations {
            let turn = vectors.transpose * Matrix3(operation.rotation) * vectors.inverse.transpose
            let identity = turn * turn.transpose + (-1) * Matrix3.identity
            #expect(identity.frobeniusNorm < 1e-9)
        }
    }

    /// The mean over a group is invariant, a mean of it is itself, and an invariant has nothing to lose.
    @Test(arguments: OrbitGraphTests.crystals.indices)
    func theMeanOverAGroupIsAProjection(index: Int) throws {
        let crystal = OrbitGraphTests.crystals[index]
        let structure = try OrbitGraphTests.shaken(crystal.group, crystal.cell, crystal.sites)
        let expanded = structure.expanded()
        var random = RandomStream(seed: 5)
        let forces = expanded.sites.map { _ in SIMD3(random.normal(), random.normal(), random.normal()) }
        let mean = GroupMean(structure)
        let once = mean.forces(forces)
        let twice = mean.forces(once)
        #expect(zip(once, twice).allSatisfy { ($0 - $1).length < 1e-9 })
        // Every operation carries the force of an atom on that of its image.
        let vectors = structure.orientedSetting.vectors
        for operation in structure.spaceGroup.operations {
            let turn = vectors.transpose * Matrix3(operation.rotation) * vectors.inverse.transpose
            for (atom, site) in expanded.sites.enumerated() where structure.cell == nil {
                let moved = operation.apply(to: site.position)
                let image = expanded.sites.indices.first {
                    (expanded.sites[$0].position - moved).nearestImage.length < 1e-6
                }
                #expect((turn * once[atom] - once[try #require(image)]).length < 1e-9)
            }
        }
        let stress = Matrix3(rows: SIMD3(1, 0.3, -0.2), SIMD3(0.3, 2, 0.5), SIMD3(-0.2, 0.5, -1))
        let tensor = mean.tensor(stress)
        #expect((mean.tensor(tensor) + (-1) * tensor).frobeniusNorm < 1e-9)
        #expect(abs(tensor.trace - stress.trace) < 1e-9)
    }
}
