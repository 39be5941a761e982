import CKIM
import Crystallography
import ExplainedErrors
import Foundation
import NumericalMethods

/// A portable model of the Knowledgebase of Interatomic Models (openkim.org; Tadmor et al., JOM 63 (2011) 17), by its name
/// or KIM ID: several hundred empirical potentials, many for few elements only.
///
/// Unchecked because the compiler cannot see that the model is only asked under the lock.
public final class KIMPotential: InteratomicPotential, @unchecked Sendable {
    /// The model's name at openkim.org.
    public let name: String
    /// Guarded by `lock`, as are its lists of neighbours.
    private let model: OpaquePointer
    private let lock = NSLock()
    /// Å.
    public let influence: Double

    /// Cluster atoms above which an evaluation is refused: neighbours are found by comparing all with all.
    private static let largestCluster = 60_000

    /// - Parameter identifier: as `kim-api-collections-management list` names the model.
    package init(_ identifier: String) throws(KIMError) {
        var reason = [CChar](repeating: 0, count: 256)
        guard let model = wyckoff_kim_open(identifier, &reason, Int32(reason.count)) else {
            let text = String(
                decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw .cannotOpen(identifier, reason: text)
        }
        self.model = model
        name = "kim:" + identifier
        influence = wyckoff_kim_influence(model)
    }

    deinit { wyckoff_kim_close(model) }

    /// Energy (eV), forces (eV/Å) and stress (GPa). Throws `KIMError` where the model does not know an element.
    public func evaluate(_ structure: CrystalStructure) throws -> EnergyEvaluation {
        guard !structure.sites.isEmpty else { throw EnergyError.noAtoms }
        lock.lock()
        defer { lock.unlock() }
        var species: [Int32] = []
        for (index, site) in structure.sites.enumerated() {
            guard site.occupants.count == 1, let occupant = site.occupants.first,
                abs(occupant.occupancy - 1) < 1e-6
            else { throw EnergyError.disorder(atom: index) }
            let symbol = occupant.species.element.symbol
            let code = wyckoff_kim_species(model, symbol)
            guard code >= 0 else { throw EnergyError.unknownElement(symbol: symbol, model: name) }
            species.append(code)
        }
        let cluster = try Self.cluster(structure, influence: influence)
        let codes = cluster.owners.map { species[$0] }
        let counts = cluster.owners.indices.map { Int32($0 < structure.sites.count ? 1 : 0) }
        var energy = 0.0
        var forces = [Double](repeating: 0, count: 3 * codes.count)
        let coordinates = cluster.positions.flatMap { [$0.x, $0.y, $0.z] }
        let status = wyckoff_kim_evaluate(
            model, Int32(codes.count), codes, counts, coordinates, &energy, &forces)
        guard status == 0, energy.isFinite, forces.allSatisfy(\.isFinite) else {
            throw KIMError.failed(name)
        }
        // Forces on images belong to their atoms; together with where they act they give the stress.
        var sums = [SIMD3<Double>](repeating: .zero, count: structure.sites.count)
        var strain = Matrix3.zero
        for (k, owner) in cluster.owners.enumerated() {
            let force = SIMD3(forces[3 * k], forces[3 * k + 1], forces[3 * k + 2])
            let position = cluster.positions[k]
            sums[owner] += force
            strain.rows.0 -= position.x * force
            strain.rows.1 -= position.y * force
            strain.rows.2 -= position.z * force
        }
        return EnergyEvaluation(
            energy: energy, forces: sums,
            stress: (0.5 * EnergyEvaluation.gigapascal / structure.lattice.volume)
                * (strain + strain.transpose))
    }

    /// The atoms of the cell, then their images within a distance of the cell's walls.
    private static func cluster(_ structure: CrystalStructure, influence: Double) throws(EnergyError) -> (
        owners: [Int], positions: [SIMD3<Double>]
    ) {
        try CrystalGraph.check(structure.lattice, structure.sites.map(\.position))
        let span = structure.lattice.reciprocal.lengths * influence
        let fractional = structure.sites.map { $0.position.wrapped }
        let cells = (1 + 2 * span.x) * (1 + 2 * span.y) * (1 + 2 * span.z)
        guard Double(fractional.count) * cells < Double(largestCluster) else {
            throw .tooLarge(gigabytes: Double(fractional.count) * cells * 1e-4)
        }
        var owners = Array(fractional.indices)
        var positions = fractional.map { $0 * structure.lattice.vectors }
        let reach = SIMD3(
            Int(span.x.rounded(.up)), Int(span.y.rounded(.up)), Int(span.z.rounded(.up)))
        for x in -reach.x...reach.x {
            for y in -reach.y...reach.y {
                for z in -reach.z...reach.z where (x, y, z) != (0, 0, 0) {
                    for (owner, f) in fractional.enumerated() {
                        let image = f + SIMD3(Double(x), Double(y), Double(z))
                        let isNear = (0..<3).allSatisfy { image[$0] > -span[$0] && image[$0] < 1 + span[$0] }
                        guard isNear else { continue }
                        owners.append(owner)
                        positions.append(image * structure.lattice.vectors)
                    }
                }
            }
        }
        return (owners, positions)
    }
}

/// Why a KIM model is no potential.
package enum KIMError: ExplainedError, Hashable {
    case cannotOpen(String, reason: String)
    case failed(String)

    /// What went wrong, where, and what to do: the parts of the one line.
    package var explanation: Explanation {
        switch self {
        case .cannotOpen(let name, let reason):
            Explanation("kim:\(name): \(reason)")
        case .failed(let name):
            Explanation("\(name) has no energy for this structure", remedy: "atoms may be too close")
        }
    }
}
