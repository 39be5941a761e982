import Crystallography
import Foundation
import NumericalMethods
import Symmetry

/// Whether a recovered structure is the reference and not merely like it: both in one setting of one group (or
/// of its enantiomorph), compared by the best equivalent description.
public struct ExactRecovery: Sendable, Hashable {
    /// Largest |Δ|/length over a, b, c.
    public let lengthDeviation: Double
    /// Largest difference of α, β, γ in degrees.
    public let angleDeviation: Double
    /// Over all atoms of the cell at fixed scale, in Å.
    public let rmsDisplacement: Double
    /// The largest distance of an atom from its reference, Å.
    public let maximumDisplacement: Double
    /// How the found structure was brought over the reference.
    public let description: EquivalentDescription

    /// Every length within 0.1 %, every angle within 0.1°, rms below 0.01 Å.
    public var isExact: Bool { isExact(within: MatchSettings.Recovery()) }

    /// The same with limits of one's own.
    package func isExact(within limits: MatchSettings.Recovery) -> Bool {
        lengthDeviation <= limits.length && angleDeviation <= limits.angle && rmsDisplacement < limits.rms
    }

    /// - Parameters: as in `EquivalentDescription.closest`.
    /// - Returns: nil where the two do not hold the same atoms.
    public init?(
        of structure: CrystalStructure, reference: CrystalStructure,
        allowing operations: [SymmetryOperation]? = nil, polarDirections: [SIMD3<Int>] = []
    ) {
        guard
            let description = EquivalentDescription.closest(
                structure, to: reference, allowing: operations, polarDirections: polarDirections)
        else { return nil }
        let (l, l0) = (description.lattice.lengths, reference.lattice.lengths)
        let (w, w0) = (description.lattice.angles, reference.lattice.angles)
        lengthDeviation = (0..<3).map { abs(l[$0] - l0[$0]) / l0[$0] }.max() ?? 0
        angleDeviation = (0..<3).map { abs(w[$0] - w0[$0]) }.max() ?? 0
        rmsDisplacement = description.rmsDisplacement
        maximumDisplacement = description.maximumDisplacement
        self.description = description
    }
}
