import CrystalFiles
import Crystallography
import Energies
import Foundation
import Jobs
import NumericalMethods
import Parameterization
import Publishing
import Reports

/// The files of a relaxation: the structures so far and every step of them. Whatever ends the run, what was reached is
/// written.
///
/// Unchecked because the compiler cannot see that what changes is only touched under the lock.
final class RelaxationFiles: @unchecked Sendable {
    private let structurePath: String?
    private let trajectoryPath: String?
    private let lock = NSLock()
    private var results: [(structure: ReducedStructure, name: String)] = []
    private var frames = ExtendedXYZTrajectory()
    /// The last good step of a structure that is not done.
    private var last: (step: Relaxation.Step, name: String)?

    init(structure: String?, trajectory: String?) {
        (structurePath, trajectoryPath) = (structure, trajectory)
    }

    func add(_ step: Relaxation.Step, of name: String) {
        lock.withLock {
            last = (step, name)
            guard trajectoryPath != nil else { return }
            frames.append(
                step.structure.expanded(), energy: step.evaluation.energy, forces: step.evaluation.forces,
                stress: (1 / EnergyEvaluation.gigapascal) * step.evaluation.stress)
        }
    }

    func finish(_ relaxed: RelaxationJob.Relaxed) {
        lock.withLock {
            last = nil
            results.append((relaxed.result.structure, relaxed.name))
        }
    }

    /// Writes all that there is, the last good step in the place of a structure that is not done.
    ///
    /// - Returns: where the structures are; nil where none is written.
    @discardableResult
    func write() throws -> String? {
        try lock.withLock { try writeHeld() }
    }

    /// What an interrupted command leaves; said in one line on standard error.
    func rescue(of file: String) {
        lock.withLock {
            do {
                let structure = try writeHeld()
                let places = [structure, frames.text.isEmpty ? nil : trajectoryPath].compactMap { $0 }
                guard let last else { return }
                let written = places.isEmpty ? "" : ", written to \(places.joined(separator: " and "))"
                Terminal.error(
                    "\(file): interrupted; the step of evaluation \(last.step.evaluations) is the last good one"
                        + written)
            } catch {
                Terminal.error("error: \(error)")
            }
        }
    }

    private func writeHeld() throws -> String? {
        if let trajectoryPath, !frames.text.isEmpty {
            try AtomicFile.write(frames.text, to: URL(fileURLWithPath: trajectoryPath))
        }
        let all = results + (last.map { [($0.step.structure, $0.name)] } ?? [])
        guard let structurePath, !all.isEmpty else { return nil }
        guard CrystalFile.format(ofName: structurePath) == .cif else {
            let records = all.map { result in
                var record = CrystalRecord(result.structure.expanded())
                record.name = result.name
                return record
            }
            tell(try CrystalFile.write(records, to: structurePath), of: structurePath)
            return structurePath
        }
        let text = all.map { CIFFile.serialise(SymmetricCIF($0.structure, name: $0.name)) }
        try AtomicFile.write(text.joined(separator: "\n"), to: URL(fileURLWithPath: structurePath))
        return structurePath
    }
}
