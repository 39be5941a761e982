import Foundation
import Testing
import Validation

@Suite struct SetValidationTests {
    static let silicon = """
        {"lattice":{"matrix":[[5.43,0,0],[0,5.43,0],[0,0,5.43]]},"sites":[\
        {"species":[{"element":"Si","occu":1}],"abc":[0,0,0]},\
        {"species":[{"element":"Si","occu":1}],"abc":[0,0.5,0.5]},\
        {"species":[{"element":"Si","occu":1}],"abc":[0.5,0,0.5]},\
        {"species":[{"element":"Si","occu":1}],"abc":[0.5,0.5,0]},\
        {"species":[{"element":"Si","occu":1}],"abc":[0.25,0.25,0.25]},\
        {"species":[{"element":"Si","occu":1}],"abc":[0.25,0.75,0.75]},\
        {"species":[{"element":"Si","occu":1}],"abc":[0.75,0.25,0.75]},\
        {"species":[{"element":"Si","occu":1}],"abc":[0.75,0.75,0.25]}]}
        """

    @Test("a damaged record fails with its line, and the records around it are still judged")
    func damagedRecord() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).jsonl")
        defer { try? FileManager.default.removeItem(at: file) }
        try [Self.silicon, "{\"lattice\": nonsense", Self.silicon].joined(separator: "\n")
            .write(to: file, atomically: true, encoding: .utf8)
        var records: [ValidatedRecord] = []
        let summary = try await SetValidation(RecordValidation(expected: 227)).run(
            file.path, report: { records.append($0) })
        #expect(summary.records == 3 && summary.failed == 1)
        #expect(records.map(\.passed) == [true, false, true])
        #expect(records.map(\.line) == [1, 2, 3])
        let first = try #require(records.first)
        #expect(first.spaceGroup?.number == 227 && first.degreesOfFreedom == 1)
        // Silicon: 2.329 g/cm³, bonds of √3/4 · 5.43 Å.
        #expect(abs((first.density ?? 0) - 2.33) < 0.005)
        #expect(abs((first.closestDistance ?? 0) - 2.3513) < 1e-3)
    }

    @Test("a claim that the crystal does not keep fails, and the reason names both groups")
    func wrongClaim() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).jsonl")
        defer { try? FileManager.default.removeItem(at: file) }
        try Self.silicon.write(to: file, atomically: true, encoding: .utf8)
        var reason = ""
        let summary = try await SetValidation(RecordValidation(expected: 225)).run(
            file.path, report: { reason = $0.reason })
        #expect(summary.failed == 1)
        #expect(reason.contains("225") && reason.contains("227"))
    }
}
