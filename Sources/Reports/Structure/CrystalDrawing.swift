import CrystalFiles
import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Publishing

/// A crystal as balls and sticks: the atoms of one cell with those on its faces, what they are bonded to just outside,
/// cell edges, and the polyhedra of smaller atoms about larger ones.
struct CrystalDrawing {
    private let structure: ReducedStructure
    private let geometry: StructureGeometry
    private var atoms: [Atom] = []
    private var indices: [Place: Int] = [:]

    private struct Place: Hashable {
        let orbit: Int
        let image: Int
        let cell: SIMD3<Int>
    }

    private struct Atom {
        let place: Place
        let position: SIMD3<Double>
        let isInside: Bool
    }

    /// More atoms than this are no picture: a cell of so many is drawn without what lies outside.
    private static let mostAtoms = 700
    /// Of a fraction of an edge: what lies on a face is drawn on both.
    private static let onFace = 1e-3

    init(_ structure: ReducedStructure, _ geometry: StructureGeometry? = nil) {
        self.structure = structure
        self.geometry = geometry ?? StructureGeometry(structure)
    }

    /// - Parameter name: what a screen reader calls it.
    func drawing(name: String) -> SpatialDrawing {
        var drawer = self
        return drawer.make(name)
    }

    private mutating func make(_ name: String) -> SpatialDrawing {
        placeCell()
        let own = atoms.count
        if own < Self.mostAtoms / 2 { placeNeighbours(of: own) }
        var drawing = SpatialDrawing(name: name)
        let lattice = structure.lattice
        drawing.balls = atoms.map { atom in
            let orbit = structure.orbits[atom.place.orbit]
            let element = orbit.occupants.max { $0.occupancy < $1.occupancy }?.species.element
            return SpatialDrawing.Ball(
                at: lattice.cartesian(atom.position), radius: 0.16 + 0.24 * (element?.covalentRadius ?? 1.5),
                color: ElementColor.hex(element), label: orbit.label, group: atom.place.orbit,
                isPale: !atom.isInside)
        }
        drawing.sticks = sticks
        drawing.edges = Self.cellEdges.map { (lattice.cartesian($0.0), lattice.cartesian($0.1)) }
        drawing.marks = [("a", SIMD3(1.06, 0, 0)), ("b", SIMD3(0, 1.06, 0)), ("c", SIMD3(0, 0, 1.06))].map {
            (lattice.cartesian($0.1), $0.0)
        }
        drawing.faces = atoms.indices.filter { atoms[$0].isInside }.flatMap { faces(about: $0) }
        drawing.groups = structure.orbits.indices.map { group($0) }
        return drawing
    }

    // MARK: Which atoms

    private mutating func placeCell() {
        for (index, orbit) in structure.orbits.enumerated() {
            for (image, operation) in orbit.images.enumerated() {
                let raw = operation.apply(to: orbit.position)
                let floor = (raw + Self.onFace / 2).rounded(.down)
                let base = raw - floor
                let shift = SIMD3<Int>(-Int(floor.x), -Int(floor.y), -Int(floor.z))
                // On a face at nought the same atom stands at one too.
                let extra = (0..<3).map { abs(base[$0]) < Self.onFace ? [0, 1] : [0] }
                for i in extra[0] {
                    for j in extra[1] {
                        for k in extra[2] {
                            let cell = shift &+ SIMD3(i, j, k)
                            add(Place(orbit: index, image: image, cell: cell), isInside: true)
                        }
                    }
                }
            }
        }
    }

    /// What the atoms of the cell are bonded to beyond its faces; only of those that something is drawn around.
    private mutating func placeNeighbours(of count: Int) {
        for index in 0..<count where isCentre(atoms[index].place.orbit) {
            for place in neighbours(of: atoms[index].place) where indices[place] == nil {
                guard atoms.count < Self.mostAtoms else { return }
                add(place, isInside: false)
            }
        }
    }

    private mutating func add(_ place: Place, isInside: Bool) {
        guard indices[place] == nil else { return }
        indices[place] = atoms.count
        let orbit = structure.orbits[place.orbit]
        let position = orbit.images[place.image].apply(to: orbit.position) + SIMD3<Double>(place.cell)
        atoms.append(Atom(place: place, position: position, isInside: isInside))
    }

