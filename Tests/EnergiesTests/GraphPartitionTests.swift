import Crystallography
import Energies
import Foundation
import LearnedModels
import NumericalMethods
import Testing

@Suite(
    "large cells in parts",
    .enabled(if: Reference.isInstalled, "the model is not installed: wyckoff models fetch"))
struct GraphPartitionTests {
    static func model(threads: Int) throws -> CHGNet {
        try CHGNet(ModelStore.standard.checkpoint(.chgnet), threads: threads)
    }

    /// The cell repeated along its axes, atom by atom.
    static func repeated(_ cell: CrystalStructure, _ n: SIMD3<Int>) -> CrystalStructure {
        let count = SIMD3(Double(n.x), Double(n.y), Double(n.z))
        let rows = cell.lattice.vectors.rows
        var sites: [Site] = []
        for site in cell.sites {
            for x in 0..<n.x {
                for y in 0..<n.y {
                    for z in 0..<n.z {
                        var image = site
                        image.position = (site.position + SIMD3(Double(x), Double(y), Double(z))) / count
                        sites.append(image)
                    }
                }
            }
        }
        return CrystalStructure(
            lattice: Lattice(
                vectors: Matrix3(rows: count.x * rows.0, count.y * rows.1, count.z * rows.2)),
            sites: sites)
    }

    /// Rutile with every atom shaken: six atoms, no symmetry.
    static func small() throws -> CrystalStructure {
        let reduced = try OrbitGraphTests.shaken(
            "136", [4.6, 4.6, 2.96, 90, 90, 90], [("Ti", .zero), ("O", SIMD3(0.305, 0.305, 0))])
        var structure = reduced.expanded()
        var stream = RandomStream(seed: 5)
        for index in structure.sites.indices {
            structure.sites[index].position += SIMD3(
                0.02 * stream.uniform(), 0.02 * stream.uniform(), 0.02 * stream.uniform())
        }
        return structure
    }

    @Test("every number is the same to the last bit, whatever the number of threads")
    func identity() throws {
        let large = Self.repeated(try Self.small(), SIMD3(3, 2, 4))
        let one = try Self.model(threads: 1).evaluate(large)
        for threads in [2, 3, 8] {
            let model = try Self.model(threads: threads)
            for _ in 0..<2 {
                let other = try model.evaluate(large)
                #expect(other.energy == one.energy)
                #expect(other.siteEnergies == one.siteEnergies)
                #expect(other.forces == one.forces)
                #expect(other.stress == one.stress)
                #expect(other.magneticMoments == one.magneticMoments)
            }
        }
    }

    @Test("a large cell, which is cut into parts, says of each atom what the small cell says, which is not")
    func repetition() throws {
        let small = try Self.small()
        let counts = SIMD3(3, 2, 4)
        let copies = 24
        let model = try Self.model(threads: 2)
        let (whole, cut) = (try model.evaluate(small), try model.evaluate(Self.repeated(small, counts)))
        #expect(abs(cut.energyPerAtom - whole.energyPerAtom) < 1e-11)
        for (index, force) in cut.forces.enumerated() {
            #expect((force - whole.forces[index / copies]).length < 1e-10)
            #expect(abs(cut.magneticMoments[index] - whole.magneticMoments[index / copies]) < 1e-11)
        }
        let difference = cut.stress - whole.stress
        #expect(
            max(difference.rows.0.length, difference.rows.1.length, difference.rows.2.length) < 1e-9)
    }

    @Test("forces of a large cell in parts are the slopes of its energy")
    func slopes() throws {
        var large = Self.repeated(try Self.small(), SIMD3(3, 2, 4))
        let model = try Self.model(threads: 2)
        let forces = try model.evaluate(large).forces
        let step = 1e-4
        for atom in [0, 77, 143] {
            let place = large.sites[atom].position
            var energies: [Double] = []
            for k in [-2.0, -1, 1, 2] {
                large.sites[atom].position =
                    place + large.lattice.fractional(SIMD3(k * step, 0, 0))
                energies.append(try model.evaluate(large).energy)
            }
            large.sites[atom].position = place
            let slope = (energies[0] - 8 * energies[1] + 8 * energies[2] - energies[3]) / (12 * step)
            #expect(abs(slope + forces[atom].x) < 1e-6)
        }
    }
}
