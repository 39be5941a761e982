import Crystallography
import NumericalMethods
import Parameterization
import Symmetry

extension CrystalGraph {
    /// The graph of a structure's orbits: one row for each orbit of atoms, of bonds, of directed edges about an orbit's
    /// representative, and of angles about such an edge, each with the number of equals that it stands for.
    ///
    /// Every feature of the network is an invariant, so equivalent atoms, bonds and angles carry equal features; sums over
    /// neighbours become weighted sums over orbits, and the result is that of the full graph. An edge's equals are its
    /// images under the representative's site symmetry; a bond's two ends are two such edge orbits, or one met twice; an
    /// angle's equals are the images of its second edge under the operations that leave its first edge in place.
    package init(
        orbitsOf structure: ReducedStructure, expanded: CrystalStructure, cutoff: Double,
        angularCutoff: Double
    ) throws(EnergyError) {
        let lattice = expanded.lattice
        let positions = expanded.sites.map(\.position)
        try Self.check(lattice, positions)
        let environments = try OrbitEnvironments(
            structure, positions: positions, lattice: lattice, cutoff: cutoff)
        try environments.check(angularCutoff)
        let classes = environments.edgeClasses()
        let (bonds, shortCount) = environments.bonds(classes, angularCutoff: angularCutoff)

        var links = LinkTable(environments: environments)
        var bondLink: [Int32] = []
        for bond in bonds { bondLink.append(links.index(of: classes[bond.ends[0]].edge)) }
        var bondOfClass = [Int32](repeating: 0, count: classes.count)
        for (k, bond) in bonds.enumerated() { for end in bond.ends { bondOfClass[end] = Int32(k) } }

        var edges = Edges()
        for (index, edgeClass) in classes.enumerated() {
            edges.centre.append(Int32(edgeClass.edge.centre))
            edges.neighbour.append(
                Int32(structure.atoms[Int(environments.edge(edgeClass.edge).bond.second)].orbit))
            edges.bond.append(bondOfClass[index])
            edges.weight.append(Double(edgeClass.count))
        }
        var angles = Angles()
        for (index, edgeClass) in classes.enumerated() where bondOfClass[index] < shortCount {
            let bond = bondOfClass[index]
            // A bond whose ends are one orbit of edges is met from both.
            let ends = bonds[Int(bond)].isMetTwice ? 2.0 : 1.0
            let first = links.index(of: edgeClass.edge)
            for (edge, count) in environments.partners(
                of: edgeClass.edge, where: { bondOfClass[$0] < shortCount })
            {
                angles.centre.append(Int32(edgeClass.edge.centre))
                angles.bond1.append(bond)
                angles.bond2.append(bondOfClass[environments.edge(edge).edgeClass])
                angles.link1.append(first)
                angles.link2.append(links.index(of: edge))
                angles.weight.append(ends * Double(count))
            }
        }
        try Self.check(bonds: bonds.count, edges: edges.centre.count, angles: angles.centre.count)
        self.init(
            multiplicities: structure.atomsPerOrbit.map { Double($0) }, links: links.links,
            bondLink: bondLink, shortCount: shortCount, edges: edges, angles: angles)
    }
}

/// An edge by its centre and its place in the centre's list.
private struct EdgeIndex: Hashable {
    var centre: Int
    var place: Int
}

/// Links made when first asked for.
private struct LinkTable {
    let environments: OrbitEnvironments
    var links: [CrystalGraph.Bond] = []
    private var known: [[Int32]]

    init(environments: OrbitEnvironments) {
        self.environments = environments
        known = environments.edges.map { [Int32](repeating: -1, count: $0.count) }
    }

    mutating func index(of edge: EdgeIndex) -> Int32 {
        if known[edge.centre][edge.place] < 0 {
            known[edge.centre][edge.place] = Int32(links.count)
            links.append(environments.edge(edge).bond)
        }
        return known[edge.centre][edge.place]
    }
}

/// The neighbours of each orbit's representative, and what the site symmetry makes of them.
private final class OrbitEnvironments {
    struct Edge {
        var bond: CrystalGraph.Bond
        var edgeClass = -1
    }

    /// An orbit of directed edges about a representative.
    struct EdgeClass {
        var edge: EdgeIndex
        var count: Int
    }

    struct BondOrbit {
        /// One or two classes of edges.
        var ends: [Int]
        var isMetTwice: Bool
        var length: Double
    }

    let structure: ReducedStructure
    /// By length, for each centre.
    private(set) var edges: [[Edge]]
    /// The site symmetries' rotations on Cartesian axes, the identity left out.
    private let rotations: [[Matrix3]]
    /// Takes vectors at an atom back to its representative.
    private let pullBacks: [Matrix3]

    /// Å, within which two vectors are one; atoms stand much farther apart.
    private static let tolerance = 1e-4

