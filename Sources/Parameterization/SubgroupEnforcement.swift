import Crystallography
import NumericalMethods
import Symmetry

/// A structure that obeys a subgroup of the symmetry it nearly has, and what that cost.
public struct EnforcedSubgroup: Sendable {
    /// The subgroup and its place in the group.
    public let subgroup: Subgroup
    /// In the subgroup's tabulated setting; it may be described in another one.
    public package(set) var structure: ReducedStructure
    /// The largest distance (Å) that an atom was moved.
    public let maxDisplacement: Double
    /// How far enforcing it moves the atoms, Å, root mean square.
    public let rmsDisplacement: Double

    /// Enforces a subgroup alone: what the structure has beyond it, and the group forbids, is left as it is.
    ///
    /// Each orbit's coordinates are the mean over its atoms, the metric is that over the subgroup's rotations. Atoms that only translations lost with the subgroup relate are averaged too where the input's
    /// cell repeats.
    ///
    /// - `subgroup`: of `found.spaceGroup`.
    /// - `structure`: the one that `found` was found in.
    public init(
        _ subgroup: Subgroup, of structure: CrystalStructure, found: FoundSymmetry
    ) throws(ReductionError) {
        let frame = SubgroupFrame(subgroup, of: structure, found: found)
        let farthest = frame.deviations.map(frame.lattice.length).max() ?? 0
        var places = frame.sites
        for index in places.indices { places[index].position += frame.deviations[index] }
        self.subgroup = subgroup
        // Two atoms that an operation relates may have moved apart.
        self.structure = try ReducedStructure(
            reducing: CrystalStructure(title: structure.title, lattice: frame.lattice, sites: places),
            in: subgroup.spaceGroup, tolerance: 1e-3 + 2.5 * farthest)
        let moves = zip(self.structure.expanded().sites, places).map {
            frame.lattice.length(($0.position - $1.position).nearestImage)
        }
        maxDisplacement = moves.max() ?? 0
        rmsDisplacement =
            (moves.reduce(0) { $0 + $1 * $1 } / Double(max(1, moves.count))).squareRoot()
    }
}

/// The atoms of the subgroup's cell at their places in the group, and how far the input's atoms deviate from them.
private struct SubgroupFrame {
    let lattice: Lattice
    /// With the symmetry of the whole group.
    let sites: [Site]
    /// In fractions of the subgroup's cell, one a site.
    let deviations: [SIMD3<Double>]

    init(_ subgroup: Subgroup, of structure: CrystalStructure, found: FoundSymmetry) {
        let change = subgroup.transformation
        // From the input's fractional coordinates to the subgroup's, x_H = P x + p.
        let matrix = change.matrix * found.transformation
        let shift = change.apply(to: found.originShift)
        let inverse = matrix.inverse
        lattice = Lattice(vectors: inverse.transpose * structure.lattice.vectors)
        // The group's cell as a crystal of its own, then in the subgroup's cell.
        let group = CrystalStructure(
            lattice: found.idealLattice, sites: Self.conventionalSites(structure, found))
        sites = group.transformed(by: change, tolerance: 1e-4).sites
        // Deviations of the input's atoms, with all atoms of the input that fall on one site.
        let deviationsOfAtoms = structure.sites.indices.map { index in
            found.transformation * structure.sites[index].position + found.originShift
                - found.idealPositions[index]
        }
        let back = found.transformation.inverse
        let ideals = found.idealPositions.map { back * ($0 - found.originShift) }
        let grid = PointGrid(ideals, structure.lattice)
        let translations = Self.translations(inverse)
        deviations = sites.map { site in
            var partners: Set<Int> = []
            let place = inverse * (site.position - shift)
            for translation in translations {
                grid.forEach(near: place + translation, within: Self.coincidence) { atom in
                    guard structure.sites[atom].occupants == site.occupants else { return }
                    let difference = (place + translation - ideals[atom]).nearestImage
                    if structure.lattice.length(difference) < Self.coincidence { partners.insert(atom) }
                }
            }
            let sum = partners.sorted().reduce(SIMD3<Double>.zero) { $0 + deviationsOfAtoms[$1] }
            return change.matrix * (sum / Double(max(1, partners.count)))
        }
    }

    /// Idealised places nearer than this (Å) are one.
    private static let coincidence = 1e-4

    /// Every atom of the group's conventional cell, at its idealised place.
    private static func conventionalSites(_ structure: CrystalStructure, _ found: FoundSymmetry) -> [Site] {
        let atoms = structure.sites.indices.map { index in
            var site = structure.sites[index]
            site.position = found.idealPositions[index].wrapped
            site.displacement = site.displacement?.transformed(
                by: found.transformation, from: structure.lattice, to: found.idealLattice)
            return site
        }.distinct(in: found.idealLattice, within: 1e-5)
        let copies = found.spaceGroup.centring.vectors.dropFirst().flatMap { vector in
            atoms.map { site in
                var copy = site
                copy.position = (site.position + SIMD3<Double>(vector) / 24).wrapped
                return copy
            }
        }
        return (atoms + copies).distinct(in: found.idealLattice, within: 1e-5)
    }

    /// The translations of the subgroup's cell, columns of `vectors` on the input's cell, that differ modulo that cell.
    private static func translations(_ vectors: Matrix3) -> [SIMD3<Double>] {
        // Fractions of a supercell's edge, apart by far more than a millionth; no fraction stands on a wall that is
        // moved by 1/π.
        func key(_ v: SIMD3<Double>) -> SIMD3<Int> {
            SIMD3<Int>((v.wrapped * 1e6 + 1 / .pi).rounded(.down)) % SIMD3(repeating: 1_000_000)
        }
        var found = [SIMD3<Double>.zero]
        var keys: Set<SIMD3<Int>> = [.zero]
        for vector in [vectors.transpose[0], vectors.transpose[1], vectors.transpose[2]] {
            let before = found
            var multiple = vector
            while !keys.contains(key(multiple)), found.count < 1_000_000 {
                let next = before.map { $0 + multiple }
                found += next
                keys.formUnion(next.map(key))
                multiple += vector
            }
        }
        return found
    }
}
