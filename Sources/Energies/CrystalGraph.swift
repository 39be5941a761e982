import Crystallography
import Foundation
import NumericalMethods

/// Who is whose neighbour in a crystal: bonds within a cut-off, both their directed edges, and the angles
/// between short edges at each atom.
///
/// Bonds stand once for the pair (i, j, R) and (j, i, −R), the short ones first; edges are grouped by centre.
package struct CrystalGraph: Sendable {
    /// Atoms, or orbits of atoms, that have features.
    let atomCount: Int
    /// Atoms of the cell in each; empty for one.
    package var multiplicities: [Double] = []
    /// Vectors between atoms of the cell that lengths and angles are taken from.
    package let links: [Bond]
    /// The link of each bond, short bonds first.
    package let bondLink: [Int32]
    /// Bonds below the angular cut-off are the first ones.
    package let shortCount: Int

    // Directed edges.
    package let edgeCentre: [Int32]
    let edgeNeighbour: [Int32]
    let edgeBond: [Int32]
    /// How many equivalent edges an edge stands for; empty for one.
    package var edgeWeights: [Double] = []

    // Ordered pairs of short edges out of one centre.
    package let angleCentre: [Int32]
    let angleBond1: [Int32]
    let angleBond2: [Int32]
    package let angleLink1: [Int32]
    package let angleLink2: [Int32]
    /// Whether the edge runs as its link's vector (+1) or against it (−1).
    package let angleSign1: [Double]
    package let angleSign2: [Double]
    /// How many equivalent angles at both ends of the first bond an angle stands for; empty for one.
    var angleWeights: [Double] = []

    /// From rows made elsewhere.
    init(
        multiplicities: [Double], links: [Bond], bondLink: [Int32], shortCount: Int, edges: Edges,
        angles: Angles
    ) {
        atomCount = multiplicities.count
        self.multiplicities = multiplicities
        self.links = links
        self.bondLink = bondLink
        self.shortCount = shortCount
        edgeCentre = edges.centre
        edgeNeighbour = edges.neighbour
        edgeBond = edges.bond
        edgeWeights = edges.weight
        angleCentre = angles.centre
        angleBond1 = angles.bond1
        angleBond2 = angles.bond2
        angleLink1 = angles.link1
        angleLink2 = angles.link2
        angleSign1 = [Double](repeating: 1, count: angles.centre.count)
        angleSign2 = angleSign1
        angleWeights = angles.weight
    }

    /// Rows of directed edges.
    struct Edges: Sendable {
        var centre: [Int32] = []
        var neighbour: [Int32] = []
        var bond: [Int32] = []
        var weight: [Double] = []
    }

    /// Rows of angles.
    struct Angles: Sendable {
        var centre: [Int32] = []
        var bond1: [Int32] = []
        var bond2: [Int32] = []
        var link1: [Int32] = []
        var link2: [Int32] = []
        var weight: [Double] = []
    }

    static let shortestDistance = 0.1
    /// Atoms within the angular cut-off of 3 Å: hydrogen at 500 GPa has 100.
    static let largestCoordination = 250

    package init(
        lattice: Lattice, positions: [SIMD3<Double>], cutoff: Double, angularCutoff: Double
    ) throws(EnergyError) {
        try Self.check(lattice, positions)
        atomCount = positions.count
        var long: [Bond] = []
        var short: [Bond] = []
        let search = NeighbourSearch(lattice: lattice, positions: positions, cutoff: cutoff)
        var overlap: Bond?
        search.forEachPair { bond in
            if bond.length < Self.shortestDistance { overlap = bond }
            if bond.length < angularCutoff { short.append(bond) } else { long.append(bond) }
        }
        if let overlap {
            throw .overlap(atoms: Int(overlap.first), Int(overlap.second), distance: overlap.length)
        }
        shortCount = short.count
        let bonds = short + long
        links = bonds
        bondLink = bonds.indices.map { Int32($0) }

        // Counting sort of the directed edges by centre.
        var begin = [Int](repeating: 0, count: positions.count + 1)
        for bond in bonds {
            begin[Int(bond.first) + 1] += 1
            begin[Int(bond.second) + 1] += 1
        }
        for i in 0..<positions.count {
            guard begin[i + 1] > 0 else { throw .isolatedAtom(atom: i, cutoff: cutoff) }
            begin[i + 1] += begin[i]
        }
        var centre = [Int32](repeating: 0, count: 2 * bonds.count)
        var neighbour = centre
        var edgeBond = centre
        var sign = [Double](repeating: 1, count: 2 * bonds.count)
        var next = begin
        for (k, bond) in bonds.enumerated() {
            for (from, to, direction) in [(bond.first, bond.second, 1.0), (bond.second, bond.first, -1.0)] {
                let e = next[Int(from)]
                next[Int(from)] += 1
                (centre[e], neighbour[e], edgeBond[e], sign[e]) = (from, to, Int32(k), direction)
            }
        }
        edgeCentre = centre
        edgeNeighbour = neighbour
        self.edgeBond = edgeBond

        let shortNeighbours = (0..<positions.count).map { i in
            (begin[i]..<begin[i + 1]).prefix { edgeBond[$0] < short.count }
        }
        for (atom, edges) in shortNeighbours.enumerated() where edges.count > Self.largestCoordination {
            throw .tooDense(atom: atom, neighbours: edges.count, distance: angularCutoff)
        }
        let angleCount = shortNeighbours.reduce(0) { $0 + $1.count * max(0, $1.count - 1) }
        try Self.check(bonds: bonds.count, edges: 2 * bonds.count, angles: angleCount)

        var (angleCentre, angleBond1, angleBond2) = ([Int32](), [Int32](), [Int32]())
        var (angleSign1, angleSign2) = ([Double](), [Double]())
        angleCentre.reserveCapacity(angleCount)
        angleBond1.reserveCapacity(angleCount)
        angleBond2.reserveCapacity(angleCount)
        angleSign1.reserveCapacity(angleCount)
        angleSign2.reserveCapacity(angleCount)
        // Short bonds come first in every centre's list.
        for (i, edges) in shortNeighbours.enumerated() {
            for e1 in edges {
                for e2 in edges where e1 != e2 {
                    angleCentre.append(Int32(i))
                    angleBond1.append(edgeBond[e1])
                    angleBond2.append(edgeBond[e2])
                    angleSign1.append(sign[e1])
                    angleSign2.append(sign[e2])
                }
            }
        }
        self.angleCentre = angleCentre
        self.angleBond1 = angleBond1
        self.angleBond2 = angleBond2
        angleLink1 = angleBond1
        angleLink2 = angleBond2
        self.angleSign1 = angleSign1
        self.angleSign2 = angleSign2
    }

    package var bondCount: Int { bondLink.count }
    package var edgeCount: Int { edgeCentre.count }
    package var angleCount: Int { angleCentre.count }

    /// Refuses what has no neighbours to speak of, or too many: an ångström cell in nanometres has millions.
    static func check(_ lattice: Lattice, _ positions: [SIMD3<Double>]) throws(EnergyError) {
        let volume = lattice.volume
        guard volume.isFinite, volume > 1e-6,
            positions.allSatisfy({ $0.x.isFinite && $0.y.isFinite && $0.z.isFinite })
        else { throw .badGeometry }
        let mean = Double(positions.count) * 113 / volume
        guard mean < 2 * Double(largestCoordination) else {
            throw .tooDense(atom: 0, neighbours: Int(mean), distance: 3)
        }
    }

    /// Refuses a graph whose features would not fit into half of the machine's memory.
    static func check(bonds: Int, edges: Int, angles: Int) throws(EnergyError) {
        let bytes = 11_000 * Double(bonds) + 4_200 * Double(edges) + 10_500 * Double(angles)
        guard bytes < 0.5 * Double(ProcessInfo.processInfo.physicalMemory) else {
            throw .tooLarge(gigabytes: bytes / 1e9)
        }
    }
}
