import CrystalFiles
import Crystallography
import Foundation
import LearnedModels
import Matching
import Validation

/// Structures that stand in no file, asked what records of a set are asked: which are the same, which a reference holds, how far each
/// lies above the hull of one.
package struct StructureSurvey: Sendable {
    /// What is asked; empty sets are not.
    package var questions: SetEvaluation.Questions
    package var store: ValidationStore
    /// Structures at a time; nil for the number of cores.
    package var jobs: Int?

    package init(_ questions: SetEvaluation.Questions, store: ValidationStore, jobs: Int? = nil) {
        (self.questions, self.store, self.jobs) = (questions, store, jobs)
    }

    /// What is found of one structure.
    package struct Finding: Sendable {
        /// Index of the earlier structure that it is like; nil where it is the first.
        package var duplicateOf: Int?
        /// Whom of the reference it is like: the record's name, or its formula; nil where there is none or none was asked.
        package var known: String?
        /// Å, over all atoms of the cell that it has in common with `known`.
        package var knownRMS: Double?
        /// nil without a hull.
        package var stability: RecordStability?
    }

    /// - Throws: `CrystalFileError`, `ValidationStoreError`, `CancellationError`; what is done is in the store then.
    package func run(
        _ structures: [CrystalStructure], progress: @escaping SetEvaluation.Progress = { _, _, _ in }
    ) async throws -> [Finding] {
        let source = try entered(structures)
        var search = LikenessSearch(store: store)
        (search.tolerances, search.jobs) = (questions.tolerances, jobs)
        let duplicates = try await search.duplicates(in: [source])
        var known: [RecordKey: Likeness] = [:]
        if !questions.reference.isEmpty {
            let reference = try await indexed(questions.reference, progress)
            known = try await search.known(in: reference, of: [source]) {
                progress("compositions compared with the reference", $0, $1)
            }
        }
        var stability: [RecordKey: RecordStability] = [:]
        if let energy = questions.energy, !questions.hull.isEmpty {
            let hull = try await indexed(questions.hull, progress)
            stability = try await HullSurvey(store: store, reference: hull, method: energy, jobs: jobs)
                .run(on: [source]) { progress($0, $1, $2) }
        }
        return try structures.indices.map { index in
            let key = RecordKey(source: source.id, ordinal: index)
            var finding = Finding(
                duplicateOf: duplicates[key]?.partner?.ordinal, stability: stability[key])
            if let partner = known[key]?.partner {
                let verdict = try store.verdict(partner)
                finding.known = verdict?.name ?? verdict?.formula ?? "record \(partner.ordinal + 1)"
                finding.knownRMS = known[key]?.rmsDisplacement
            }
            return finding
        }
    }

    /// The structures as a set of the store, known again by their content.
    private func entered(_ structures: [CrystalStructure]) throws -> StoredSource {
        let content = structures.flatMap { [UInt8](StoredStructure.data(of: $0)) }
        let source = try store.source(
            path: "structures", digest: SHA256.hexDigest(content), choices: "structures")
        guard try store.size(of: source) == nil else { return source }
        for (index, structure) in structures.enumerated() {
            let verdict = RecordValidation().judged(CrystalRecord(structure))
            try store.add(verdict, structure, at: RecordKey(source: source.id, ordinal: index))
        }
        try store.setSize(of: source, structures.count)
        return source
    }

    private func indexed(
        _ paths: [String], _ progress: @escaping SetEvaluation.Progress
    ) async throws -> [StoredSource] {
        var sources: [StoredSource] = []
        for path in paths {
            let source = try await SetIndexing(store: store, validation: RecordValidation(), jobs: jobs)
                .run(path) { progress("records of \(path)", $0, nil) }
            if !sources.contains(where: { $0.id == source.id }) { sources.append(source) }
        }
        return sources
    }
}
