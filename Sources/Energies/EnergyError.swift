/// Why a structure has no energy.
public enum EnergyError: Error, Sendable, Hashable, CustomStringConvertible {
    case noAtoms
    /// Several elements on a site, or a site that is partly empty; the atom counted from 0.
    case disorder(atom: Int)
    case unknownElement(symbol: String, model: String)
    case isolatedAtom(atom: Int, cutoff: Double)
    case overlap(atoms: Int, Int, distance: Double)
    case badGeometry
    /// The graph would not fit into memory.
    case tooManyNeighbours(Int)

    public var description: String {
        switch self {
        case .noAtoms: "the structure has no atoms"
        case .disorder(let atom):
            "atom \(atom + 1) is not one element with occupancy 1; give an ordered structure"
        case .unknownElement(let symbol, let model):
            "\(model) was not trained on \(symbol); use another potential"
        case .isolatedAtom(let atom, let cutoff):
            "atom \(atom + 1) has no neighbour within \(cutoff) Å; the potential knows no free atoms: check the cell"
        case .overlap(let first, let second, let distance):
            "atoms \(first + 1) and \(second + 1) stand \(distance) Å apart; move or remove one of them"
        case .badGeometry:
            "the cell has no volume or a coordinate is not finite; correct the structure"
        case .tooManyNeighbours(let count):
            "\(count) neighbours within the cut-off, more than memory should hold; check the cell's lengths (Å)"
        }
    }
}
