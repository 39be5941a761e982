import Crystallography
import ExplainedErrors
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// Why the atoms of a start cannot take the places of a skeleton.
package struct SkeletonError: ExplainedError {
    /// What went wrong, where, and what to do: the parts of the one line.
    package let explanation: Explanation
}

/// Puts the atoms of a distorted start on the occupied Wyckoff positions of a skeleton: space group, setting and
/// orbits with their elements, of which neither coordinates nor cell are used.
///
/// Which atom is which image of which orbit and where each orbit's representative lies are found in turns — linear
/// assignment of the atoms of one element, then the mean of the atoms carried back to the representative and put on
/// its site — from many drawn beginnings; the least total squared displacement wins.
package struct SkeletonAssignment: Sendable {
    package var settings: RecoverySettings.Skeleton
    package var seed: UInt64 = 1

    package init(settings: RecoverySettings.Skeleton = RecoverySettings.Skeleton()) {
        self.settings = settings
    }

    package struct Result: Sendable {
        /// The skeleton with the start's cell (averaged over the group) and coordinates.
        package var structure: ReducedStructure
        /// What putting the atoms on their sites displaced: root mean square and largest, Å.
        package var rmsDisplacement: Double
        package var maxDisplacement: Double
    }

    package func assign(_ start: CrystalStructure, on skeleton: ReducedStructure)
        throws(SkeletonError)
        -> Result
    {
        let kinds = try Self.kinds(start, skeleton)
        var result = skeleton
        result.title = start.title
        result.latticeParameters = LatticeParameters(of: start.lattice, in: skeleton.spaceGroup)
        let metric = result.lattice
        var squares = 0.0
        var largest = 0.0
        for (index, kind) in kinds.enumerated() {
            var random = RandomStream(seed: seed, index: 100 + UInt64(index))
            let found = place(kind, start: start, skeleton: skeleton, lattice: metric, random: &random)
            for (orbit, u) in zip(kind.orbits, found.coordinates) {
                result.orbits[orbit].coordinates = u
                result.orbits[orbit].moveToSmallestRepresentative(in: skeleton.spaceGroup)
            }
            squares += found.cost
            largest = max(largest, found.largest)
        }
        return Result(
            structure: result, rmsDisplacement: (squares / Double(start.sites.count)).squareRoot(),
            maxDisplacement: largest)
    }

    /// The atoms and orbits of one kind of occupation.
    private struct Kind {
        var atoms: [Int]
        var orbits: [Int]
    }

    private static func kinds(
        _ start: CrystalStructure, _ skeleton: ReducedStructure
    ) throws(SkeletonError) -> [Kind] {
        // Oxidation states and labels differ between files; elements and their shares say what is there.
        func key(_ occupants: [Occupant]) -> String {
            occupants.map {
                "\($0.species.element.symbol)\($0.occupancy < 0.999 ? String(format: "%.3f", $0.occupancy) : "")"
            }
            .sorted().joined(separator: "+")
        }
        let atoms = Dictionary(grouping: start.sites.indices) { key(start.sites[$0].occupants) }
        let orbits = Dictionary(grouping: skeleton.orbits.indices) { key(skeleton.orbits[$0].occupants) }
        for name in Set(atoms.keys).union(orbits.keys).sorted() {
            let (have, need) = (
                atoms[name]?.count ?? 0,
                (orbits[name] ?? []).reduce(0) { $0 + skeleton.orbits[$1].multiplicity }
            )
            if have != need {
                throw SkeletonError(
                    explanation: Explanation(
                        "the start has \(have) \(name) in its cell, the occupied positions of "
                            + "\(skeleton.spaceGroup.symbol) take \(need)",
                        remedy: "give a start of the same composition and cell"))
            }
        }
        return orbits.keys.sorted().map { Kind(atoms: atoms[$0] ?? [], orbits: orbits[$0] ?? []) }
    }

    private struct Placement {
        var coordinates: [[Double]]
        var cost: Double
        var largest: Double
    }

    private func place(
        _ kind: Kind, start: CrystalStructure, skeleton: ReducedStructure, lattice: Lattice,
        random: inout RandomStream
    ) -> Placement {
        var best: Placement?
        let freedom = kind.orbits.reduce(0) { $0 + skeleton.orbits[$1].coordinates.count }
        var confirmed = 0
        for _ in 0..<(freedom == 0 ? 1 : settings.beginnings)
        where confirmed < settings.confirmations {
            let begin = kind.orbits.map { draw(skeleton.orbits[$0], kind.atoms, start, lattice, &random) }
            let placement = settle(kind, begin, start: start, skeleton: skeleton, lattice: lattice)
            if let known = best, placement.cost > known.cost * (1 - 1e-9) {
                if placement.cost < known.cost * (1 + 1e-6) + 1e-12 { confirmed += 1 }
            } else {
                best = placement
                confirmed = 0
            }
        }
        return best
            ?? Placement(
                coordinates: kind.orbits.map { skeleton.orbits[$0].coordinates }, cost: 0, largest: 0)
    }

    /// Coordinates for which some image of the orbit lies near an atom, atoms near the site preferred.
    private func draw(
        _ orbit: Orbit, _ atoms: [Int], _ start: CrystalStructure, _ lattice: Lattice,
        _ random: inout RandomStream
    ) -> [Double] {
        var choice = orbit.coordinates
        var least = Double.infinity
        for _ in 0..<(orbit.coordinates.count == 3 ? 1 : settings.draws) {
            let atom = start.sites[atoms[random.index(below: atoms.count)]].position
            guard let back = orbit.images[random.index(below: orbit.images.count)].inverse else { continue }
            let (u, distance) = Self.nearestOnSite(orbit.siteSymmetry, back.apply(to: atom), lattice)
            if distance < least { (choice, least) = (u, distance) }
        }
        return choice
    }

    /// The site's point nearest to a position up to lattice vectors: its coordinates and distance.
    static func nearestOnSite(
        _ site: SiteSymmetry, _ position: SIMD3<Double>, _ lattice: Lattice
    ) -> (coordinates: [Double], distance: Double) {
        let wrapped = position.wrapped
        var nearest = (point: wrapped, distance: Double.infinity)
        for image in 0..<27 {
            // Nothing is nearer than what lies on the site, as every image of a general position does.
            if nearest.distance < Self.resolution { break }
            let shift = SIMD3(Double(image / 9 - 1), Double(image / 3 % 3 - 1), Double(image % 3 - 1))
            let moved = wrapped + shift
            let ideal = site.idealized(moved)
            let distance = lattice.length(ideal - moved)
            if distance < nearest.distance - Self.resolution { nearest = (ideal, distance) }
        }
        return (site.parameters(of: nearest.point), nearest.distance)
    }

    /// Å; distances that differ by less are alike.
    private static let resolution = 1e-9

    /// Assignment and averaging in turns until nothing moves.
    private func settle(
        _ kind: Kind, _ begin: [[Double]], start: CrystalStructure, skeleton: ReducedStructure,
        lattice: Lattice
    ) -> Placement {
        var coordinates = begin
        var placement = Placement(coordinates: begin, cost: .infinity, largest: .infinity)
        for _ in 0..<settings.turns {
            var images: [(orbit: Int, operation: SymmetryOperation, point: SIMD3<Double>)] = []
            for (slot, index) in kind.orbits.enumerated() {
                let position = skeleton.orbits[index].siteSymmetry.position(coordinates[slot])
                images += skeleton.orbits[index].images.map { (slot, $0, $0.apply(to: position)) }
            }
            var cost = DenseMatrix(rows: kind.atoms.count, columns: images.count)
            for (row, atom) in kind.atoms.enumerated() {
                for (column, image) in images.enumerated() {
                    let distance = lattice.length((start.sites[atom].position - image.point).nearestImage)
                    cost[row, column] = distance * distance
                }
            }
            guard let assignment = LinearAssignment(cost: cost), assignment.totalCost < placement.cost - 1e-10
            else {
                break
            }
            let largest = kind.atoms.indices.map { cost[$0, assignment.columns[$0]] }.max() ?? 0
            placement = Placement(
                coordinates: coordinates, cost: assignment.totalCost, largest: largest.squareRoot())
            var sums = [SIMD3<Double>](repeating: .zero, count: kind.orbits.count)
            for (row, atom) in kind.atoms.enumerated() {
                let image = images[assignment.columns[row]]
                guard let back = image.operation.inverse else { continue }
                let position = skeleton.orbits[kind.orbits[image.orbit]].siteSymmetry.position(
                    coordinates[image.orbit])
                let difference = (start.sites[atom].position - image.point).nearestImage
                sums[image.orbit] += back.apply(to: image.point + difference) - position
            }
            for (slot, index) in kind.orbits.enumerated() {
                let orbit = skeleton.orbits[index]
                let position = orbit.siteSymmetry.position(coordinates[slot])
                let mean = position + sums[slot] / Double(orbit.multiplicity)
                coordinates[slot] = orbit.siteSymmetry.parameters(of: orbit.siteSymmetry.idealized(mean))
            }
        }
        return placement
    }
}
