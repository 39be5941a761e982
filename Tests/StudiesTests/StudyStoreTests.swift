import Foundation
import NumericalMethods
import Studies
import Testing

@Suite(.enabled(if: LandscapeStructures.areThere, "needs ../shared")) struct StudyStoreTests {
    static func study(samples: Int) throws -> RecoveryStudy {
        let references = try LandscapeStructures.all().filter {
            $0.name.hasPrefix("U2Ti") || $0.name.hasPrefix("NaS")
        }
        return RecoveryStudy(
            references: references, arms: [NothingArm(), ProjectOnceArm()],
            noise: [NoiseLevel(.lattice, 0.1)],
            samples: samples, seed: 7, jobs: 2)
    }

    static func file() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("study-\(UUID().uuidString).sqlite")
            .path
    }

    static func lines(_ runs: [RecoveryRun]) -> [String] {
        runs.map {
            "\($0.structure) \($0.armName) \($0.sample) \(String(describing: $0.measures)) \($0.start) \($0.end)"
        }
    }

    /// Gone on with: the same runs as in one go, bit for bit.
    @Test func aStudyGoesOnWhereItStood() async throws {
        let (whole, halves) = (Self.file(), Self.file())
        defer {
            for file in [whole, halves] { try? FileManager.default.removeItem(atPath: file) }
        }
        let store = try StudyStore(path: whole)
        try await Self.study(samples: 4).run(store: store, resume: false)
        let second = try StudyStore(path: halves)
        try await Self.study(samples: 2).run(store: second, resume: false)
        try await Self.study(samples: 4).run(store: second, resume: true)
        #expect(try Self.lines(second.runs()) == Self.lines(store.runs()))
    }

    @Test func aFullStoreIsNotWrittenOverByChance() async throws {
        let file = Self.file()
        defer { try? FileManager.default.removeItem(atPath: file) }
        let store = try StudyStore(path: file)
        try await Self.study(samples: 1).run(store: store, resume: false)
        await #expect(throws: StudyError.self) {
            try await Self.study(samples: 1).run(store: store, resume: false)
        }
        var other = try Self.study(samples: 1)
        other.seed = 8
        let changed = other
        await #expect(throws: StudyError.self) { try await changed.run(store: store, resume: true) }
    }

    /// Na3MnCoNiO6 with the group alone takes minutes.
    @Test func aRunEndsAtItsTimeLimitAndCountsAsFailed() async throws {
        let file = Self.file()
        defer { try? FileManager.default.removeItem(atPath: file) }
        let reference = try #require(try LandscapeStructures.named("Na3MnCoNiO6"))
        var study = RecoveryStudy(
            references: [reference], arms: [WyckoffArm(prior: .spaceGroup), NothingArm()],
            noise: [NoiseLevel(.both, 0.1)], samples: 1, seed: 1, jobs: 1)
        study.timeLimit = 0.5
        let store = try StudyStore(path: file)
        let limited = study
        try await limited.run(store: store, resume: false)
        let runs = try store.runs()
        let stopped = try #require(runs.first { $0.prior == "space-group" })
        #expect(stopped.measures == nil && stopped.note == "failed: stopped at the limit of 0.5 s")
        #expect(stopped.seconds >= 0.5 && stopped.seconds < 20)
        #expect(runs.first { $0.arm == "nothing" }?.measures != nil)
        // Done, whatever came of it.
        try await limited.run(store: store, resume: true) { #expect($0.total == 0) }
    }
}
