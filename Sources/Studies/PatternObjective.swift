import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// The loss of a structure against a target pattern and its gradient with respect to scaled variables: negative for
/// similarities, as it is for distances.
package final class PatternObjective {
    package let calculation: PowderCalculation
    package let names: [String]
    /// What a unit of each scaled variable is in its parameter: about 1 Å of displacement.
    package let scales: [Double]
    private let prepared: PreparedSimilarity
    private let sign: Double
    private let latticeCount: Int

    /// - Parameter noise: what was distorted, and only that is free.
    package init(
        _ structure: ReducedStructure, target: [Double], measure: SimilarityMeasure, noise: NoiseLevel.Kind
    ) throws {
        let all = structure.parameters
        let lattice = structure.latticeParameters.names.count
        let free: [Parameter] =
            switch noise {
            case .lattice: Array(all.prefix(lattice))
            case .coordinates: Array(all.dropFirst(lattice))
            case .both: all
            }
        latticeCount = noise == .coordinates ? 0 : lattice
        names = free.map(\.name)
        scales = free.map(\.scale)
        calculation = try PowderCalculation(
            RecoveryReference.model(structure), twoTheta: RecoveryReference.twoTheta, free: free.map(\.name))
        prepared = measure.prepared(target: target, twoTheta: RecoveryReference.twoTheta)
        sign = measure.isSimilarity ? -1 : 1
    }

    /// The distorted start as it stands, in P1.
    package static func withoutSymmetry(_ structure: CrystalStructure) throws -> ReducedStructure {
        guard let group = SpaceGroup(hallNumber: 1) else {
            throw StudyError.structure(name: structure.title, reason: "the table of space groups has no P1")
        }
        var unlabelled = structure
        for index in unlabelled.sites.indices { unlabelled.sites[index].label = "" }
        return try ReducedStructure(reducing: unlabelled, in: group)
    }

    /// Loss and gradient ∂loss/∂x with p = x · scale; nil for a cell that cannot be, and where the task is cancelled.
    package func evaluate(_ p: [Double]) -> (loss: Double, gradient: [Double])? {
        guard !Task.isCancelled, isPossible(p) else { return nil }
        calculation.values = p
        let pattern = calculation.calculated
        var cotangent = [Double](repeating: 0, count: pattern.count)
        let value = cotangent.withUnsafeMutableBufferPointer {
            prepared.evaluate(pattern, gradient: $0.baseAddress)
        }
        guard value.isFinite else { return nil }
        let gradient = calculation.gradient(of: cotangent)
        return (sign * value, zip(gradient, scales).map { sign * $0 * $1 })
    }

    private func isPossible(_ p: [Double]) -> Bool {
        guard latticeCount > 0 else { return true }
        var lattice = calculation.model.phases[0].structure.latticeParameters
        lattice.values = Array(p.prefix(latticeCount))
        let cell = lattice.cell
        return cell.prefix(3).allSatisfy { $0 > 1 && $0 < 100 }
            && cell.suffix(3).allSatisfy { $0 > 20 && $0 < 160 }
            && lattice.lattice.volume.isFinite && lattice.lattice.volume > 1
    }

    /// - Parameter share: how much of the way to its projection the cell is drawn.
    func moved(_ p: [Double], by step: [Double], _ projection: FamilyProjection?, share: Double) -> [Double] {
        var result = p.indices.map { p[$0] + step[$0] * scales[$0] }
        if let projection, latticeCount == 6 {
            let cell = Array(result.prefix(6))
            let projected = projection(cell: cell)
            result.replaceSubrange(0..<6, with: zip(cell, projected).map { $0 + share * ($1 - $0) })
        }
        return result
    }
}
