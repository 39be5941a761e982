import CrystalFiles
import Crystallography
import Energies
import Evaluations
import Foundation
import NumericalMethods
import Testing
import Validation

/// Distances to the hull of a reference by a potential whose energies are known beforehand. Reaches `HullSurvey`, `EnergyMethod`,
/// `RecordStability`.
@Suite("HullSurvey") struct HullSurveyTests {
    /// eV/atom by the formula and the volume: elements −1, rock salt −3, anything larger for an atom −2.8; no iodine.
    private struct Table: InteratomicPotential {
        var name: String { "table" }

        func evaluate(_ structure: CrystalStructure) throws -> EnergyEvaluation {
            let elements = Set(structure.sites.compactMap { $0.element?.symbol })
            guard !elements.contains("I") else { throw CocoaError(.featureUnsupported) }
            let count = Double(structure.sites.count)
            let isLoose = structure.lattice.volume / count > 25
            let each = elements.count == 1 ? -1 : isLoose ? -2.8 : -3.0
            return EnergyEvaluation(
                energy: each * count,
                forces: [SIMD3<Double>](repeating: .zero, count: structure.sites.count), stress: .zero)
        }
    }

    private static func cubic(_ a: Double, _ atoms: [(String, SIMD3<Double>)]) throws -> CrystalRecord {
        CrystalRecord(
            CrystalStructure(
                lattice: Lattice(a: a, b: a, c: a, alpha: 90, beta: 90, gamma: 90),
                sites: try atoms.map { Site(try #require(Element(symbol: $0.0)), at: $0.1) }))
    }

    @Test(
        "a phase that is on the hull has 0, a looser one its difference with what it falls apart into, and what has no energy says why"
    )
    func distances() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let middle = SIMD3(0.5, 0.5, 0.5)
        func write(_ name: String, _ records: [CrystalRecord]) throws -> String {
            let path = folder.appendingPathComponent(name).path
            try CrystalFile.write(records, to: path)
            return path
        }
        let dense = try Self.cubic(3.4, [("Na", .zero), ("Cl", middle)])
        let loose = try Self.cubic(3.9, [("Na", .zero), ("Cl", middle)])
        let iodide = try Self.cubic(3.9, [("Na", .zero), ("I", middle)])
        let lone = try Self.cubic(3.4, [("Na", .zero), ("Br", middle)])
        let reference = try write(
            "known.jsonl",
            [dense, try Self.cubic(3.6, [("Na", .zero)]), try Self.cubic(3.6, [("Cl", .zero)])])
        let set = try write("set.jsonl", [dense, loose, iodide, lone])
        var questions = SetEvaluation.Questions()
        questions.energy = EnergyMethod(Table(), relaxes: false)
        questions.hull = [reference]
        let evaluation = SetEvaluation(RecordValidation(), questions, store: try ValidationStore(path: nil))
        var found: [RecordStability] = []
        try await evaluation.run([set]).forEach { found.append(try #require($0.stability)) }
        try #require(found.count == 4)
        #expect(found[0].energy == -3 && abs(found[0].aboveHull ?? 1) < 1e-9)
        #expect(abs((found[1].aboveHull ?? 1) - 0.2) < 1e-9)
        #expect(found[1].decomposition.map(\.share) == [1])
        #expect(found[2].energy == nil && found[2].aboveHull == nil && !found[2].note.isEmpty)
        #expect(found[3].energy == -3 && found[3].aboveHull == nil)
        #expect(found[3].note.contains("Br"), "no phase of bromine is in the reference: \(found[3].note)")
    }
}
