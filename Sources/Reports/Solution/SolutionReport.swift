import CrystalFiles
import Foundation
import Jobs
import Publishing
import Recovery

/// The folder of a solution: solved.cif, summary.json, `recover`'s page and tables, and every candidate.
package struct SolutionReport: Sendable {
    package let summary: SolutionSummary
    private let outcome: SolutionJob.Outcome
    private let recovery: RecoveryReport?
    private let command: String

    /// - Parameter version: of the program.
    package init(
        _ outcome: SolutionJob.Outcome, pattern: String, formula: String, version: String, command: String
    ) {
        self.outcome = outcome
        self.command = command
        summary = SolutionSummary(outcome, pattern: pattern, formula: formula, version: version)
        recovery = outcome.recovery.map {
            var report = RecoveryReport($0, version: version, command: command)
            report.structureFile = "solved.cif"
            return report
        }
    }

    /// For a terminal.
    package var text: String {
        guard let recovery, let found = outcome.recovery else {
            let candidates = summary.candidates.isEmpty ? [] : ["candidates:"] + summary.table.aligned
            return (candidates + ["not solved: \(summary.trouble ?? "nothing was found")"]).joined(
                separator: "\n")
        }
        let table = RecoveryTable(found, recovery.summary, folder: "")
        let candidates = (["candidates:"] + summary.table.aligned).joined(separator: "\n")
        return [
            table.text, candidates, summary.solved ? "solved" : "NOT solved: what was found is ranked above",
        ]
        .joined(separator: "\n")
    }

    /// - Returns: why pictures are missing.
    package func write(to folder: URL) throws -> [String] {
        _ = try AtomicFile.directory(folder.path)
        let kept = try AtomicFile.directory(folder.appendingPathComponent("candidates").path)
        for (row, candidate) in zip(summary.candidates, outcome.candidates) {
            let name = (row.file as NSString).lastPathComponent
            try AtomicFile.write(
                CIFFile.serialise(SymmetricCIF(candidate.structure, name: row.spaceGroup.compactSymbol)),
                to: kept.appendingPathComponent(name))
        }
        try AtomicFile.write(try summary.json() + "\n", to: folder.appendingPathComponent("summary.json"))
        guard let recovery, let found = outcome.recovery else { return [] }
        try AtomicFile.write(
            CIFFile.serialise(SymmetricCIF(found, recovery.summary)),
            to: folder.appendingPathComponent("solved.cif"))
        return try recovery.write(to: folder)
    }
}
