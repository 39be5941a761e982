import CrystalFiles
import Crystallography
import Foundation
import Parameterization
import Symmetry

/// The reduced structures that a start may be, by what is known beforehand.
struct StartKnowledge {
    /// Groups in the order in which they are tried; of each group, the structures that differ in what is occupied.
    var candidates: [[ReducedStructure]]
    var warnings: [String] = []

    init(job: RecoveryJob, start: CrystalRecord, progress: PowderRecovery.Progress) throws {
        if let file = job.symmetryFrom {
            candidates = [
                [try Self.assigned(job, start: start.structure, skeletonFile: file, progress: progress)]
            ]
        } else if let text = job.spaceGroup {
            candidates = [try Self.inGroup(job, start: start.structure, group: text, progress: progress)]
        } else {
            candidates = try Self.everyRung(job, start: start.structure, progress: progress).map { [$0] }
        }
    }

    // MARK: A skeleton is given

    private static func assigned(
        _ job: RecoveryJob, start: CrystalStructure, skeletonFile: String, progress: PowderRecovery.Progress
    ) throws -> ReducedStructure {
        let skeleton = try skeleton(skeletonFile)
        var assignment = SkeletonAssignment()
        assignment.seed = job.seed
        do throws(SkeletonError) {
            let result = try assignment(start, on: skeleton)
            progress(
                "start put on the positions of \(skeleton.spaceGroup.compactSymbol): rms displacement "
                    + String(format: "%.2f Å", result.rmsDisplacement))
            return result.structure
        } catch {
            throw CrystalFileError(
                file: job.start, problem: error.description,
                remedy: "take the start and --symmetry-from in the same cell")
        }
    }

    /// Group, setting and occupied positions of a file: by its own operations, else as found at 0.01 Å.
    static func skeleton(_ file: String) throws -> ReducedStructure {
        let record = try CrystalFile.readFirst(file)
        do {
            if let operations = record.declaredOperations, operations.count > 1,
                let group = SpaceGroup.matching(operations: operations)
            {
                return try ReducedStructure(reducing: record.structure, in: group, tolerance: 0.1)
            }
            let found = try SymmetryFinder.find(in: record.structure, tolerance: 0.01)
            guard let setting = found.settingOfInput else {
                throw CrystalFileError(
                    file: file, problem: "its cell is not in one of the 530 tabulated settings",
                    remedy: "write it in a standard setting first (wyckoff symmetrize --cell standard)")
            }
            let kept = try SymmetryFinder.standardize(record.structure, found, cell: .keep)
            return try ReducedStructure(reducing: kept.structure, in: setting)
        } catch let error as SymmetryFinderError {
            throw CrystalFileError(file: file, problem: "\(error)", remedy: "correct the structure")
        } catch let error as ReductionError {
            throw CrystalFileError(
                file: file, problem: "\(error)", remedy: "check its operators and coordinates")
        }
    }

    // MARK: The group is given, or nothing

    /// A rung of the ladder and the structure that it was found in.
    private struct Step {
        let structure: CrystalStructure
        let rung: SymmetryRung
    }

    private static func ladder(_ job: RecoveryJob, _ start: CrystalStructure) throws -> [Step] {
        do {
            return try SymmetryFinder.ladder(in: start, tolerances: 0.005...2.5).map {
                Step(structure: start, rung: $0)
            }
        } catch {
            throw CrystalFileError(file: job.start, problem: "\(error)", remedy: "correct the structure")
        }
    }

    /// The ladders of the structures that the rungs lead to: a subgroup once enforced, the distortion that is left
    /// is smaller, and groups show that were hidden before.
    private static func higher(_ steps: [Step]) -> [Step] {
        steps.filter { $0.rung.found.spaceGroup.number > 1 }.flatMap { step -> [Step] in
            guard
                let enforced = try? SymmetryFinder.standardize(step.structure, step.rung.found, cell: .keep),
                let rungs = try? SymmetryFinder.ladder(in: enforced.structure, tolerances: 0.005...2.5)
            else { return [] }
            return rungs.map { Step(structure: enforced.structure, rung: $0) }
        }
    }

