import Crystallography
import LearnedModels
import NumericalMethods

/// What an interatomic potential says about a structure.
public struct EnergyEvaluation: Sendable {
    /// eV per cell.
    public var energy: Double
    /// eV, one an atom, the elements' references included.
    public var siteEnergies: [Double]
    /// −∂E/∂r in eV/Å, Cartesian, one an atom.
    public var forces: [SIMD3<Double>]
    /// (1/V) ∂E/∂ε in GPa, symmetric; positive where the cell would shrink. Pressure is −trace/3.
    public var stress: Matrix3
    /// µB, never negative, one an atom.
    public var magneticMoments: [Double]

    /// eV.
    public var energyPerAtom: Double { energy / Double(max(1, siteEnergies.count)) }
}

/// CHGNet, a universal interatomic potential with magnetic moments (Deng et al., Nature Machine Intelligence 5
/// (2023) 1031), in double precision.
public struct CHGNet: Sendable {
    /// What errors call it.
    public let name: String
    private let weights: CHGNetWeights

    /// Neighbours farther than this (Å) are not seen.
    public static let cutoff = CHGNetWeights.cutoff

    /// - Throws: where a tensor is missing or has another shape.
    public init(_ checkpoint: Checkpoint, name: String = "CHGNet") throws(CheckpointError) {
        self.name = name
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
        let pass = CHGNetPass(weights, graph, atomicNumbers: numbers)
        let (siteEnergies, moments) = pass.forward()
        let slopes = pass.reverse()

        var forces = [SIMD3<Double>](repeating: .zero, count: graph.atomCount)
        var strain = Matrix3.zero
        for (bond, slope) in zip(graph.bonds, slopes) {
            forces[Int(bond.first)] -= slope
            forces[Int(bond.second)] += slope
            strain.rows.0 += bond.vector.x * slope
            strain.rows.1 += bond.vector.y * slope
            strain.rows.2 += bond.vector.z * slope
        }
        let sites = zip(siteEnergies, numbers).map { $0 + weights.atomReference[$1 - 1] }
        return EnergyEvaluation(
            energy: sites.reduce(0, +), siteEnergies: sites, forces: forces,
            stress: (0.5 * Self.gigapascal / structure.lattice.volume) * (strain + strain.transpose),
            magneticMoments: moments)
    }

    /// GPa in 1 eV/Å³.
    static let gigapascal = 160.21766208

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
