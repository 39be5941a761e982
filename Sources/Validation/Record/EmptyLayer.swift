import Crystallography
import NumericalMethods

/// The widest layer of a crystal, between two lattice planes, in which no atom lies.
enum EmptyLayer {
    /// Å. Layered crystals leave 3 to 7 between the atoms of neighbouring layers; slabs, chains and molecules are
    /// calculated with 12 and more around them.
    static let largest = 10.0

    /// Å, along the normals of the three faces of the reduced cell; 0 without atoms.
    static func widest(in structure: CrystalStructure) -> Double {
        let reduction = LatticeReduction(structure.lattice)
        guard let inverse = reduction.transformation.inverse else { return 0 }
        let toReduced = Matrix3(inverse).transpose
        let positions = structure.sites.map { (toReduced * $0.position).wrapped }
        let reciprocal = reduction.lattice.reciprocal.lengths
        let widths = (0..<3).map { axis -> Double in
            let heights = positions.map { $0[axis] }.sorted()
            guard let first = heights.first, let last = heights.last else { return 0 }
            let between = zip(heights, heights.dropFirst()).map { $1 - $0 }.max() ?? 0
            return max(between, first + 1 - last) / reciprocal[axis]
        }
        return widths.max() ?? 0
    }
}
