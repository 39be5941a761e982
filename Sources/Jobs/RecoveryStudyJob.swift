import Foundation
import Studies

/// Runs the arms of a recovery study on many structures; every finished run is kept at once.
package struct RecoveryStudyJob: Job {
    /// Which structures of files, folders and sets are taken.
    package struct Sample: Sendable, Hashable {
        package var paths: [String]
        /// So many, as many of each crystal system; nil for all.
        package var count: Int?
        /// The same seed draws the same structures.
        package var seed: UInt64
        /// Structures of more free coordinates are left out; nil for none.
        package var mostCoordinates: Int?

        package init(_ paths: [String], count: Int? = nil, seed: UInt64 = 1, mostCoordinates: Int? = nil) {
            (self.paths, self.count) = (paths, count)
            (self.seed, self.mostCoordinates) = (seed, mostCoordinates)
        }

        /// - Parameter skipped: gets one line for each that cannot be used.
        package func references(skipped: (String) -> Void = { _ in }) throws -> [RecoveryReference] {
            let all =
                try count.map {
                    try RecoveryReference.read(
                        StratifiedSelection(seed: seed), $0, from: paths, skipped: skipped)
                } ?? RecoveryReference.read(paths)
            guard let mostCoordinates else { return all }
            return all.filter { $0.reduced.freeCoordinates.count <= mostCoordinates }
        }
    }

    package var study: RecoveryStudy
    /// The SQLite file that keeps every run.
    package var store: String
    /// Whether it goes on with a store that holds runs.
    package var resumes = false
    /// Kept in the store: what made it.
    package var command = ""
    package var version = ""

    package init(_ study: RecoveryStudy, store: String) {
        (self.study, self.store) = (study, store)
    }

    package struct Outcome: Sendable, Hashable {
        /// Runs in the store, those of earlier sessions counted.
        package var runs: Int
    }

    /// - Throws: `StudyError` for a store that cannot be used, `CancellationError`; finished runs are in the store then.
    package func run(reporting report: @escaping JobProgress.Sink) async throws -> Outcome {
        let file = try StudyStore(path: store)
        try file.set("command", command)
        try file.set("version", version)
        try await study.run(store: file, resume: resumes) { progress in
            report(.step(Self.line(progress), done: progress.done, of: progress.total))
        }
        try Task.checkCancellation()
        return Outcome(runs: try file.runs(includingStructures: false).count)
    }

    private static func line(_ progress: RecoveryStudy.Progress) -> String {
        guard let run = progress.last else { return "\(progress.total) runs to do" }
        let left = progress.remaining.map { String(format: ", %.0f s left", $0) } ?? ""
        let end = run.measures.map {
            ($0.exact ? "exact" : $0.ambiguous ? "ambiguous" : $0.matched ? "matched" : "not recovered")
                + String(format: ", R %.4f", $0.rwp)
        }
        return
            "\(progress.done)/\(progress.total)\(left): \(run.structure) \(run.noise) \(run.level) #\(run.sample) "
            + "\(run.armName): \(end ?? run.note), \(String(format: "%.2f s", run.seconds))"
    }
}
