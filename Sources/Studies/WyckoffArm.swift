import Crystallography
import Diffraction
import Foundation
import Landscape
import Parameterization
import Recovery
import Symmetry

/// Our way: the cell found by the lines' positions, the occupied positions and the coordinates by their intensities,
/// then everything refined together. It is not told what was distorted.
package struct WyckoffArm: RecoveryArm {
    package let name = "wyckoff"
    package let prior: PriorKnowledge
    package let objective = ""

    /// - Parameter prior: group and occupied positions, the group, or the crystal family.
    package init(prior: PriorKnowledge = .positions) { self.prior = prior }

    package func run(_ start: CrystalStructure, _ sample: RecoverySample, reference: RecoveryReference) throws
        -> ArmOutcome
    {
        if let observed = reference.observed {
            return try measured(observed, start, sample, reference: reference)
        }
        var recovery = SimulatedRecovery(
            instrument: .landscapePaper, scatteringTable: .pymatgen, dispersion: false)
        recovery.seed = sample.streamSeed
        let (twoTheta, target) = (RecoveryReference.twoTheta, reference.target)
        let group = reference.reduced.spaceGroup
        let result: SimulatedRecovery.Result
        switch prior {
        case .none, .family:
            result = try recovery.recover(
                twoTheta: twoTheta, intensity: target, start: start,
                in: group.crystalFamily.spaceGroups)
        case .spaceGroup:
            result = try recovery.recover(twoTheta: twoTheta, intensity: target, start: start, in: [group])
        case .positions:
            var assignment = SkeletonAssignment()
            assignment.seed = sample.streamSeed
            let placed = try assignment.assign(start, on: reference.reduced).structure
            result = try recovery.recover(twoTheta: twoTheta, intensity: target, start: placed)
        }
        return ArmOutcome(
            structure: result.structure.expanded(), path: [],
            note:
                "\(result.structure.spaceGroup.compactSymbol), \(result.cellsTried) cells, \(result.assignmentsTried) "
                + String(
                    format: "assignments, %d alternatives, R %.2g", result.alternatives.count, result.rwp)
                + (result.isExhausted ? "; the search had cost what it may and was ended" : ""))
    }

    /// As a measured pattern is treated: background, widths, zero and displacements are found with the rest.
    private func measured(
        _ pattern: PowderPattern, _ start: CrystalStructure, _ sample: RecoverySample,
        reference: RecoveryReference
    ) throws -> ArmOutcome {
        let group = reference.reduced.spaceGroup
        var recovery = PowderRecovery(
            instrument: Instrument(radiation: Instrument.landscapePaper.radiation, polarization: 1))
        recovery.seed = sample.streamSeed
        recovery.settings.cell.spreads = [0.05, 0.1, 0.2]
        recovery.scatteringTable = .pymatgen
        recovery.dispersion = false
        let weights = PowderRecovery.weights(of: pattern)
        let result: PowderRecovery.Result
        switch prior {
        case .none, .family:
            result = try recovery.recover(
                pattern, weights: weights, start: start, in: group.crystalFamily.spaceGroups)
        case .spaceGroup:
            var assignment = WyckoffAssignment(isFamily: true)
            assignment.seed = sample.streamSeed
            let starts = try assignment.assign(start, in: group, best: 80).structures
            result = try recovery.recover(pattern, weights: weights, starts: starts)
        case .positions:
            var assignment = SkeletonAssignment()
            assignment.seed = sample.streamSeed
            let placed = try assignment.assign(start, on: reference.reduced).structure
            result = try recovery.recover(pattern, weights: weights, starts: [placed])
        }
        let statistics = result.refinement.statistics
        return ArmOutcome(
            structure: result.structure.expanded(),
            note:
                result.structure.spaceGroup.compactSymbol
                + String(
                    format: ", Rwp %.2f %%, goodness of fit %.2f", 100 * statistics.rwp, statistics.gof)
        )
    }
}
