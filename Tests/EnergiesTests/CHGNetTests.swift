import Crystallography
import Energies
import Foundation
import LearnedModels
import NumericalMethods
import Testing

/// CHGNet's weights, where they are installed, and reference values computed by another program in double precision.
enum Reference {
    struct File: Decodable {
        var structures: [Entry]
    }
    struct Entry: Decodable {
        var name: String
        var lattice: [[Double]]
        var atomic_numbers: [Int]
        var frac_coords: [[Double]]
        var energy_per_atom_eV: Double
        var forces_eV_A: [[Double]]
        var stress_GPa: [[Double]]
        var magmom_muB: [Double]

        var structure: CrystalStructure {
            let rows = lattice.map { SIMD3($0[0], $0[1], $0[2]) }
            let sites = zip(atomic_numbers, frac_coords).compactMap { number, f in
                Element(atomicNumber: number).map { Site($0, at: SIMD3(f[0], f[1], f[2])) }
            }
            return CrystalStructure(
                title: name, lattice: Lattice(vectors: Matrix3(rows: rows[0], rows[1], rows[2])), sites: sites
            )
        }
    }

    static let isInstalled = ModelStore.standard.isInstalled(.chgnet)
    static let url = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/data/chgnet/ref_chgnet_f64.json")
    static let isAtHand = FileManager.default.fileExists(atPath: url.path)

    static func model() throws -> CHGNet { try CHGNet(ModelStore.standard.checkpoint(.chgnet)) }
    static func entries() throws -> [Entry] {
        try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).structures
    }
}

@Suite(.enabled(if: Reference.isInstalled, "the model is not installed: wyckoff models fetch"))
struct CHGNetTests {
    @Test(.enabled(if: Reference.isAtHand, "the reference values are not at hand"))
    func allStructuresAgreeWithTheReference() throws {
        let model = try Reference.model()
        var worst = (energy: 0.0, force: 0.0, stress: 0.0, moment: 0.0)
        for entry in try Reference.entries() {
            let result = try model.evaluate(entry.structure)
            let energy = abs(result.energyPerAtom - entry.energy_per_atom_eV)
            let force =
                zip(result.forces, entry.forces_eV_A).map { f, r in
                    max(abs(f.x - r[0]), abs(f.y - r[1]), abs(f.z - r[2]))
                }.max() ?? .infinity
            let stress =
                (0..<9).map { abs(result.stress[$0 / 3, $0 % 3] - entry.stress_GPa[$0 / 3][$0 % 3]) }
                .max() ?? .infinity
            let moment = zip(result.magneticMoments, entry.magmom_muB).map { abs($0 - $1) }.max() ?? .infinity
            #expect(energy < 1e-6, "\(entry.name)")
            #expect(force < 1e-7, "\(entry.name)")
            #expect(stress < 1e-6, "\(entry.name)")
            #expect(moment < 1e-6, "\(entry.name)")
            worst = (
                max(worst.energy, energy), max(worst.force, force), max(worst.stress, stress),
                max(worst.moment, moment)
            )
        }
        print("worst of 30: \(worst)")
    }
}
