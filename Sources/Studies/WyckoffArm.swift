import Crystallography
import Diffraction
import Foundation
import Parameterization
import Recovery

/// Our way: the start is put on the known Wyckoff positions, the cell found by the lines' positions, the coordinates
/// by their intensities, then everything refined together. It is not told what was distorted.
public struct WyckoffArm: RecoveryArm {
    public let name = "wyckoff"
    public let prior = PriorKnowledge.positions
    public let objective = ""

    public init() {}

    public func run(_ start: CrystalStructure, _ sample: RecoverySample, reference: RecoveryReference) throws
        -> ArmOutcome
    {
        var assignment = SkeletonAssignment()
        assignment.seed = sample.streamSeed
        let placed = try assignment(start, on: reference.reduced).structure
        var recovery = SimulatedRecovery(
            instrument: .landscapePaper, scatteringTable: .pymatgen, dispersion: false)
        recovery.seed = sample.streamSeed
        let result = try recovery(
            twoTheta: RecoveryReference.twoTheta, intensity: reference.target, start: placed)
        return ArmOutcome(
            structure: result.structure.expanded(), path: [],
            note: "\(result.cellsTried) cells, \(result.alternatives.count) alternatives, R \(result.rwp)")
    }
}
