import CrystalFiles
import Crystallography
import Energies
import Foundation
import Jobs
import NumericalMethods
import Parameterization
import Publishing

/// The files of a relaxation: the structures so far and every step of them. Whatever ends the run, what was reached is
/// written.
///
/// Unchecked because the compiler cannot see that what changes is only touched under the lock.
package final class RelaxationFiles: @unchecked Sendable {
    /// What was written.
    package struct Written: Sendable {
        /// Where the structures are; nil where none is written.
        package var place: String?
        /// What the format of that file does not keep.
        package var losses: [String] = []
    }

    /// What an interrupted run left.
    package struct Rescue: Sendable {
        package var written: Written
        /// Which step was the last, and where it is; nil where none was on its way.
        package var sentence: String?
    }

    private let structurePath: String?
    private let trajectoryPath: String?
    private let lock = NSLock()
    private var results: [(structure: ReducedStructure, name: String)] = []
    private var frames = ExtendedXYZTrajectory()
    /// The last good step of a structure that is not done.
    private var last: (step: Relaxation.Step, name: String)?

    package init(structure: String?, trajectory: String?) {
        (structurePath, trajectoryPath) = (structure, trajectory)
    }

    package func add(_ step: Relaxation.Step, of name: String) {
        lock.withLock {
            last = (step, name)
            guard trajectoryPath != nil else { return }
            frames.append(
                step.structure.expanded(), energy: step.evaluation.energy, forces: step.evaluation.forces,
                stress: (1 / EnergyEvaluation.gigapascal) * step.evaluation.stress)
        }
    }

    package func finish(_ relaxed: RelaxationJob.Relaxed) {
        lock.withLock {
            last = nil
            results.append((relaxed.result.structure, relaxed.name))
        }
    }

    /// Writes all that there is, the last good step in the place of a structure that is not done.
    @discardableResult
    package func write() throws -> Written {
        try lock.withLock { try writeHeld() }
    }

    /// The same for a run that ends before its time.
    ///
    /// - Parameter file: what the structures were read from.
    package func rescue(of file: String) throws -> Rescue {
        try lock.withLock {
            let written = try writeHeld()
            guard let last else { return Rescue(written: written) }
            let places = [written.place, frames.text.isEmpty ? nil : trajectoryPath].compactMap { $0 }
            return Rescue(
                written: written,
                sentence:
                    "\(file): interrupted; the step of evaluation \(last.step.evaluations) is the last good one"
                    + (places.isEmpty ? "" : ", written to \(places.joined(separator: " and "))"))
        }
    }

    private func writeHeld() throws -> Written {
        if let trajectoryPath, !frames.text.isEmpty {
            try AtomicFile.write(frames.text, to: URL(fileURLWithPath: trajectoryPath))
        }
        let all = results + (last.map { [($0.step.structure, $0.name)] } ?? [])
        guard let structurePath, !all.isEmpty else { return Written() }
        guard CrystalFile.format(ofName: structurePath) == .cif else {
            let records = all.map { result in
                var record = CrystalRecord(result.structure.expanded())
                record.name = result.name
                return record
            }
            return Written(place: structurePath, losses: try CrystalFile.write(records, to: structurePath))
        }
        let text = all.map { CIFFile.serialise(SymmetricCIF($0.structure, name: $0.name)) }
        try AtomicFile.write(text.joined(separator: "\n"), to: URL(fileURLWithPath: structurePath))
        return Written(place: structurePath)
    }
}
