import CWyckoff
import CrystalFiles
import Diffraction
import Energies
import ExplainedErrors
import Foundation
import LearnedModels
import Parameterization
import Patterns
import Symmetry

/// Where a caller takes an error from.
public typealias ErrorPlace = UnsafeMutablePointer<UnsafeMutablePointer<wyckoff_error>?>?

/// Runs what can throw: the code that C gets, the error where it was asked for.
func reply(_ place: ErrorPlace, _ body: () throws -> Void) -> Int32 {
    place?.pointee = nil
    do {
        try body()
        return Int32(WYCKOFF_OK)
    } catch {
        let code = code(of: error)
        place?.pointee = allocated(error, code: code)
        return code
    }
}

private func code(of error: any Error) -> Int32 {
    switch error {
    case is InterfaceError: Int32(WYCKOFF_BAD_ARGUMENT)
    case is CrystalFileError, is FileProblem: Int32(WYCKOFF_BAD_FILE)
    case is SymmetryFinderError, is ReductionError: Int32(WYCKOFF_NO_SYMMETRY)
    case is DiffractionError, is PatternError: Int32(WYCKOFF_NO_PATTERN)
    case is EnergyError, is PotentialError, is ModelStoreError, is CheckpointError: Int32(WYCKOFF_NO_ENERGY)
    default: Int32(WYCKOFF_OTHER)
    }
}

private func allocated(_ error: any Error, code: Int32) -> UnsafeMutablePointer<wyckoff_error> {
    let explanation = (error as? any ExplainedError)?.explanation ?? Explanation("\(error)")
    let result = UnsafeMutablePointer<wyckoff_error>.allocate(capacity: 1)
    result.initialize(
        to: wyckoff_error(
            code: code, line: strdup(explanation.description), problem: strdup(explanation.problem),
            remedy: explanation.remedy.flatMap { strdup($0) },
            place: explanation.place.flatMap { strdup($0) }))
    return result
}

/// Frees an error with its texts.
@c @implementation
public func wyckoff_error_free(_ error: UnsafeMutablePointer<wyckoff_error>?) {
    guard let error else { return }
    for text in [error.pointee.line, error.pointee.problem, error.pointee.remedy, error.pointee.place] {
        free(text)
    }
    error.deinitialize(count: 1)
    error.deallocate()
}

/// Frees a text that the library gave.
@c @implementation
public func wyckoff_text_free(_ text: UnsafeMutablePointer<CChar>?) { free(text) }
