import CrystalFiles
import Foundation
import Parameterization
import Recovery

/// The phases of a sample that somebody knows beforehand, fitted to its pattern.
struct KnownPhases {
    private let records: [NamedRecord]

    init(_ records: [NamedRecord]) { self.records = records }

    /// Å, within which a file's atoms have their group: coordinates are printed with four decimals and fewer.
    private static let tolerance = 0.01

    /// nil for none.
    ///
    /// - Throws: `FileProblem` where a file has no symmetry that can be found, what the calculation of a pattern throws.
    func contribution(
        to reading: CompanionPattern, settings: RecoverySettings,
        _ progress: PowderRecovery.Progress = { _ in }
    ) throws -> KnownContribution? {
        guard !records.isEmpty else { return nil }
        let phases = try records.map { named in
            KnownPhase(
                name: named.name,
                try CrystalFile.reduced(named.record.structure, of: named.name, tolerance: Self.tolerance))
        }
        let contribution = try KnownPhaseFit(settings: settings)(phases, reading)
        for (name, phase) in zip(contribution.names, contribution.phases) {
            let cell = phase.structure.latticeParameters
            let values = zip(cell.names, cell.values).map { "\($0) \(String(format: "%.4f", $1))" }
            progress(
                phase.scale > 0
                    ? "known: \(name), \(values.joined(separator: ", "))"
                    : "known: \(name) shows no line in the pattern")
        }
        return contribution
    }
}
