import CrystalFiles
import Evaluations
import Foundation
import Testing
import Validation

/// Every verdict on a set whose answers are known.
///
/// Reaches `CompositionKey`, `Likeness`, `LikenessSearch`, `SetIndexing`, `RecordPipeline`, `RecordReader`.
@Suite("A set made for the purpose") struct MadeSetTests {
    private func evaluated(
        _ set: MadeSet, jobs: Int? = nil, store: String? = nil
    ) async throws -> EvaluatedSet {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (own, reference) = (
            folder.appendingPathComponent("set.jsonl"), folder.appendingPathComponent("known.jsonl")
        )
        try set.text.write(to: own, atomically: true, encoding: .utf8)
        try set.referenceText.write(to: reference, atomically: true, encoding: .utf8)
        var questions = SetEvaluation.Questions()
        (questions.unique, questions.reference) = (true, [reference.path])
        var evaluation = SetEvaluation(
            RecordValidation(), questions, store: try ValidationStore(path: store))
        evaluation.jobs = jobs
        return try await evaluation.run([own.path])
    }

    @Test("holds more than 200 records, a part of them damaged, a part of them wrongly claimed")
    func size() throws {
        let set = try MadeSet(seed: 18)
        #expect(set.lines.count > 300)
        #expect(set.lines.count { !$0.passes } > 30)
        #expect(set.reference.count == 24)
    }

    @Test("every record passes or fails by the clauses it must", arguments: [18, 19] as [UInt64])
    func validity(seed: UInt64) async throws {
        let set = try MadeSet(seed: seed)
        var records: [EvaluatedSet.Record] = []
        try await evaluated(set).forEach { records.append($0) }
        #expect(records.count == set.lines.count)
        for (line, record) in zip(set.lines, records) {
            let fails = Set(record.verdict.clauses.filter { $0.outcome == .fails }.map(\.name))
            #expect(record.verdict.passed == line.passes, "\(line.name): \(record.verdict.reason)")
            #expect(fails == line.fails, "\(line.name): \(record.verdict.reason)")
        }
    }

    @Test(
        "the first of each structure is unique, every other is the same as it",
        arguments: [18, 19] as [UInt64])
    func uniqueness(seed: UInt64) async throws {
        let set = try MadeSet(seed: seed)
        var records: [EvaluatedSet.Record] = []
        try await evaluated(set).forEach { records.append($0) }
        var first: [String: Int] = [:]
        for (place, (line, record)) in zip(set.lines, records).enumerated() {
            guard let base = line.base else {
                #expect(record.isUnique == nil, "\(line.name)")
                continue
            }
            if let earlier = first[base] {
                #expect(record.isUnique == false, "\(line.name)")
                #expect(record.duplicate?.index == earlier, "\(line.name)")
                #expect((record.duplicate?.rmsDisplacement ?? 1) < 0.15, "\(line.name)")
            } else {
                #expect(record.isUnique == true, "\(line.name) is said to be \(record.duplicate?.name ?? "")")
                first[base] = place
            }
        }
    }

    @Test("known is what the reference holds, under whatever disguise, and nothing else")
    func novelty() async throws {
        let set = try MadeSet(seed: 18)
        let held = Set(set.reference.compactMap(\.base))
        var records: [EvaluatedSet.Record] = []
        try await evaluated(set).forEach { records.append($0) }
        for (line, record) in zip(set.lines, records) {
            guard let base = line.base else { continue }
            #expect(record.isNovel == !held.contains(base), "\(line.name)")
            if record.isNovel == false { #expect(record.known?.name == "known-\(base)") }
        }
    }

    @Test("the rates count what was made")
    func rates() async throws {
        let set = try MadeSet(seed: 18)
        let statistics = try SetStatistics(try await evaluated(set))
        #expect(statistics.valid.successes == set.lines.count { $0.passes })
        #expect(statistics.unique?.successes == Set(set.lines.compactMap(\.base)).count)
        #expect(statistics.unique?.trials == set.lines.count)
        #expect(statistics.stable == nil && statistics.sun == nil)
        #expect(statistics.reference.groups.counts == [225: 6, 221: 6, 216: 6, 186: 6])
    }

    @Test("one core and several give the same answers")
    func jobs() async throws {
        let set = try MadeSet(seed: 20)
        var texts: [[String]] = []
        for jobs in [1, 4] {
            var lines: [String] = []
            try await evaluated(set, jobs: jobs).forEach {
                // Sentences name the file, which is another one each time.
                let outcomes = $0.verdict.clauses.map(\.outcome.rawValue).joined(separator: " ")
                let partners = [$0.duplicate?.index.description, $0.known?.name]
                lines.append("\(outcomes) \(partners) \(String(describing: $0.duplicate?.rmsDisplacement))")
            }
            texts.append(lines)
        }
        #expect(texts[0] == texts[1])
    }
}
