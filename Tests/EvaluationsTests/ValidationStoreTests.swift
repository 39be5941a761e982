import CrystalFiles
import Crystallography
import Evaluations
import Foundation
import Matching
import NumericalMethods
import Testing
import Validation

/// Reaches `StoredRecords`, `StoredStructure`, `RecordProfile`.
@Suite("The store of a validation") struct ValidationStoreTests {
    private func inFolder<R>(_ body: (URL) async throws -> R) async throws -> R {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }

    private func lines(_ set: EvaluatedSet) throws -> [String] {
        var lines: [String] = []
        try set.forEach { lines.append("\($0)") }
        return lines
    }

    private static let silicon = """
        {"lattice":{"matrix":[[0,2.715,2.715],[2.715,0,2.715],[2.715,2.715,0]]},"sites":[\
        {"species":[{"element":"Si","occu":1}],"abc":[0,0,0]},\
        {"species":[{"element":"Si","occu":1}],"abc":[0.25,0.25,0.25]}]}
        """

    private static var questions: SetEvaluation.Questions {
        var questions = SetEvaluation.Questions()
        questions.unique = true
        return questions
    }

    /// A set that grew is another set; what was stopped half way is the same one.
    @Test("an evaluation that was stopped goes on where it stood, with the same answers as in one go")
    func resumed() async throws {
        try await inFolder { folder in
            let set = try MadeSet(seed: 5)
            let file = folder.appendingPathComponent("set.jsonl")
            try set.text.write(to: file, atomically: true, encoding: .utf8)
            let path = folder.appendingPathComponent("a.sqlite").path
            let stopped = SetEvaluation(
                RecordValidation(), Self.questions, store: try ValidationStore(path: path))
            // The progress comes after every batch: a cancelled task stops with some of them done.
            let task = Task {
                try await stopped.run([file.path]) { _, _, _ in withUnsafeCurrentTask { $0?.cancel() } }
            }
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            let again = SetEvaluation(
                RecordValidation(), Self.questions, store: try ValidationStore(path: path, resumes: true))
            let whole = SetEvaluation(
                RecordValidation(), Self.questions, store: try ValidationStore(path: nil))
            let (resumed, atOnce) = (try await again.run([file.path]), try await whole.run([file.path]))
            #expect(try lines(resumed) == lines(atOnce))
        }
    }

    @Test("a store that holds records is refused without being told to go on, another database always")
    func refused() async throws {
        try await inFolder { folder in
            let file = folder.appendingPathComponent("set.jsonl")
            try Self.silicon.write(to: file, atomically: true, encoding: .utf8)
            let path = folder.appendingPathComponent("a.sqlite").path
            let first = SetEvaluation(
                RecordValidation(), Self.questions, store: try ValidationStore(path: path))
            _ = try await first.run([file.path])
            #expect(throws: ValidationStoreError.self) { try ValidationStore(path: path) }
            _ = try ValidationStore(path: path, resumes: true)
            let text = folder.appendingPathComponent("b.sqlite").path
            try "no database".write(toFile: text, atomically: true, encoding: .utf8)
            #expect(throws: ValidationStoreError.self) { try ValidationStore(path: text, resumes: true) }
        }
    }

    @Test("other tolerances are other verdicts: nothing is taken over from those that are kept")
    func choices() async throws {
        try await inFolder { folder in
            let file = folder.appendingPathComponent("set.jsonl")
            let moved = Self.silicon.replacingOccurrences(
                of: "[0.25,0.25,0.25]", with: "[0.26,0.25,0.25]")
            try moved.write(to: file, atomically: true, encoding: .utf8)
            let path = folder.appendingPathComponent("a.sqlite").path
            var numbers: [Int?] = []
            for tolerance in [0.01, 0.2] {
                let evaluation = SetEvaluation(
                    RecordValidation(tolerance: tolerance), Self.questions,
                    store: try ValidationStore(path: path, resumes: true))
                try await evaluation.run([file.path]).forEach {
                    numbers.append($0.verdict.spaceGroup?.number)
                }
            }
            #expect(numbers.count == 2 && numbers[0] != 227 && numbers[1] == 227)
        }
    }

