import CrystalFiles
import Crystallography
import Foundation
import NumericalMethods
import Testing

/// Reaches `ExtendedXYZFrames`.
@Suite("Trajectories") struct ExtendedXYZTrajectoryTests {
    @Test("every frame reads back: cell, atoms and their order to the last bit that Å keep")
    func frames() throws {
        var random = RandomStream(seed: 21)
        let elements = try ["Na", "Cl", "O"].map { try #require(Element(symbol: $0)) }
        var trajectory = ExtendedXYZTrajectory()
        var structures: [CrystalStructure] = []
        for _ in 0..<12 {
            let lattice = Lattice(
                a: random.uniform(3, 12), b: random.uniform(3, 12), c: random.uniform(3, 12),
                alpha: random.uniform(70, 110), beta: random.uniform(70, 110), gamma: random.uniform(70, 110))
            let sites = (0..<(1 + random.index(below: 6))).map { k in
                Site(
                    elements[k % 3], at: SIMD3(random.uniform(), random.uniform(), random.uniform()))
            }
            let structure = CrystalStructure(lattice: lattice, sites: sites)
            structures.append(structure)
            trajectory.append(
                structure, energy: random.uniform(-9, 0), forces: sites.map { _ in .zero }, stress: .zero)
        }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(
            "\(UUID().uuidString).extxyz")
        try trajectory.text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let read = try CrystalFile.read(file.path)
        #expect(read.count == structures.count)
        for (record, structure) in zip(read, structures) {
            let other = record.structure
            let cells = other.lattice.metric - structure.lattice.metric
            #expect(cells.frobeniusNorm < 1e-10)
            #expect(other.sites.map(\.occupants) == structure.sites.map(\.occupants))
            for (a, b) in zip(other.sites, structure.sites) {
                #expect(structure.lattice.length((a.position - b.position).nearestImage) < 1e-10)
            }
        }
    }
}
