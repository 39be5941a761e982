import Foundation
import Parameterization
import Studies

/// Scans all axes of many structures; every finished structure is kept at once.
package struct LandscapeStudyJob: Job {
    /// Which structures of files, folders and sets are taken.
    package struct Sample: Sendable, Hashable {
        package var paths: [String]
        /// So many, as many of each crystal system; nil for all.
        package var count: Int?
        /// The same seed draws the same structures.
        package var seed: UInt64 = 1
        /// Structures with more free parameters are left out.
        package var mostParameters = 60

        package init(_ paths: [String]) { self.paths = paths }

        /// - Parameter skipped: gets one line for each that cannot be used.
        /// - Throws: `StudyError` where a path is not there or nothing is left.
        package func structures(
            skipped: (String) -> Void = { _ in }
        ) throws -> [(name: String, structure: ReducedStructure)] {
            for path in paths where !FileManager.default.fileExists(atPath: path) {
                throw StudyError.usage("\(path): not there; give structure files or folders of them")
            }
            var kept: [(name: String, structure: ReducedStructure)] = []
            for (name, structure) in try LandscapeSample.read(paths, skipped: skipped) {
                let free = structure.parameters.count
                if free <= mostParameters {
                    kept.append((name, structure))
                } else if count == nil {
                    skipped("\(name): \(free) free parameters, more than --most-parameters: left out")
                }
            }
            guard !kept.isEmpty else {
                throw StudyError.usage("--structures: no structure could be read")
            }
            return count.map { LandscapeSample.stratified(kept, count: $0, seed: seed) } ?? kept
        }
    }

    package var study: LandscapeStudy
    /// The table of a line an axis, in a folder that is there.
    package var table: URL
    /// Whether it goes on with a table that is there.
    package var resumes = false

    package init(_ study: LandscapeStudy, table: URL) {
        (self.study, self.table) = (study, table)
    }

    /// - Returns: all rows of the table.
    /// - Throws: `StudyError` for a table that cannot be used, `CancellationError`; finished rows are in the table then.
    package func run(reporting report: @escaping JobProgress.Sink) async throws -> [LandscapeStudy.Row] {
        try checkTable()
        let open = try opened()
        if open.dropped > 0 {
            report(
                .remark(
                    "warning: \(table.path): \(open.dropped) lines of a run that was stopped are done again"))
        }
        let done = Set(open.rows.map { "\($0.structure)\t\($0.setting)" })
        try await study.run(except: done) { batch, count, total in
            try open.append(batch)
            report(
                .step("\(count) of \(total): \(batch.first?.structure ?? "")", done: count, of: total))
        }
        try Task.checkCancellation()
        return try LandscapeStudy.Row.read(table)
    }

    /// - Throws: where a table is there that the study does not go on with.
    package func checkTable() throws {
        guard resumes || !FileManager.default.fileExists(atPath: table.path) else {
            throw StudyError.usage(
                "\(table.path) is there already: add --resume, or name another directory")
        }
    }

    /// The table with what is finished; what a stopped run left half done is taken out.
    private func opened() throws -> LandscapeTable {
        let counts = Dictionary(
            study.structures.map { ($0.name, study.axes(of: $0.structure).count) },
            uniquingKeysWith: { first, _ in first })
        return try LandscapeTable(path: table.path) { counts[$0] }
    }
}
