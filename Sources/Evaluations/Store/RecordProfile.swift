import Validation

/// What distributions over a set ask of a record, without its verdict.
package struct RecordProfile: Sendable, Hashable {
    /// ITA number that the file or the user claims.
    package var claimed: Int?
    /// The one that is found.
    package var spaceGroup: Int?
    /// g/cm³.
    package var density: Double?
    /// Free lattice parameters and coordinates together.
    package var degreesOfFreedom: Int?
    /// Sites of the cell.
    package var atomCount: Int?
    /// Atomic numbers, rising; empty where the record cannot be read.
    package var elements: [Int]
}

extension RecordProfile {
    package init(_ verdict: ValidatedRecord) {
        (claimed, spaceGroup) = (verdict.claimed, verdict.spaceGroup?.number)
        (density, degreesOfFreedom) = (verdict.density, verdict.degreesOfFreedom)
        (atomCount, elements) = (verdict.atomCount, verdict.elements)
    }
}
