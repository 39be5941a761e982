import Crystallography
import Energies

/// How far records lie above the hull of a reference set, all energies by one method.
struct HullSurvey {
    let store: ValidationStore
    let reference: [StoredSource]
    let method: EnergyMethod
    /// Structures at a time; nil for the number of cores.
    var jobs: Int?

    /// The stability of every readable record; energies of the reference are computed for those chemical systems only
    /// that a record asks for.
    func run(
        on sources: [StoredSource], progress: @escaping @Sendable (String, Int, Int) -> Void = { _, _, _ in }
    ) async throws -> [RecordKey: RecordStability] {
        let records = try sources.flatMap { try store.headings(in: $0) }
        var own = try await store.energies(of: records.map(\.key), by: method, jobs: jobs) {
            progress("energies", $0, $1)
        }
        let systems = Dictionary(
            grouping: try reference.flatMap { try store.headings(in: $0) }, by: \.elements)
        let asked = Set(records.map(\.elements))
        let needed = Set(asked.flatMap { Self.subsystems(of: $0) }).compactMap { systems[$0] }.flatMap { $0 }
        let keys = needed.map(\.key).sorted { ($0.source, $0.ordinal) < ($1.source, $1.ordinal) }
        own = try await store.energies(of: keys, by: method, jobs: jobs) { progress("hull", $0, $1) }
        var phases: [RecordKey: PhaseCompetition.Phase] = [:]
        for key in keys { phases[key] = try phase(key, own) }
        var competitions: [String: PhaseCompetition] = [:]
        for system in asked {
            let rivals = Self.subsystems(of: system).compactMap { systems[$0] }.flatMap { $0 }
            competitions[system] = PhaseCompetition(
                pureElements(of: system) + rivals.compactMap { phases[$0.key] })
        }
        var result: [RecordKey: RecordStability] = [:]
        for record in records {
            guard let competition = competitions[record.elements] else { continue }
            result[record.key] = try stability(of: record.key, own[record.key], against: competition)
        }
        return result
    }

    private func stability(
        of key: RecordKey, _ answer: EnergyMethod.Answer?, against competition: PhaseCompetition
    ) throws -> RecordStability {
        var result = RecordStability(
            method: method.name, energy: answer?.energy, competitors: competition.phases.count,
            note: answer?.note ?? "")
        guard let energy = answer?.energy, let structure = try store.structure(key) else { return result }
        guard let mixture = competition.mixture(of: structure.composition) else {
            let missing = competition.missing(in: structure.composition).map(\.symbol)
            result.note =
                "no hull: the reference holds no elemental \(missing.joined(separator: ", "))"
            return result
        }
        result.aboveHull = energy - mixture.energy
        result.decomposition = mixture.parts.map { .init(name: $0.phase.name, share: $0.share) }
        return result
    }

    private func phase(
        _ key: RecordKey, _ energies: [RecordKey: EnergyMethod.Answer]
    ) throws -> PhaseCompetition.Phase? {
        guard let energy = energies[key]?.energy, let structure = try store.structure(key) else { return nil }
        let name = try store.origin(of: key)?.name
        let formula = CompositionKey.text(of: structure)
        return PhaseCompetition.Phase(
            name: name.map { "\(formula) (\($0))" } ?? formula, composition: structure.composition,
            energy: energy)
    }

    /// CHGNet's own energies of the elements stand in where the reference holds none.
    private func pureElements(of system: String) -> [PhaseCompetition.Phase] {
        guard method.potential.name == "chgnet" else { return [] }
        return system.split(separator: " ").compactMap { Element(symbol: $0) }.compactMap { element in
            CHGNetElements.energies[element].map {
                PhaseCompetition.Phase(
                    name: "\(element.symbol) (element)", composition: [element: 1], energy: $0)
            }
        }
    }

    /// Elements of a system at most whose parts are all looked at.
    private static let mostElements = 12

    /// Every choice of at least one of the elements.
    static func subsystems(of system: String) -> [String] {
        let elements = system.split(separator: " ").prefix(mostElements)
        return (1..<max(2, 1 << elements.count)).map { choice in
            elements.enumerated().filter { choice >> $0.offset & 1 == 1 }.map { String($0.element) }
                .joined(separator: " ")
        }
    }
}
