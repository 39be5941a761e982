import CrystalFiles
import Crystallography
import Energies
import ExplainedErrors
import Foundation
import Parameterization
import Symmetry

/// Relaxes structures inside their groups, one after the other, and asks of each whether it is a saddle.
package struct RelaxationJob: Job {
    package var records: [CrystalRecord]
    package var potential: any InteratomicPotential
    package var relaxation = Relaxation()
    /// Whether the group that is found is held; otherwise all atoms and the whole cell move.
    package var holdsGroup = true
    /// Å, within which the group is found.
    package var tolerance = 0.01
    package var checksSaddle = false
    /// How elastic constants are measured at the minimum; nil where they are not asked for.
    package var elasticity: StressStrainMethod?

    package init(_ records: [CrystalRecord], _ potential: any InteratomicPotential) {
        (self.records, self.potential) = (records, potential)
    }

    /// A structure that was relaxed.
    package struct Relaxed: Sendable {
        package var name: String
        package var start: ReducedStructure
        /// eV per cell.
        package var startEnergy: Double
        package var result: Relaxation.Result
        /// nil where it was not looked for.
        package var saddle: SaddleCheck.Finding?
        /// nil where it was not asked for, or there is no minimum to measure at.
        package var elasticity: StressStrainMethod.Finding?
    }

    /// What may be kept of a job that does not come to its end.
    package struct Observer {
        /// Sees every accepted step of the structure of that name, its start first.
        package var step: (_ name: String, Relaxation.Step) throws -> Void = { _, _ in }
        /// Sees every structure once it is done.
        package var relaxed: (Relaxed) throws -> Void = { _ in }

        package init() {}
    }

    /// Why a structure could not be relaxed to the end.
    package struct Failure: ExplainedError {
        /// Of the structure; nil where the job has one only.
        package var name: String?
        /// Evaluations after which the last good step was accepted; nil where there is none.
        package var lastStep: Int?
        package var reason: any Error

        package var explanation: Explanation {
            Explanation(
                "\(reason)",
                remedy: lastStep.map { "the step of evaluation \($0) is the last good one" }, place: name)
        }
    }

    package func run(reporting report: @escaping JobProgress.Sink) throws -> [Relaxed] {
        try run(reporting: report, to: Observer())
    }

    /// - Throws: `Failure` for what the potential or the structure does, `CancellationError`, or what the observer throws;
    ///   `observer` has seen all accepted steps by then.
    package func run(
        reporting report: @escaping JobProgress.Sink, to observer: Observer
    ) throws -> [Relaxed] {
        guard !checksSaddle || potential.takesAnyCell else {
            throw Failure(reason: SaddleCheckRefused())
        }
        return try records.enumerated().map { index, record in
            let relaxed = try relaxed(record, observer) { step in
                report(.step(Self.line(step), done: index, of: records.count))
            }
            try observer.relaxed(relaxed)
            return relaxed
        }
    }

    private func relaxed(
        _ record: CrystalRecord, _ observer: Observer, progress: (Relaxation.Step) -> Void
    ) throws -> Relaxed {
        var first: Relaxation.Step?
        var last: Relaxation.Step?
        do {
            let start = try start(record.structure)
            let result = try relaxation.relax(start, potential) { step in
                (first, last) = (first ?? step, step)
                try observer.step(record.name, step)
                progress(step)
                try Task.checkCancellation()
            }
            return Relaxed(
                name: record.name, start: start, startEnergy: first?.evaluation.energy ?? .nan,
                result: result, saddle: try saddle(of: result.structure),
                elasticity: try constants(at: result))
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Failure(
                name: records.count > 1 ? record.name : nil, lastStep: last?.evaluations, reason: error)
        }
    }

    private func start(_ structure: CrystalStructure) throws -> ReducedStructure {
        if !holdsGroup, let triclinic = SpaceGroup(hallNumber: 1) {
            return try ReducedStructure(reducing: structure, in: triclinic)
        }
        let found = try SymmetryFinder.find(in: structure, tolerance: tolerance)
        return try ReducedStructure(reducing: structure, found)
    }

    private func saddle(of structure: ReducedStructure) throws -> SaddleCheck.Finding? {
        guard checksSaddle else { return nil }
        var check = SaddleCheck()
        check.relaxation = relaxation
        let finding = try check.check(structure, potential)
        try Task.checkCancellation()
        return finding
    }

    private func constants(at result: Relaxation.Result) throws -> StressStrainMethod.Finding? {
        guard let elasticity, result.outcome == .converged else { return nil }
        return try elasticity.measure(result.structure, potential)
    }

    private static func line(_ step: Relaxation.Step) -> String {
        String(
            format: "%d evaluations  %.6f eV  %.4f eV/Å  %.3f GPa", step.evaluations, step.enthalpy,
            step.largestForce, step.largestStress)
    }
}

/// The saddle is looked for in the primitive cell, which a client with a list of atoms of its own does not know.
private struct SaddleCheckRefused: ExplainedError {
    var explanation: Explanation { Explanation("--check-saddle needs a potential that takes any cell") }
}
