import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// The neighbours by which a crystal graph is made, frozen: which atoms, in which image, with which weight.
/// Distances follow the structure.
///
/// One row of neighbours for each orbit, those of its representative; neighbours that the representative's site
/// symmetry exchanges are one entry with their summed weight.
public struct NeighbourList: Sendable, Hashable {
    /// A neighbour of an atom.
    public struct Entry: Sendable, Hashable {
        /// Orbit whose representative is the centre.
        public var target: Int32
        /// Atom of the cell that is the neighbour; −1 pads a list where fewer than 12 stand within 8 Å.
        public var atom: Int32
        /// Image of the neighbour: it stands at `position[atom] + cell`.
        public var cell: SIMD3<Int32>
        /// 1, and less where a shell of equal distances is shared.
        public var weight: Double

        /// A neighbour by the index of its orbit, of its atom and of its cell.
        public init(target: Int, atom: Int, cell: SIMD3<Int>, weight: Double = 1) {
            self.target = Int32(target)
            self.atom = Int32(atom)
            self.cell = SIMD3<Int32>(truncatingIfNeeded: cell)
            self.weight = weight
        }
    }

    /// By rising target.
    public var entries: [Entry]
    /// How many rows the limit cuts inside a shell of equal distances.
    public var cutShells = 0

    /// Neighbours of each atom that the models were trained on.
    package static let count = 12
    /// Å.
    package static let radius = 8.0
    /// Å: neighbours are equally distant within this.
    package static let tieTolerance = 1e-4
    /// The distance (Å) that stands for a neighbour which is not there.
    package static let paddingDistance = 9.0

    /// From entries as they are.
    public init(entries: [Entry]) {
        self.entries = entries
    }

    /// Of all atoms of a cell, each an orbit of its own.
    public init(_ structure: CrystalStructure, ties: TieMode) {
        let positions = structure.sites.map(\.position)
        self.init(
            lattice: structure.lattice, positions: positions, representatives: Array(positions.indices),
            stabilizers: nil, ties: ties)
    }

    /// Of the representatives of a reduced structure.
    public init(_ structure: ReducedStructure, ties: TieMode) {
        self.init(CrystalGeometry(structure), ties: ties)
    }

    /// Of the representatives of a crystal's orbits.
    public init(_ geometry: CrystalGeometry, ties: TieMode) {
        self.init(
            lattice: geometry.lattice, positions: geometry.positions,
            representatives: geometry.representatives,
            stabilizers: ties == .symmetric ? geometry.stabilizers : nil, ties: ties)
    }

    private init(
        lattice: Lattice, positions: [SIMD3<Double>], representatives: [Int],
        stabilizers: [[SymmetryOperation]]?, ties: TieMode
    ) {
        entries = []
        let search = ShellSearch(lattice: lattice, positions: positions)
        for (target, atom) in representatives.enumerated() {
            let found = search.neighbours(of: atom, count: Self.count + 1, radius: Self.radius)
            var row: [Entry] = []
            if found.count <= Self.count {
                row = found.map { Entry(target: target, atom: $0.atom, cell: $0.cell) }
                let missing = Self.count - found.count
                if missing > 0 {
                    row.append(Entry(target: target, atom: -1, cell: .zero, weight: Double(missing)))
                }
            } else {
                let last = found[Self.count - 1].distance
                let inside = found.prefix { $0.distance < last - Self.tieTolerance }
                let shell = found.dropFirst(inside.count).prefix { $0.distance <= last + Self.tieTolerance }
                let places = Self.count - inside.count
                if shell.count > places { cutShells += 1 }
                row = inside.map { Entry(target: target, atom: $0.atom, cell: $0.cell) }
                switch ties {
                case .reference:
                    row += shell.sorted { $0.order.lexicographicallyPrecedes($1.order) }.prefix(places).map {
                        Entry(target: target, atom: $0.atom, cell: $0.cell)
                    }
                case .symmetric:
                    row += shell.map {
                        Entry(
                            target: target, atom: $0.atom, cell: $0.cell,
                            weight: Double(places) / Double(shell.count))
                    }
                }
            }
            if let stabilizers, stabilizers[target].count > 1 {
                row = Self.merged(row, positions: positions, stabilizer: stabilizers[target])
            }
            entries += row
        }
    }

    /// One entry for the neighbours that the stabilizer exchanges.
    private static func merged(
        _ row: [Entry], positions: [SIMD3<Double>], stabilizer: [SymmetryOperation]
    ) -> [Entry] {
        func place(_ entry: Entry) -> SIMD3<Double> {
            positions[Int(entry.atom)] + SIMD3<Double>(entry.cell)
        }
        var taken = [Bool](repeating: false, count: row.count)
        var result: [Entry] = []
        for k in row.indices where !taken[k] {
            var entry = row[k]
            taken[k] = true
            if entry.atom >= 0 {
                let images = stabilizer.map { $0.apply(to: place(entry)) }
                for other in row.indices where !taken[other] && row[other].atom >= 0 {
                    let position = place(row[other])
                    guard images.contains(where: { ($0 - position).length < 1e-6 }) else { continue }
                    taken[other] = true
                    entry.weight += row[other].weight
                }
            }
            result.append(entry)
        }
        return result
    }
}

/// The nearest neighbours of an atom, by growing spheres.
private struct ShellSearch {
    struct Found {
        var atom: Int
        var cell: SIMD3<Int>
        var distance: Double
        var order: [Int] { [atom, cell.x, cell.y, cell.z] }
    }

    let vectors: Matrix3
    let reciprocal: SIMD3<Double>
    let positions: [SIMD3<Double>]
    let firstRadius: Double

    init(lattice: Lattice, positions: [SIMD3<Double>]) {
        vectors = lattice.vectors
        reciprocal = lattice.reciprocal.lengths
        self.positions = positions
        // A sphere with three times the wanted number at the mean density.
        firstRadius = cbrt(lattice.volume / Double(max(1, positions.count)) * 8.5)
    }

    /// Nearest first; complete up to a distance that holds `count` of them, or to `radius`.
    func neighbours(of atom: Int, count: Int, radius: Double) -> [Found] {
        var reach = min(radius, firstRadius)
        while true {
            let found = within(reach, of: atom)
            // The shell of the last wanted one is complete if the sphere reaches beyond it.
            if reach >= radius { return found }
            if found.count >= count, found[count - 1].distance < reach - 2 * NeighbourList.tieTolerance {
                return found
            }
            reach = min(radius, reach * 1.35)
        }
    }

    private func within(_ reach: Double, of atom: Int) -> [Found] {
        var result: [Found] = []
        let span = reciprocal * reach
        let limit = reach * reach
        for (index, position) in positions.enumerated() {
            let difference = position - positions[atom]
            let low = (-(span + difference)).rounded(.up)
            let high = (span - difference).rounded(.down)
            guard low.x <= high.x, low.y <= high.y, low.z <= high.z else { continue }
            for i in Int(low.x)...Int(high.x) {
                for j in Int(low.y)...Int(high.y) {
                    for k in Int(low.z)...Int(high.z) {
                        if index == atom, i == 0, j == 0, k == 0 { continue }
                        let cell = SIMD3(i, j, k)
                        let vector = (difference + SIMD3<Double>(cell)) * vectors
                        let square = vector.dot(vector)
                        guard square <= limit else { continue }
                        result.append(Found(atom: index, cell: cell, distance: square.squareRoot()))
                    }
                }
            }
        }
        return result.sorted { $0.distance < $1.distance }
    }
}
