import CrystalFiles
import Crystallography
import Evaluations
import Foundation
import Testing

/// Structures of no file are asked what records of a set are.
@Suite("StructureSurvey") struct StructureSurveyTests {
    private func salt(_ a: Double, _ anion: String) throws -> CrystalStructure {
        CrystalStructure(
            lattice: Lattice(a: a, b: a, c: a, alpha: 90, beta: 90, gamma: 90),
            sites: [
                Site(try #require(Element(symbol: "Cs")), at: .zero),
                Site(try #require(Element(symbol: anion)), at: SIMD3(0.5, 0.5, 0.5)),
            ])
    }

    @Test("which are the same, and which the reference holds; asked again, the store answers the same")
    func survey() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("known.jsonl").path
        try CrystalFile.write([CrystalRecord(try salt(4.12, "Cl"))], to: path)
        var questions = SetEvaluation.Questions()
        questions.reference = [path]
        let survey = StructureSurvey(questions, store: try ValidationStore(path: nil), jobs: 1)
        let structures = [try salt(4.1, "Cl"), try salt(4.3, "Br"), try salt(4.15, "Cl")]
        for _ in 0..<2 {
            let found = try await survey.run(structures)
            #expect(found.map(\.duplicateOf) == [nil, nil, 0])
            #expect(found.map { $0.known != nil } == [true, false, true])
            #expect(found.allSatisfy { $0.stability == nil })
        }
    }
}
