import Crystallography
import Diffraction
import Energies
import Foundation
import NumericalMethods

/// Every arm on every sample of every structure, kept in a store as it goes.
package struct RecoveryStudy: Sendable {
    package var references: [RecoveryReference]
    package var arms: [any RecoveryArm]
    package var noise: [NoiseLevel]
    /// Starts for each structure and level.
    package var samples: Int
    package var seed: UInt64
    /// Runs at a time; nil for the number of cores.
    package var jobs: Int?
    /// True: a structure is finished before the next one begins. False: samples outermost, so that a study cut short has
    /// all structures at fewer samples.
    package var finishesStructures = false
    /// Seconds of processor time after which a run is stopped and counts as failed; nil for none. Runs look at the clock between the
    /// minimisations that they consist of, so that one may last a little longer.
    package var timeLimit: Double?
    /// What the patterns have beside the structure's own; nil for the noise-free ones of the paper.
    package var disturbance: PatternDisturbance?

    package init(
        references: [RecoveryReference], arms: [any RecoveryArm], noise: [NoiseLevel], samples: Int,
        seed: UInt64, jobs: Int? = nil
    ) {
        (self.references, self.arms, self.noise) = (references, arms, noise)
        (self.samples, self.seed, self.jobs) = (samples, seed, jobs)
    }

    /// The arms that a name stands for: `descent:mse` with its objective, `descent` with cosine.
    package static func arm(named text: String) throws -> any RecoveryArm {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let name = parts.first ?? ""
        if let method = DescentArm.Method(rawValue: name) {
            let measure = SimilarityMeasure(name: parts.count > 1 ? parts[1] : "cosine")
            guard let measure, [.cosine, .meanSquaredError, .spectralEntropy].contains(measure) else {
                throw StudyError.usage("--arms \(text): the objective is cosine, mse or entropy")
            }
            return DescentArm(method, measure: measure)
        }
        if let method = EnergyArm.Method(rawValue: text) {
            return EnergyArm(method, potential: try PotentialCatalogue.potential(named: "chgnet"))
        }
        switch text {
        case "nothing": return NothingArm()
        case "project-once": return ProjectOnceArm()
        case "wyckoff", "wyckoff-positions": return WyckoffArm()
        case "wyckoff-space-group": return WyckoffArm(prior: .spaceGroup)
        case "wyckoff-family": return WyckoffArm(prior: .family)
        default:
            throw StudyError.usage(
                "--arms \(text): take nothing, project-once, wyckoff (prior positions), wyckoff-space-group, wyckoff-family, or "
                    + DescentArm.Method.allCases.map(\.rawValue).joined(separator: ", ")
                    + ", each of these with :cosine, :mse or :entropy, or "
                    + EnergyArm.Method.allCases.map(\.rawValue).joined(separator: ", "))
        }
    }

    package struct Progress: Sendable {
        package var done: Int
        package var total: Int
        package var elapsed: Double
        /// Seconds, from the pace so far; nil at the beginning.
        package var remaining: Double?
        package var last: RecoveryRun?
    }

    /// - Parameter resume: true goes on where the store stands; false demands an empty one.
    package func run(
        store: StudyStore, resume: Bool, progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws {
        var finished = try store.keys()
        if !finished.isEmpty, !resume {
            throw StudyError.store(
                path: store.path,
                reason: "holds \(finished.count) runs already; add --resume or name a new file")
        }
        if let known = try store.value("seed"), known != "\(seed)" {
            throw StudyError.store(path: store.path, reason: "was made with --seed \(known); use the same")
        }
        try store.set("seed", "\(seed)")
        let patterns = disturbance?.description ?? "clean"
        if let known = try store.value("patterns"), known != patterns {
            throw StudyError.store(path: store.path, reason: "was made with \(known) patterns; use the same")
        }
        if disturbance != nil, let other = arms.first(where: { !$0.takesMeasuredPatterns }) {
            throw StudyError.usage(
                "--arms \(other.name): cannot be run on disturbed patterns; nothing, project-once, wyckoff and "
                    + "wyckoff-space-group can")
        }
        try store.set("patterns", patterns)
        for reference in references {
            if let known = try store.referenceLine(reference.name),
                known != StructureLine.json(reference.structure)
            {
                throw StudyError.store(
                    path: store.path, reason: "holds another structure under the name \(reference.name)")
            }
            try store.add(reference)
        }
        let tasks = tasks().filter { finished.insert($0.key).inserted }
        let clock = StudyClock(total: tasks.count)
        let limit = timeLimit
        progress(await clock.progress(nil))
        _ = try await parallelMap(tasks, width: jobs) { task -> Int in
            let run = try await task.run(within: limit)
            try store.add(run)
            progress(await clock.progress(run))
            return 0
        }
    }

    private func tasks() -> [StudyTask] {
        let groups = finishesStructures ? references.map { [$0] } : [references]
        return groups.flatMap { group in (0..<samples).flatMap { tasks(of: group, sample: $0) } }
    }

    private func tasks(of references: [RecoveryReference], sample index: Int) -> [StudyTask] {
        references.flatMap { reference in
            noise.flatMap { level in
                arms.map { arm in
                    StudyTask(
                        reference: reference, arm: arm, disturbance: disturbance,
                        sample: RecoverySample(
                            structure: reference.name, noise: level, index: index, seed: seed))
                }
            }
        }
    }
}

private struct StudyTask: Sendable {
    let reference: RecoveryReference
    let arm: any RecoveryArm
    let disturbance: PatternDisturbance?
    let sample: RecoverySample

    var key: StudyStore.Key {
        StudyStore.Key(
            structure: reference.name, arm: arm.name, prior: arm.prior.rawValue, objective: arm.objective,
            noise: sample.noise.kind.rawValue, level: sample.noise.sigma, sample: sample.index)
    }

    /// The run, cancelled where it lasts longer.
    func run(within limit: Double?) async throws -> RecoveryRun {
        guard let limit else { return try run() }
        let timer = RunTimer(seconds: limit)
        let work = Task {
            timer.start()
            return try run(limit: limit)
        }
        timer.watch { work.cancel() }
        defer { timer.stop() }
        let finished = try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            work.cancel()
        }
        // A study that is stopped keeps no half run.
        try Task.checkCancellation()
        return finished
    }

    /// - Throws: `CancellationError` where the study is stopped: that is no answer of the arm's.
    func run(limit: Double? = nil) throws -> RecoveryRun {
        let start = sample.start(of: reference)
        var result = RecoveryRun(
            structure: reference.name, crystalSystem: "\(reference.reduced.spaceGroup.crystalSystem)",
            freeCoordinates: reference.reduced.freeCoordinates.count, arm: arm.name,
            prior: arm.prior.rawValue, objective: arm.objective, noise: sample.noise.kind.rawValue,
            level: sample.noise.sigma, sample: sample.index, measures: nil, seconds: 0, note: "",
            start: StructureLine.json(start), end: "", path: "[]")
        let clock = ThreadClock()
        do {
            var seen = reference
            seen.observed = try disturbance?.pattern(of: reference.reduced, seed: sample.streamSeed)
            let outcome = try arm.run(start, sample, reference: seen)
            try Task.checkCancellation()
            result.seconds = clock.seconds
            result.note = outcome.note
            result.end = StructureLine.json(outcome.structure)
            result.path = StructureLine.json(outcome.path)
            result.measures = try RecoveryMeasures(outcome.structure, reference: reference)
        } catch {
            // A run that fails is a run that did not recover; it counts, and says why.
            if Task.isCancelled {
                guard let limit else { throw CancellationError() }
                result.note = "failed: stopped at the limit of \(limit) s"
            } else {
                result.note = "failed: \(error)"
            }
            if result.seconds == 0 { result.seconds = clock.seconds }
        }
        return result
    }
}

private actor StudyClock {
    private let clock = ContinuousClock()
    private let begin: ContinuousClock.Instant
    private let total: Int
    private var done = 0

    init(total: Int) {
        self.total = total
        begin = clock.now
    }

    func progress(_ run: RecoveryRun?) -> RecoveryStudy.Progress {
        if run != nil { done += 1 }
        let elapsed = Double(begin.duration(to: clock.now).components.seconds)
        return RecoveryStudy.Progress(
            done: done, total: total, elapsed: elapsed,
            remaining: done > 0 ? elapsed / Double(done) * Double(total - done) : nil, last: run)
    }
}