    /// Those of an orbit's first atom, moved by the operation that makes this one of it.
    private func neighbours(of place: Place) -> [Place] {
        let orbit = structure.orbits[place.orbit]
        let (first, own) = (orbit.images[0], orbit.images[place.image])
        guard let back = first.inverse else { return [] }
        return geometry.neighbours[place.orbit].compactMap { seen in
            let other = structure.orbits[seen.orbit]
            let at = other.images[seen.image].apply(to: other.position) + SIMD3<Double>(seen.cell)
            let moved = own.apply(to: back.apply(to: at)) + SIMD3<Double>(place.cell)
            for (image, operation) in other.images.enumerated() {
                let difference = moved - operation.apply(to: other.position)
                let cell = difference.rounded(.toNearestOrAwayFromZero)
                guard (difference - cell).length < 1e-4 else { continue }
                return Place(
                    orbit: seen.orbit, image: image, cell: SIMD3(Int(cell.x), Int(cell.y), Int(cell.z)))
            }
            return nil
        }
    }

    private var sticks: [SIMD2<Int>] {
        var found: Set<SIMD2<Int>> = []
        for index in atoms.indices {
            for place in neighbours(of: atoms[index].place) {
                guard let other = indices[place], other != index else { continue }
                guard atoms[index].isInside || atoms[other].isInside else { continue }
                found.insert(SIMD2(min(index, other), max(index, other)))
            }
        }
        return found.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    }

    // MARK: Polyhedra

    /// Four neighbours at least, all of them smaller.
    private func isCentre(_ orbit: Int) -> Bool {
        let around = geometry.neighbours[orbit]
        guard (4...14).contains(around.count) else { return false }
        let own = radius(of: orbit)
        return around.allSatisfy { radius(of: $0.orbit) < own }
    }

    private func radius(of orbit: Int) -> Double {
        structure.orbits[orbit].occupants.compactMap(\.species.element.covalentRadius).max() ?? 0
    }

    private func faces(about index: Int) -> [SpatialDrawing.Face] {
        let place = atoms[index].place
        guard isCentre(place.orbit) else { return [] }
        let corners = neighbours(of: place).compactMap { indices[$0] }
            .map { structure.lattice.cartesian(atoms[$0].position) }
        guard corners.count == geometry.neighbours[place.orbit].count else { return [] }
        let color = ElementColor.hex(structure.orbits[place.orbit].occupants.first?.species.element)
        return ConvexHull.faces(of: corners).map { face in
            SpatialDrawing.Face(corners: face.map { corners[$0] }, color: color)
        }
    }

    // MARK: Words

    private func group(_ index: Int) -> SpatialDrawing.Group {
        let orbit = structure.orbits[index]
        let element = orbit.occupants.max { $0.occupancy < $1.occupancy }?.species.element
        let symbols = orbit.occupants.map(\.species.element.symbol).joined(separator: "/")
        let bonds = geometry.bonds.filter { $0.first == orbit.label }.map { bond in
            let length =
                bond.uncertainty == nil
                ? String(format: "%.3f", bond.distance)
                : MeasuredValue(bond.distance, uncertainty: bond.uncertainty).text
            return "\(bond.second) \(length)\(bond.count > 1 ? " (\(bond.count)×)" : "")"
        }
        let count =
            orbit.multiplicity == 1 ? "alone in the cell" : "\(orbit.multiplicity) equal atoms in the cell"
        let position = [orbit.position.x, orbit.position.y, orbit.position.z].map {
            String(format: "%.4f", $0)
        }
        let detail =
            "\(orbit.label) (\(symbols)), \(orbit.multiplicity)\(orbit.letter), \(count), at \(position.joined(separator: " "))"
            + (bonds.isEmpty ? "" : "; bonds in Å: \(bonds.joined(separator: ", "))")
        return SpatialDrawing.Group(name: orbit.label, color: ElementColor.hex(element), detail: detail)
    }

    private static let cellEdges: [(SIMD3<Double>, SIMD3<Double>)] = {
        var edges: [(SIMD3<Double>, SIMD3<Double>)] = []
        for axis in 0..<3 {
            for i in [0.0, 1] {
                for j in [0.0, 1] {
                    var from = SIMD3<Double>.zero
                    from[(axis + 1) % 3] = i
                    from[(axis + 2) % 3] = j
                    var to = from
                    to[axis] = 1
                    edges.append((from, to))
                }
            }
        }
        return edges
    }()
}
