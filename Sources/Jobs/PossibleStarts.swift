import CrystalFiles
import Crystallography
import Foundation
import Parameterization
import Recovery
import Symmetry

/// The reduced structures that a start may be, by what is known beforehand.
struct PossibleStarts {
    private let start: CrystalStructure
    /// For errors.
    private let file: String
    private let seed: UInt64
    private let progress: PowderRecovery.Progress

    private let settings: RecoverySettings

    init(
        of start: NamedRecord, settings: RecoverySettings, seed: UInt64,
        progress: @escaping PowderRecovery.Progress
    ) {
        (self.start, file) = (start.record.structure, start.name)
        (self.settings, self.seed, self.progress) = (settings, seed, progress)
    }

    /// Groups in the order in which they are tried; of each group, the structures that differ in what is occupied.
    func candidates(_ knowledge: StartKnowledge) throws -> [[ReducedStructure]] {
        switch knowledge {
        case .positions(let skeleton): [[try assigned(to: skeleton)]]
        case .spaceGroup(let group): [try inGroup(group)]
        case .family, .nothing: try everyRung().map { [$0] }
        }
    }

    private func assigned(to skeleton: ReducedStructure) throws -> ReducedStructure {
        var assignment = SkeletonAssignment(settings: settings.skeleton)
        assignment.seed = seed
        do throws(SkeletonError) {
            let result = try assignment.assign(start, on: skeleton)
            progress(
                "start put on the positions of \(skeleton.spaceGroup.compactSymbol): rms displacement "
                    + String(format: "%.2f Å", result.rmsDisplacement))
            return result.structure
        } catch {
            throw CrystalFileError(
                file: file, problem: error.description,
                remedy: "take the start and --symmetry-from in the same cell")
        }
    }

    /// What the asked group's positions may hold: the rungs of the ladder from the tightest on, and the
    /// assignments of the composition that displace the start's atoms least.
    private func inGroup(_ group: SpaceGroup) throws -> [ReducedStructure] {
        let steps = try ladder()
        var asked = steps.filter { $0.rung.found.spaceGroup.number == group.number }
        if asked.isEmpty {
            asked = try higher(steps).filter { $0.rung.found.spaceGroup.number == group.number }
        }
        var candidates: [ReducedStructure] = []
        for step in asked {
            guard let structure = try Self.reduced(step, hallNumber: group.hallNumber) else { continue }
            progress(Self.describe(structure, step.rung))
            if !candidates.contains(where: { Self.sameSkeleton($0, structure) }) {
                candidates.append(structure)
            }
        }
        // A rung may put atoms on the wrong positions: what the composition can fill is tried beside it.
        candidates = Array(candidates.prefix(settings.start.rungs))
        var assignment = WyckoffAssignment(settings: settings.occupation)
        assignment.seed = seed
        let assigned = try assignment.assign(start, in: group, best: settings.start.ways)
        for structure in assigned.structures
        where candidates.count < settings.start.ways
            && !candidates.contains(where: { Self.sameSkeleton($0, structure) })
        {
            candidates.append(structure)
        }
        guard !candidates.isEmpty else {
            throw CrystalFileError(
                file: file,
                problem: "its composition cannot fill the positions of \(group.compactSymbol) in its cell",
                remedy: "check the group and its setting, or give the positions with --symmetry-from")
        }
        progress(
            "\(assigned.count)\(assigned.isComplete ? "" : " and more") ways to fill positions of "
                + "\(group.compactSymbol), one element at a time; \(candidates.count) structures are tried")
        return candidates
    }

    /// Every distinct group that the ladder offers, the highest symmetry first.
    private func everyRung() throws -> [ReducedStructure] {
        var candidates: [ReducedStructure] = []
        for step in try ladder() where step.rung.found.spaceGroup.number > 1 {
            let number = step.rung.found.spaceGroup.hallNumber
            guard let structure = try Self.reduced(step, hallNumber: number),
                !candidates.contains(where: { Self.sameSkeleton($0, structure) })
            else { continue }
            progress(Self.describe(structure, step.rung))
            candidates.append(structure)
        }
        guard !candidates.isEmpty else {
            throw CrystalFileError(
                file: file, problem: "no tolerance up to 2.5 Å shows any symmetry in it",
                remedy: "name the group with --space-group or the positions with --symmetry-from")
        }
        return Array(
            candidates.sorted { $0.spaceGroup.order > $1.spaceGroup.order }.prefix(settings.start.groups))
    }

    // MARK: The ladder

    /// A rung of the ladder and the structure that it was found in.
    private struct Step {
        let structure: CrystalStructure
        let rung: SymmetryRung
    }

    private func ladder() throws -> [Step] {
        do {
            return try SymmetryFinder.ladder(in: start, tolerances: settings.start.ladder).map {
                Step(structure: start, rung: $0)
            }
        } catch {
            throw CrystalFileError(file: file, problem: "\(error)", remedy: "correct the structure")
        }
    }

    /// The ladders of the structures that the rungs lead to: a subgroup once enforced, the distortion that is left
    /// is smaller, and groups show that were hidden before.
    private func higher(_ steps: [Step]) throws -> [Step] {
        try steps.filter { $0.rung.found.spaceGroup.number > 1 }.flatMap { step -> [Step] in
            do {
                let enforced = try SymmetryFinder.standardize(step.structure, step.rung.found, cell: .keep)
                return try SymmetryFinder.ladder(in: enforced.structure, tolerances: settings.start.ladder)
                    .map {
                        Step(structure: enforced.structure, rung: $0)
                    }
            } catch is SymmetryFinderError {
                // A rung that cannot be enforced leads nowhere.
                return []
            }
        }
    }

    /// nil for a rung whose symmetry the atoms do not follow: it is no start.
    private static func reduced(_ step: Step, hallNumber: Int) throws -> ReducedStructure? {
        guard let group = SpaceGroup(hallNumber: hallNumber) else { return nil }
        do {
            let cell = StandardCell.setting(hallNumber: hallNumber)
            let standard = try SymmetryFinder.standardize(step.structure, step.rung.found, cell: cell)
            return try ReducedStructure(reducing: standard.structure, in: group)
        } catch is SymmetryFinderError {
            return nil
        } catch is ReductionError {
            return nil
        }
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
