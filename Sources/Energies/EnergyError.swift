import ExplainedErrors

/// Why a structure has no energy.
public enum EnergyError: ExplainedError, Hashable {
    case noAtoms
    /// Several elements on a site, or a site that is partly empty; the atom counted from 0.
    case disorder(atom: Int)
    case unknownElement(symbol: String, model: String)
    case isolatedAtom(atom: Int, cutoff: Double)
    case overlap(atoms: Int, Int, distance: Double)
    case badGeometry
    /// More atoms about an atom than matter has.
    case tooDense(atom: Int, neighbours: Int, distance: Double)
    /// An evaluation would take more memory than is left to it.
    case tooLarge(gigabytes: Double)

    /// What went wrong, where, and what to do: the parts of the one line.
    public var explanation: Explanation {
        switch self {
        case .noAtoms:
            Explanation("the structure has no atoms")
        case .disorder(let atom):
            Explanation(
                "atom \(atom + 1) is not one element with occupancy 1", remedy: "give an ordered structure")
        case .unknownElement(let symbol, let model):
            Explanation("\(model) was not trained on \(symbol)", remedy: "use another potential")
        case .isolatedAtom(let atom, let cutoff):
            Explanation(
                "atom \(atom + 1) has no neighbour within \(cutoff) Å",
                remedy: "the potential knows no free atoms: check the cell")
        case .overlap(let first, let second, let distance):
            Explanation(
                "atoms \(first + 1) and \(second + 1) stand \(distance) Å apart",
                remedy: "move or remove one of them")
        case .badGeometry:
            Explanation(
                "the cell has no volume or a coordinate is not finite", remedy: "correct the structure")
        case .tooDense(let atom, let neighbours, let distance):
            Explanation(
                "atom \(atom + 1) has \(neighbours) neighbours within \(distance) Å",
                remedy: "check the cell's lengths (Å) and look for atoms on top of each other")
        case .tooLarge(let gigabytes):
            Explanation(
                "an evaluation would take \(gigabytes.rounded()) GB, more than half of this "
                    + "machine's memory", remedy: "give a smaller cell")
        }
    }
}

extension EnergyError {
    /// Whether it lies in where the atoms stand, so that a shorter step may avoid it.
    package var isOfGeometry: Bool {
        switch self {
        case .overlap, .isolatedAtom, .badGeometry, .tooDense, .tooLarge: true
        case .noAtoms, .disorder, .unknownElement: false
        }
    }
}
