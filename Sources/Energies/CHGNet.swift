import Crystallography
import Foundation
import LearnedModels
import NumericalMethods
import Parameterization

/// CHGNet, a universal interatomic potential with magnetic moments (Deng et al., Nature Machine Intelligence 5
/// (2023) 1031), in double precision.
public struct CHGNet: InteratomicPotential {
    /// What errors call it.
    public let name: String
    /// At most so many threads evaluate a large cell, of some fifty atoms and more; the numbers do not depend on it. With 0
    /// there is one for each core.
    public let threads: Int
    private let weights: CHGNetWeights
    private let stores = FeatureStores()

    /// Neighbours farther than this (Å) are not seen.
    public static let cutoff = CHGNetWeights.cutoff

    /// - Throws: where a tensor is missing or has another shape.
    package init(
        _ checkpoint: Checkpoint, name: String = "CHGNet", threads: Int = 1
    ) throws(CheckpointError) {
        self.name = name
        self.threads = threads > 0 ? threads : ProcessInfo.processInfo.activeProcessorCount
        weights = try CHGNetWeights(checkpoint)
    }

    /// Elements that the model was trained on.
    public var elements: [Element] {
        weights.atomReference.indices.filter { weights.atomReference[$0] != 0 }
            .compactMap { Element(atomicNumber: $0 + 1) }
    }

    /// Energy, forces, stress and moments of an ordered structure.
    public func evaluate(_ structure: CrystalStructure) throws(EnergyError) -> EnergyEvaluation {
        let numbers = try atomicNumbers(structure)
        let graph = try CrystalGraph(
            lattice: structure.lattice, positions: structure.sites.map(\.position),
            cutoff: CHGNetWeights.cutoff, angularCutoff: CHGNetWeights.angularCutoff)
        let (siteEnergies, moments, slopes) = pass(graph, numbers)

        var forces = [SIMD3<Double>](repeating: .zero, count: graph.atomCount)
        var strain = Matrix3.zero
        for (bond, slope) in zip(graph.links, slopes) {
            forces[Int(bond.first)] -= slope
            forces[Int(bond.second)] += slope
            strain.rows.0 += bond.vector.x * slope
            strain.rows.1 += bond.vector.y * slope
            strain.rows.2 += bond.vector.z * slope
        }
        let sites = zip(siteEnergies, numbers).map { $0 + weights.atomReference[$1 - 1] }
        return EnergyEvaluation(
            energy: sites.reduce(0, +), siteEnergies: sites, forces: forces,
            stress: (0.5 * EnergyEvaluation.gigapascal / structure.lattice.volume)
                * (strain + strain.transpose),
            magneticMoments: moments)
    }

    /// The evaluation of `reduced.expanded()`, computed on the orbits of atoms, bonds and angles only: the cost falls with
    /// the symmetry, the result is the same.
    public func evaluate(_ reduced: ReducedStructure) throws -> EnergyEvaluation {
        let structure = reduced.expanded()
        let numbers = try atomicNumbers(structure)
        let graph = try CrystalGraph(
            orbitsOf: reduced, expanded: structure, cutoff: CHGNetWeights.cutoff,
            angularCutoff: CHGNetWeights.angularCutoff)
        var orbitNumbers = [Int](repeating: 1, count: reduced.orbits.count)
        for (atom, number) in zip(reduced.atoms, numbers) { orbitNumbers[atom.orbit] = number }
        let (orbitEnergies, orbitMoments, slopes) = pass(graph, orbitNumbers)
        // One link stands for its whole orbit: what the slopes say of symmetric changes is right, and its mean over the
        // group is the gradient.
        var forces = [SIMD3<Double>](repeating: .zero, count: structure.sites.count)
        var strain = Matrix3.zero
        for (link, slope) in zip(graph.links, slopes) {
            forces[Int(link.first)] -= slope
            forces[Int(link.second)] += slope
            strain.rows.0 += link.vector.x * slope
            strain.rows.1 += link.vector.y * slope
            strain.rows.2 += link.vector.z * slope
        }
        let sites = reduced.atoms.map {
            orbitEnergies[$0.orbit] + weights.atomReference[orbitNumbers[$0.orbit] - 1]
        }
        let mean = GroupMean(reduced)
        return EnergyEvaluation(
            energy: sites.reduce(0, +), siteEnergies: sites, forces: mean.forces(forces),
            stress: (0.5 * EnergyEvaluation.gigapascal / structure.lattice.volume)
                * mean.tensor(strain + strain.transpose),
            magneticMoments: reduced.atoms.map { orbitMoments[$0.orbit] })
    }

    /// Site energies without the elements' reference (eV), moments (µB), and ∂E/∂(vector of each link) in eV/Å.
    private func pass(_ graph: CrystalGraph, _ atomicNumbers: [Int]) -> ([Double], [Double], [SIMD3<Double>])
    {
        stores.withStore { store in
            let pass = CHGNetPass(weights, graph, atomicNumbers: atomicNumbers, threads: threads, store)
            let (siteEnergies, moments) = pass.forward()
            return (siteEnergies, moments, pass.reverse())
        }
    }

    private func atomicNumbers(_ structure: CrystalStructure) throws(EnergyError) -> [Int] {
        guard !structure.sites.isEmpty else { throw .noAtoms }
        var numbers: [Int] = []
        for (index, site) in structure.sites.enumerated() {
            guard site.occupants.count == 1, let occupant = site.occupants.first,
                abs(occupant.occupancy - 1) < 1e-6
            else { throw .disorder(atom: index) }
            let element = occupant.species.element
            guard element.atomicNumber <= weights.atomReference.count,
                weights.atomReference[element.atomicNumber - 1] != 0
            else { throw .unknownElement(symbol: element.symbol, model: name) }
            numbers.append(element.atomicNumber)
        }
        return numbers
    }
}
