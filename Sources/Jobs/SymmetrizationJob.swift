import CrystalFiles
import Crystallography
import ExplainedErrors
import Parameterization
import Symmetry

/// Enforces a symmetry on a structure: the one that is found, one that is asked for, or a subgroup.
package struct SymmetrizationJob: Job {
    package enum Cell: String, Sendable, Hashable { case keep, standard, primitive }

    package enum Target: Sendable, Hashable {
        /// The group that is found within this distance, Å.
        case found(tolerance: Double)
        /// The rung of the ladder with this group, else the way to it from a rung that moves the atoms least.
        case group(SpaceGroup)
    }

    package var record: CrystalRecord
    /// For errors.
    package var file: String
    package var target: Target
    /// Of the group that the target gives; nil for the group itself.
    package var subgroup: SpaceGroup?
    /// Which of several ways to the subgroup, from 1: the first has the least index.
    package var way = 1
    package var cell = Cell.standard

    package init(_ record: CrystalRecord, file: String, to target: Target) {
        (self.record, self.file, self.target) = (record, file, target)
    }

    package struct Outcome: Sendable {
        /// What is enforced.
        package enum Result: Sendable {
            case group(StandardizedStructure, FoundSymmetry, StandardCell, degreesOfFreedom: Int)
            /// - ways: to this subgroup.
            /// - from: the rung of the ladder, where it was not asked for.
            case subgroup(EnforcedSubgroup, ways: Int, from: SpaceGroup?)
        }

        package var result: Result
        /// A way to a subgroup described in another setting or cell of the same group; nil where it is as it was found.
        package var redescribed: Redescribed?
        package var cell: Cell

        package struct Redescribed: Sendable {
            package var structure: StandardizedStructure
            package var found: FoundSymmetry
            package var cell: StandardCell
            package var group: SpaceGroup
        }
    }

    /// Why the answer is no: the group is not among what the structure nearly has.
    package struct Refusal: ExplainedError {
        package let explanation: Explanation
    }

    /// Å: a structure that has its group exactly shows it within any small tolerance.
    private static let exactTolerance = 1e-4
    /// Å: ways whose displacements differ by less are as good as each other; the first is taken.
    private static let displacementPrecision = 1e-9

    /// - Throws: `Refusal`, or an error of one line that names the file.
    package func run(reporting report: @escaping JobProgress.Sink) throws -> Outcome {
        let outcome = try enforced(report)
        try Task.checkCancellation()
        return outcome
    }

    private func enforced(_ report: JobProgress.Sink) throws -> Outcome {
        let structure = record.structure
        switch target {
        case .found(let tolerance):
            let found = try FileProblem.naming(file) {
                try SymmetryFinder.find(in: structure, tolerance: tolerance)
            }
            guard let subgroup else { return try enforced(structure, found, nil) }
            return try lowered(found, to: subgroup, report)
        case .group(let group):
            let rungs = try FileProblem.naming(file) { try SymmetryFinder.ladder(in: structure) }
            guard let rung = rungs.first(where: { $0.found.spaceGroup.number == group.number }) else {
                return try descended(rungs.map(\.found), to: group)
            }
            guard let subgroup else { return try enforced(structure, rung.found, group) }
            return try lowered(rung.found, to: subgroup, report)
        }
    }

    private func enforced(
        _ structure: CrystalStructure, _ found: FoundSymmetry, _ group: SpaceGroup?
    ) throws -> Outcome {
        let choice = standardCell(found, group)
        return try FileProblem.naming(file) {
            let result = try SymmetryFinder.standardize(structure, found, cell: choice)
            let reduced = try ReducedStructure(reducing: structure, found)
            return Outcome(
                result: .group(result, found, choice, degreesOfFreedom: reduced.degreesOfFreedom),
                redescribed: nil, cell: cell)
        }
    }

    private func standardCell(_ found: FoundSymmetry, _ group: SpaceGroup?) -> StandardCell {
        switch cell {
        case .keep: .keep
        case .primitive: .primitive
        case .standard:
            .setting(hallNumber: (group ?? found.spaceGroup.withOriginOnCentre).hallNumber)
        }
    }

    /// A group that is on no rung, from a rung whose group contains it: of all the way that moves the atoms least.
    private func descended(_ rungs: [FoundSymmetry], to group: SpaceGroup) throws -> Outcome {
        let groups = rungs.map(\.spaceGroup.compactSymbol).joined(separator: ", ")
        guard subgroup == nil else {
            throw Refusal(
                explanation: Explanation(
                    "\(group) is not on the ladder, which --subgroup starts from",
                    remedy: "it holds \(groups)",
                    place: file))
        }
        let (best, failure) = nearest(rungs, to: group)
        guard let best else {
            let reason = failure.map { "; \($0)" } ?? ""
            throw Refusal(
                explanation: Explanation(
                    "\(group) is not on the ladder and no subgroup of its groups",
                    remedy: "it holds \(groups)\(reason)", place: file))
        }
        var outcome = Outcome(
            result: .subgroup(best.way, ways: 1, from: best.found.spaceGroup), redescribed: nil, cell: cell)
        if cell == .standard, best.way.structure.spaceGroup.hallNumber == group.hallNumber { return outcome }
        guard cell != .keep else {
            throw FileProblem(
                file: file,
                problem: "\(group) is reached as a subgroup of \(best.found.spaceGroup), in a cell of "
                    + "its own; leave out --cell keep")
        }
        let exact = best.way.structure.expanded()
        outcome.redescribed = try FileProblem.naming(file) {
            let found = try SymmetryFinder.find(
                in: exact, tolerance: Self.exactTolerance, hallNumber: group.hallNumber)
            let choice = standardCell(found, group)
            return Outcome.Redescribed(
                structure: try SymmetryFinder.standardize(exact, found, cell: choice), found: found,
                cell: choice, group: group)
        }
        return outcome
    }

    private func nearest(
        _ rungs: [FoundSymmetry], to group: SpaceGroup
    ) -> (best: (found: FoundSymmetry, way: EnforcedSubgroup)?, failure: ReductionError?) {
        var best: (found: FoundSymmetry, way: EnforcedSubgroup)?
        var failure: ReductionError?
        for found in rungs {
            do {
                for way in try EnforcedSubgroup.ways(to: group.number, of: record.structure, found: found)
                where way.rmsDisplacement
                    < (best?.way.rmsDisplacement ?? .infinity) - Self.displacementPrecision
                {
                    best = (found, way)
                }
            } catch {
                // A rung from which the atoms do not follow is no way down; another may be.
                failure = error
            }
        }
        return (best, failure)
    }

    private func lowered(
        _ found: FoundSymmetry, to group: SpaceGroup, _ report: JobProgress.Sink
    ) throws -> Outcome {
        let isSame = found.spaceGroup.number == group.number
        if isSame, way == 1 {
            report(
                .remark(
                    "\(file): the structure has \(group) itself and stays in it; --way 2 and on are subgroups of "
                        + "the same type, in larger cells"))
            return try enforced(record.structure, found, nil)
        }
        let ways = try FileProblem.naming(file) {
            try EnforcedSubgroup.ways(to: group.number, of: record.structure, found: found)
        }
        let count = ways.count + (isSame ? 1 : 0)
        guard count > 0 else {
            let numbers = Set(found.spaceGroup.translationengleicheSubgroups.map(\.spaceGroup.number))
            throw FileProblem(
                file: file,
                problem: "\(group) is no subgroup of \(found.spaceGroup) of those looked for; "
                    + "translationengleiche ones are "
                    + numbers.sorted().map(String.init).joined(separator: ", "))
        }
        let index = way - (isSame ? 2 : 1)
        guard ways.indices.contains(index) else {
            throw FileProblem(file: file, problem: "there are \(count) ways to \(group), not \(way)")
        }
        var chosen = ways[index]
        chosen.structure = try FileProblem.naming(file) { try chosen.structure.withOriginOnCentre() }
        return Outcome(result: .subgroup(chosen, ways: count, from: nil), redescribed: nil, cell: cell)
    }
}

extension SymmetrizationJob.Outcome {
    /// Writes the structure.
    ///
    /// - Parameter listsOrbits: whether a CIF in the cell of the file keeps operators and asymmetric sites, as the file
    ///   does itself.
    package func write(to path: String, listsOrbits: Bool) throws {
        if let redescribed {
            try CrystalFile.write(
                redescribed.structure, enforcing: redescribed.found, cell: redescribed.cell, to: path)
            return
        }
        switch result {
        case .subgroup(let way, _, _): try CrystalFile.write(way.structure, to: path)
        case .group(let structure, let found, let choice, _):
            if cell == .keep, !listsOrbits {
                try CrystalFile.write(structure.structure, to: path)
            } else {
                try CrystalFile.write(structure, enforcing: found, cell: choice, to: path)
            }
        }
    }
}
