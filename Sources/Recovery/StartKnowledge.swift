import CrystalFiles
import Crystallography
import Foundation
import Parameterization
import Symmetry

/// The reduced structures that a start may be, by what is known beforehand.
struct StartKnowledge {
    /// In the order in which they are tried.
    var candidates: [ReducedStructure]
    var warnings: [String] = []

    init(job: RecoveryJob, start: CrystalRecord, progress: PowderRecovery.Progress) throws {
        if let file = job.symmetryFrom {
            let skeleton = try Self.skeleton(file)
            do {
                var assignment = SkeletonAssignment()
                assignment.seed = job.seed
                let result = try assignment(start.structure, on: skeleton)
                progress(
                    "start put on the positions of \(skeleton.spaceGroup.compactSymbol): rms displacement "
                        + String(format: "%.2f Å", result.rmsDisplacement))
                candidates = [result.structure]
            } catch let error as SkeletonError {
                throw CrystalFileError(
                    file: job.start, problem: error.description,
                    remedy: "take the start and --symmetry-from in the same cell")
            }
        } else {
            candidates = []
        }
    }

    /// Group, setting and occupied positions of a file; its operations say the setting.
    static func skeleton(_ file: String) throws -> ReducedStructure {
        let record = try CrystalFile.readFirst(file)
        guard let operations = record.declaredOperations,
            let group = SpaceGroup.matching(operations: operations)
        else {
            throw CrystalFileError(
                file: file, problem: "its operations are no tabulated setting",
                remedy: "give a CIF with symmetry operators of one of the 530 settings")
        }
        return try ReducedStructure(reducing: record.structure, in: group, tolerance: 0.1)
    }
}