    /// The reference's numbers come from the columns of the store, the set's from its verdicts.
    @Test("a set that is its own reference is distributed as it is, and nothing of it is novel")
    func profiles() async throws {
        try await inFolder { folder in
            let file = folder.appendingPathComponent("set.jsonl")
            try MadeSet(seed: 7).text.write(to: file, atomically: true, encoding: .utf8)
            var questions = Self.questions
            questions.reference = [file.path]
            let set = try await SetEvaluation(
                RecordValidation(), questions, store: try ValidationStore(path: nil)
            ).run([file.path])
            let statistics = try SetStatistics(set)
            let (own, reference) = (statistics.own, statistics.reference)
            #expect(own.groups.counts == reference.groups.counts && own.groups.total > 200)
            #expect(own.claimedGroups.counts == reference.claimedGroups.counts)
            #expect(own.elements.counts == reference.elements.counts)
            for (a, b) in [
                (own.density, reference.density), (own.degreesOfFreedom, reference.degreesOfFreedom),
                (own.elementCount, reference.elementCount), (own.atomCount, reference.atomCount),
            ] {
                #expect(a.values == b.values && a.values.count > 200)
            }
            try set.forEach { record in
                #expect(record.isNovel != true)
                if let known = record.known { #expect(known.file == file.path) }
            }
        }
    }

    @Test("shared sites, charges and nuclides are compared as they were read")
    func species() async throws {
        func record(_ first: String, _ second: String, _ edge: Double) -> String {
            "{\"lattice\":{\"matrix\":[[\(edge),0,0],[0,\(edge),0],[0,0,\(edge)]]},\"sites\":["
                + "{\"species\":[\(first)],\"abc\":[0,0,0]},{\"species\":[\(second)],\"abc\":[0.5,0.5,0.5]}]}"
        }
        let mixed = { (share: Double) in
            "{\"element\":\"Cu\",\"occu\":\(share)},{\"element\":\"Au\",\"occu\":\(1 - share)}"
        }
        let (caesium, chlorine) = (
            "{\"element\":\"Cs\",\"oxidation_state\":1,\"occu\":1}",
            "{\"element\":\"Cl\",\"oxidation_state\":-1,\"occu\":1}"
        )
        let zinc = "{\"element\":\"Zn\",\"occu\":1}"
        let lines = [
            record(mixed(0.75), zinc, 3), record(mixed(0.25), zinc, 3), record(zinc, mixed(0.75), 3.01),
            record(caesium, chlorine, 4.1), record(chlorine, caesium, 4.1),
            record("{\"element\":\"Cs\",\"occu\":1}", "{\"element\":\"Cl\",\"occu\":1}", 4.12),
        ]
        #expect(try await partners(of: lines, Self.questions) == [nil, nil, 0, nil, 3, 3])
    }

    /// A hundred chains that differ by how far their atoms are paired, each twice: what cores share is the same.
    @Test("many records of one composition: the first of each is unique, whatever the number of jobs")
    func oneComposition() async throws {
        let lines = (0..<200).map { k -> String in
            let shift = 0.01 * Double(k % 100) / 6
            let sites = [shift, 0.5 - shift].map {
                "{\"species\":[{\"element\":\"Fe\",\"occu\":1}],\"abc\":[\($0),0,0]}"
            }
            return "{\"lattice\":{\"matrix\":[[6,0,0],[0,3,0],[0,0,3]]},\"sites\":["
                + sites.joined(separator: ",") + "]}"
        }
        var questions = Self.questions
        questions.tolerances = MatchTolerances(length: 0.01, site: 0.001, angle: 1)
        for jobs in [1, 3] {
            let found = try await partners(of: lines, questions, jobs: jobs)
            #expect(found == (0..<200).map { $0 < 100 ? nil : $0 - 100 })
        }
    }

    /// Of each record the earlier one that it is a duplicate of.
    private func partners(
        of lines: [String], _ questions: SetEvaluation.Questions, jobs: Int? = nil
    ) async throws -> [Int?] {
        var partners: [Int?] = []
        try await inFolder { folder in
            let file = folder.appendingPathComponent("set.jsonl")
            try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
            var evaluation = SetEvaluation(
                RecordValidation(), questions, store: try ValidationStore(path: nil))
            evaluation.jobs = jobs
            try await evaluation.run([file.path]).forEach { partners.append($0.duplicate?.index) }
        }
        return partners
    }

    /// Close-packed layers of fifteen and of eighteen to a period, each once more as its mirror image.
    @Test(
        "polytypes are told apart without a search over their common supercells", .timeLimit(.minutes(1)))
    func polytypes() async throws {
        let places = [
            "A": "0,0", "B": "0.3333333333333333,0.6666666666666666",
            "C": "0.6666666666666666,0.3333333333333333",
        ]
        func record(_ layers: String, mirrored: Bool) -> String {
            let height = 2.05 * Double(layers.count)
            let sites = layers.enumerated().map { k, layer in
                "{\"species\":[{\"element\":\"Mg\",\"occu\":1}],\"abc\":[\(places[String(layer)] ?? ""),"
                    + "\(Double(k) / Double(layers.count))]}"
            }
            let axis = mirrored ? "[0,0,\(-height)]" : "[0,0,\(height)]"
            return "{\"lattice\":{\"matrix\":[[2.5,0,0],[-1.25,2.165063509461097,0],\(axis)]},\"sites\":["
                + sites.joined(separator: ",") + "]}"
        }
        let (fifteen, eighteen) = ("ABABABABABABABC", "ABABABABABABACBCBC")
        let lines = [
            record(fifteen, mirrored: false), record(eighteen, mirrored: false),
            record(fifteen, mirrored: true),
            record(eighteen, mirrored: true),
        ]
        #expect(try await partners(of: lines, Self.questions) == [nil, nil, 0, 1])
    }

    /// A chain of atoms 3 Å apart and the same chain paired by ±0.1 Å.
    @Test(
        "what a superstructure moves is measured on all atoms, and a tight tolerance tells it from its parent"
    )
    func superstructure() async throws {
        func record(_ edge: Double, _ xs: [Double]) -> String {
            let sites = xs.map { "{\"species\":[{\"element\":\"Fe\",\"occu\":1}],\"abc\":[\($0),0,0]}" }
            return "{\"lattice\":{\"matrix\":[[\(edge),0,0],[0,3,0],[0,0,3]]},\"sites\":["
                + sites.joined(separator: ",") + "]}"
        }
        let text = record(3, [0]) + "\n" + record(6, [0.1 / 6, 0.5 - 0.1 / 6]) + "\n"
        try await inFolder { folder in
            let file = folder.appendingPathComponent("set.jsonl")
            try text.write(to: file, atomically: true, encoding: .utf8)
            var questions = Self.questions
            for (site, isUnique) in [(0.3, false), (0.02, true)] {
                questions.tolerances = MatchTolerances(length: 0.2, site: site, angle: 5)
                let evaluation = SetEvaluation(
                    RecordValidation(), questions, store: try ValidationStore(path: nil))
                var last: EvaluatedSet.Record?
                try await evaluation.run([file.path]).forEach { last = $0 }
                #expect(last?.isUnique == isUnique)
                if !isUnique {
                    #expect(abs((last?.duplicate?.rmsDisplacement ?? 0) - 0.1) < 1e-6)
                    #expect(abs((last?.duplicate?.maxDisplacement ?? 0) - 0.1) < 1e-6)
                }
            }
        }
    }
}
