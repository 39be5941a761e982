import CrystalFiles
import Crystallography
import Foundation
import Parameterization
import Recovery
import Symmetry

/// What is known of a structure before its pattern is looked at.
package enum StartKnowledge: Sendable {
    /// Group, setting and occupied positions of this structure; neither its coordinates nor its cell.
    case positions(ReducedStructure)
    case spaceGroup(SpaceGroup)
    /// The crystal family; the start stands on its conventional axes.
    case family(CrystalFamily)
    /// Every group that the start nearly has is possible.
    case nothing

    /// Å: how far the atoms of a skeleton may be from the operations that its file states.
    private static let statedTolerance = 0.1
    /// Å, within which the group of a skeleton is found whose file states none.
    private static let foundTolerance = 0.01

    /// The positions of a structure: by its own operations, else as they are found.
    ///
    /// - Parameter file: for the error.
    package static func takingPositions(of record: CrystalRecord, named file: String) throws -> StartKnowledge
    {
        do {
            if let operations = record.declaredOperations, operations.count > 1,
                let group = SpaceGroup.matching(operations: operations)
            {
                return .positions(
                    try ReducedStructure(reducing: record.structure, in: group, tolerance: statedTolerance))
            }
            let found = try SymmetryFinder.find(in: record.structure, tolerance: foundTolerance)
            guard let setting = found.settingOfInput else {
                throw CrystalFileError(
                    file: file, problem: "its cell is not in one of the 530 tabulated settings",
                    remedy: "write it in a standard setting first (wyckoff symmetrize --cell standard)")
            }
            let kept = try SymmetryFinder.standardize(record.structure, found, cell: .keep)
            return .positions(try ReducedStructure(reducing: kept.structure, in: setting))
        } catch let error as SymmetryFinderError {
            throw CrystalFileError(file: file, problem: "\(error)", remedy: "correct the structure")
        } catch let error as ReductionError {
            throw CrystalFileError(
                file: file, problem: "\(error)", remedy: "check its operators and coordinates")
        }
    }
}