    /// What the asked group's positions may hold: the rungs of the ladder from the tightest on, and the
    /// assignments of the composition that displace the start's atoms least.
    private static func inGroup(
        _ job: RecoveryJob, start: CrystalStructure, group text: String, progress: PowderRecovery.Progress
    ) throws -> [ReducedStructure] {
        let group = try SpaceGroup.find(text)
        let steps = try ladder(job, start)
        var asked = steps.filter { $0.rung.found.spaceGroup.number == group.number }
        if asked.isEmpty { asked = higher(steps).filter { $0.rung.found.spaceGroup.number == group.number } }
        var candidates: [ReducedStructure] = []
        for step in asked {
            guard let structure = reduced(step, hallNumber: group.hallNumber) else { continue }
            progress(describe(structure, step.rung))
            if !candidates.contains(where: { sameSkeleton($0, structure) }) { candidates.append(structure) }
        }
        // A rung may put atoms on the wrong positions: what the composition can fill is tried beside it.
        candidates = Array(candidates.prefix(3))
        var assignment = WyckoffAssignment()
        assignment.seed = job.seed
        // From a far start the ranking says little: many are handed on, and the intensities sift them.
        let assigned = assignment(start, in: group, best: 80)
        for structure in assigned.structures
        where candidates.count < 80 && !candidates.contains(where: { sameSkeleton($0, structure) }) {
            candidates.append(structure)
        }
        guard !candidates.isEmpty else {
            throw CrystalFileError(
                file: job.start,
                problem: "its composition cannot fill the positions of \(group.compactSymbol) in its cell",
                remedy: "check the group and its setting, or give the positions with --symmetry-from")
        }
        progress(
            "\(assigned.count)\(assigned.isComplete ? "" : " and more") ways to fill positions of "
                + "\(group.compactSymbol), one element at a time; \(candidates.count) structures are tried")
        return candidates
    }

    /// Every distinct group that the ladder offers, the highest symmetry first.
    private static func everyRung(
        _ job: RecoveryJob, start: CrystalStructure, progress: PowderRecovery.Progress
    ) throws -> [ReducedStructure] {
        var candidates: [ReducedStructure] = []
        for step in try ladder(job, start) where step.rung.found.spaceGroup.number > 1 {
            guard let structure = reduced(step, hallNumber: step.rung.found.spaceGroup.hallNumber) else {
                continue
            }
            if !candidates.contains(where: { sameSkeleton($0, structure) }) {
                progress(describe(structure, step.rung))
                candidates.append(structure)
            }
        }
        guard !candidates.isEmpty else {
            throw CrystalFileError(
                file: job.start, problem: "no tolerance up to 2.5 Å shows any symmetry in it",
                remedy: "name the group with --space-group or the positions with --symmetry-from")
        }
        return Array(candidates.sorted { $0.spaceGroup.order > $1.spaceGroup.order }.prefix(6))
    }

    private static func reduced(_ step: Step, hallNumber: Int) -> ReducedStructure? {
        let cell = StandardCell.setting(hallNumber: hallNumber)
        guard let standard = try? SymmetryFinder.standardize(step.structure, step.rung.found, cell: cell),
            let group = SpaceGroup(hallNumber: hallNumber)
        else { return nil }
        return try? ReducedStructure(reducing: standard.structure, in: group)
    }

    private static func describe(_ structure: ReducedStructure, _ rung: SymmetryRung) -> String {
        String(
            format: "%@ holds from %.3f Å on; enforcing it displaces by up to %.2f Å",
            structure.spaceGroup.compactSymbol, rung.tolerances.lowerBound, rung.found.maxDisplacement)
    }

    /// The same group with the same elements on the same kinds of position.
    private static func sameSkeleton(_ a: ReducedStructure, _ b: ReducedStructure) -> Bool {
        func key(_ structure: ReducedStructure) -> [String] {
            structure.orbits.map { orbit in
                "\(orbit.occupants.map(\.species.description)) \(orbit.multiplicity)\(orbit.letter)"
            }.sorted()
        }
        return a.spaceGroup == b.spaceGroup && key(a) == key(b)
    }
}
