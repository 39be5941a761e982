import Crystallography
import Foundation
import Matching
import Parameterization

/// What an arm did from its start to its end, seen on two parameters of the truth.
package struct OptimiserPath: Sendable {
    /// The arm's name.
    package let name: String
    /// Values of the two parameters, the start first.
    package let points: [SIMD2<Double>]
    /// Whether only start and end are known: the arm searches instead of walking.
    package let isJump: Bool
    /// The end, and how the study measures it.
    package let structure: CrystalStructure
    package let measures: RecoveryMeasures
    package let note: String

    /// - Parameters:
    ///   - axes: cell parameters (`a`…`gamma`) or free coordinates of the reference (`O1.x`).
    ///   - start: in the reference's cell and order of atoms.
    package init(
        of arm: any RecoveryArm, from start: CrystalStructure, sample: RecoverySample,
        reference: RecoveryReference, along axes: (String, String)
    ) throws {
        let outcome = try arm.run(start, sample, reference: reference)
        let read = try ParameterReading(axes, in: reference.reduced)
        isJump = outcome.trajectory.isEmpty
        var points = [read(start)] + outcome.trajectory.map { read($0) }
        if isJump { points.append(read(Self.aligned(outcome.structure, to: reference.structure))) }
        name = arm.name
        self.points = points
        structure = outcome.structure
        measures = try RecoveryMeasures(outcome.structure, reference: reference)
        note = outcome.note
    }

    /// The structure in its description closest to the reference, its atoms in the reference's order; as it is where
    /// the two do not hold the same atoms.
    private static func aligned(_ structure: CrystalStructure, to reference: CrystalStructure)
        -> CrystalStructure
    {
        guard let closest = EquivalentDescription.closest(structure, to: reference) else { return structure }
        var result = reference
        result.lattice = closest.lattice
        for (site, partner) in zip(structure.sites, closest.partners) {
            result.sites[partner].position = closest.operation.apply(to: site.position) + closest.shift
        }
        return result
    }
}

/// Reads two parameters of the reference off any structure with the same atoms in the same order.
private struct ParameterReading {
    private enum Source {
        case cell(Int)
        case coordinate(orbit: Int, index: Int, atom: Int)
    }

    private let sources: [Source]
    private let reference: ReducedStructure

    init(_ axes: (String, String), in reference: ReducedStructure) throws {
        self.reference = reference
        let names = reference.parameters.map(\.name)
        let lattice = reference.latticeParameters.names.count
        sources = try [axes.0, axes.1].map { axis in
            let name = Parameter.asciiName(axis)
            if let k = LatticeParameters.cellNames.firstIndex(of: name) { return .cell(k) }
            guard let position = names.firstIndex(of: name) else {
                throw StudyError.usage(
                    "no parameter '\(axis)'; there are a b c alpha beta gamma and \(names.dropFirst(lattice).joined(separator: " "))"
                )
            }
            let index = reference.freeCoordinates[position - lattice]
            let atom = reference.atoms.firstIndex { $0.orbit == index.orbit && $0.operation == .identity }
            return .coordinate(orbit: index.orbit, index: index.coordinate, atom: atom ?? 0)
        }
    }

    func callAsFunction(_ structure: CrystalStructure) -> SIMD2<Double> {
        let values = sources.map { source -> Double in
            switch source {
            case .cell(let k):
                return k < 3 ? structure.lattice.lengths[k] : structure.lattice.angles[k - 3]
            case .coordinate(let orbit, let index, let atom):
                let orbit = reference.orbits[orbit]
                let near = orbit.coordinates[index]
                let value = orbit.siteSymmetry.parameters(of: structure.sites[atom].position)[index]
                return near + (value - near) - (value - near).rounded()
            }
        }
        return SIMD2(values[0], values[1])
    }
}