    init(
        _ structure: ReducedStructure, positions: [SIMD3<Double>], lattice: Lattice, cutoff: Double
    ) throws(EnergyError) {
        self.structure = structure
        let setting = structure.orientedSetting.vectors
        let (forward, backward) = (setting.transpose, setting.inverse.transpose)
        func cartesian(_ rotation: IntegerMatrix3) -> Matrix3 { forward * Matrix3(rotation) * backward }
        // Any atom of the orbit may stand for it; its site symmetry is turned with it.
        let turns = structure.atoms.map { cartesian($0.operation.rotation) }
        let representatives = structure.orbits.indices.map { orbit in
            structure.atoms.firstIndex { $0.orbit == orbit } ?? 0
        }
        rotations = zip(structure.orbits, representatives).map { orbit, atom in
            orbit.siteSymmetry.rotations.filter { $0 != .identity }.map {
                turns[atom] * cartesian($0) * turns[atom].transpose
            }
        }
        pullBacks = zip(structure.atoms, turns).map { atom, turn in
            turns[representatives[atom.orbit]] * turn.transpose
        }
        var edges = [[Edge]](repeating: [], count: structure.orbits.count)
        var overlap: CrystalGraph.Bond?
        let search = NeighbourSearch(lattice: lattice, positions: positions, cutoff: cutoff)
        let atoms = structure.atoms
        search.forEachNeighbour(of: representatives) { bond in
            if bond.length < CrystalGraph.shortestDistance { overlap = bond }
            edges[atoms[Int(bond.first)].orbit].append(Edge(bond: bond))
        }
        if let overlap {
            throw .overlap(atoms: Int(overlap.first), Int(overlap.second), distance: overlap.length)
        }
        for orbit in edges.indices {
            guard !edges[orbit].isEmpty else {
                throw .isolatedAtom(atom: representatives[orbit], cutoff: cutoff)
            }
            edges[orbit].sort { $0.bond.length < $1.bond.length }
        }
        self.edges = edges
    }

    /// Refuses what is denser than matter.
    func check(_ angularCutoff: Double) throws(EnergyError) {
        for (orbit, list) in edges.enumerated() {
            let count = list.prefix { $0.bond.length < angularCutoff }.count
            guard count <= CrystalGraph.largestCoordination else {
                let atom = structure.atoms.firstIndex { $0.orbit == orbit } ?? 0
                throw .tooDense(atom: atom, neighbours: count, distance: angularCutoff)
            }
        }
    }

    func edge(_ index: EdgeIndex) -> Edge { edges[index.centre][index.place] }

    /// The edge of a centre with a given vector; nil where rounding put it beyond the cut-off.
    private func place(of vector: SIMD3<Double>, at centre: Int) -> Int? {
        let length = vector.length
        let list = edges[centre]
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if list[middle].bond.length < length - Self.tolerance { low = middle + 1 } else { high = middle }
        }
        while low < list.count, list[low].bond.length <= length + Self.tolerance {
            let difference = list[low].bond.vector - vector
            if difference.dot(difference) < Self.tolerance * Self.tolerance { return low }
            low += 1
        }
        return nil
    }

    /// Numbers the orbits of edges about every representative.
    func edgeClasses() -> [EdgeClass] {
        var classes: [EdgeClass] = []
        for centre in edges.indices {
            for place in edges[centre].indices where edges[centre][place].edgeClass < 0 {
                edges[centre][place].edgeClass = classes.count
                var count = 1
                let vector = edges[centre][place].bond.vector
                for rotation in rotations[centre] {
                    guard let image = self.place(of: rotation * vector, at: centre),
                        edges[centre][image].edgeClass < 0
                    else { continue }
                    edges[centre][image].edgeClass = classes.count
                    count += 1
                }
                classes.append(EdgeClass(edge: EdgeIndex(centre: centre, place: place), count: count))
            }
        }
        return classes
    }

    /// The orbits of bonds, short ones first, and how many those are.
    func bonds(_ classes: [EdgeClass], angularCutoff: Double) -> (bonds: [BondOrbit], shortCount: Int) {
        var isTaken = [Bool](repeating: false, count: classes.count)
        var (short, long) = ([BondOrbit](), [BondOrbit]())
        for (index, edgeClass) in classes.enumerated() where !isTaken[index] {
            let bond = edge(edgeClass.edge).bond
            let atom = Int(bond.second)
            let other = structure.atoms[atom].orbit
            var result = BondOrbit(ends: [index], isMetTwice: false, length: bond.length)
            isTaken[index] = true
            if let place = place(of: pullBacks[atom] * -bond.vector, at: other) {
                let reverse = edges[other][place].edgeClass
                if reverse == index {
                    result.isMetTwice = true
                } else if !isTaken[reverse] {
                    isTaken[reverse] = true
                    result.ends.append(reverse)
                }
            }
            if result.length < angularCutoff { short.append(result) } else { long.append(result) }
        }
        return (short + long, short.count)
    }

    /// The edges that make an angle with an edge, one of each kind, and how many of the kind there are.
    func partners(of index: EdgeIndex, where isWanted: (Int) -> Bool) -> [(edge: EdgeIndex, count: Int)] {
        let centre = index.centre
        let vector = edges[centre][index.place].bond.vector
        let fixing = rotations[centre].filter {
            let difference = $0 * vector - vector
            return difference.dot(difference) < Self.tolerance * Self.tolerance
        }
        var isSeen = [Bool](repeating: false, count: edges[centre].count)
        var result: [(edge: EdgeIndex, count: Int)] = []
        for place in edges[centre].indices
        where place != index.place && !isSeen[place] && isWanted(edges[centre][place].edgeClass) {
            isSeen[place] = true
            var count = 1
            for rotation in fixing {
                guard let image = self.place(of: rotation * edges[centre][place].bond.vector, at: centre),
                    !isSeen[image], isWanted(edges[centre][image].edgeClass)
                else { continue }
                isSeen[image] = true
                count += 1
            }
            result.append((EdgeIndex(centre: centre, place: place), count))
        }
        return result
    }
}
