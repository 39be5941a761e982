import Energies
import Matching
import Validation

/// The evaluation of sets in a store: every record judged, and, where asked for, which are unique, novel and stable.
package struct SetEvaluation: Sendable {
    /// Which questions are asked beside the validity of each record.
    package struct Questions: Sendable {
        /// Whether duplicates are looked for.
        package var unique = false
        /// Sets that hold what is known; empty where novelty is not asked for.
        package var reference: [String] = []
        /// When two structures are one.
        package var tolerances = MatchTolerances()
        /// nil where no energies are asked for.
        package var energy: EnergyMethod?
        /// Sets whose energies make the hull; empty where stability is not asked for.
        package var hull: [String] = []
        /// eV/atom above the hull up to which a record counts as stable.
        package var stableWithin = 0.1

        package init() {}
    }

    package var store: ValidationStore
    package var validation: RecordValidation
    package var questions: Questions
    /// Records at a time; nil for the number of cores.
    package var jobs: Int?

    package init(_ validation: RecordValidation, _ questions: Questions, store: ValidationStore) {
        (self.store, self.validation, self.questions) = (store, validation, questions)
    }

    /// What goes on: a few words, how many are done, of how many where that is known.
    package typealias Progress = @Sendable (String, Int, Int?) -> Void

    /// - Throws: `CrystalFileError`, `ValidationStoreError`, `CancellationError`; what is done is in the store then.
    package func run(
        _ paths: [String], progress: @escaping Progress = { _, _, _ in }
    ) async throws -> EvaluatedSet {
        let sources = try await indexed(paths, validation, progress)
        var result = EvaluatedSet(store: store, sources: sources, stableWithin: questions.stableWithin)
        var search = LikenessSearch(store: store)
        (search.tolerances, search.jobs) = (questions.tolerances, jobs)
        if questions.unique {
            result.duplicates = try await search.duplicates(in: sources) {
                progress("compositions compared among themselves", $0, $1)
            }
        }
        if !questions.reference.isEmpty {
            result.reference = try await indexed(questions.reference, Self.referenceValidation, progress)
            result.known = try await search.known(in: result.reference, of: sources) {
                progress("compositions compared with the reference", $0, $1)
            }
        }
        if let energy = questions.energy, !questions.hull.isEmpty {
            let hull = try await indexed(questions.hull, Self.referenceValidation, progress)
            let survey = HullSurvey(store: store, reference: hull, method: energy, jobs: jobs)
            result.stability = try await survey.run(on: sources) { progress($0, $1, $2) }
            result.hasHull = true
        } else if let energy = questions.energy {
            result.stability = try await energies(of: sources, energy, progress)
        }
        return result
    }

    /// What a reference is judged by, whatever is asked of the set: its group within the usual tolerance.
    private static let referenceValidation = RecordValidation()

    private func indexed(
        _ paths: [String], _ validation: RecordValidation, _ progress: @escaping Progress
    ) async throws -> [StoredSource] {
        var sources: [StoredSource] = []
        for path in paths {
            let source = try await SetIndexing(store: store, validation: validation, jobs: jobs).run(path) {
                progress("records of \(path)", $0, nil)
            }
            // A set that is named twice is one.
            if !sources.contains(where: { $0.id == source.id }) { sources.append(source) }
        }
        return sources
    }

    private func energies(
        of sources: [StoredSource], _ method: EnergyMethod, _ progress: @escaping Progress
    ) async throws -> [RecordKey: RecordStability] {
        let keys = try sources.flatMap { try store.headings(in: $0) }.map(\.key)
        let answers = try await store.energies(of: keys, by: method, jobs: jobs) {
            progress("energies", $0, $1)
        }
        return Dictionary(
            uniqueKeysWithValues: keys.compactMap { key in
                answers[key].map {
                    (
                        key,
                        RecordStability(
                            method: method.name, energy: $0.energy, competitors: 0,
                            note: $0.note.isEmpty ? "no --hull was given" : $0.note)
                    )
                }
            })
    }
}
