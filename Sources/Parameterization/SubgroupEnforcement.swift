import Crystallography
import NumericalMethods
import Symmetry

/// A structure that obeys a subgroup of the symmetry it nearly has, and what that cost.
public struct EnforcedSubgroup: Sendable {
    public let subgroup: Subgroup
    /// In the subgroup's tabulated setting.
    public let structure: ReducedStructure
    /// The largest distance (Å) that an atom was moved.
    public let maxDisplacement: Double
    public let rmsDisplacement: Double

    /// Enforces a subgroup alone: what the structure has beyond it, and the group forbids, is left as it is.
    ///
    /// Each orbit's coordinates are the mean over its atoms, the metric is that over the subgroup's rotations. Atoms that only translations lost with the subgroup relate are averaged too where the input's
    /// cell repeats.
    ///
    /// - Parameters:
    ///   - subgroup: of `found.spaceGroup`.
    ///   - structure: the one that `found` was found in.
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
        var atoms: [Site] = []
        for index in structure.sites.indices {
            var site = structure.sites[index]
            site.position = found.idealPositions[index].wrapped
            site.displacement = site.displacement?.transformed(
                by: found.transformation, from: structure.lattice, to: found.idealLattice)
            let twin = atoms.contains {
                $0.occupants == site.occupants && ($0.position - site.position).nearestImage.length < 1e-6
            }
            if !twin { atoms.append(site) }
        }
        for vector in found.spaceGroup.centring.vectors.dropFirst() {
            for site in atoms {
                var copy = site
                copy.position = (site.position + SIMD3<Double>(vector) / 24).wrapped
                let twin = atoms.contains {
                    $0.occupants == copy.occupants && ($0.position - copy.position).nearestImage.length < 1e-6
                }
                if !twin { atoms.append(copy) }
            }
        }
        let group = CrystalStructure(lattice: found.idealLattice, sites: atoms)
        sites = group.transformed(by: change, tolerance: 1e-4).sites
        // Deviations of the input's atoms, with all atoms of the input that fall on one site.
        let deviationsOfAtoms = structure.sites.indices.map { index in
            found.transformation * structure.sites[index].position + found.originShift
                - found.idealPositions[index]
        }
        let reach = -2...2
        var deviations: [SIMD3<Double>] = []
        for site in sites {
            var partners: Set<Int> = []
            for i in reach {
                for j in reach {
                    for k in reach {
                        let there = site.position + SIMD3(Double(i), Double(j), Double(k))
                        let inInput = inverse * (there - shift)
                        for atom in structure.sites.indices where !partners.contains(atom) {
                            guard structure.sites[atom].occupants == site.occupants else { continue }
                            let ideal =
                                found.transformation.inverse
                                * (found.idealPositions[atom] - found.originShift)
                            if structure.lattice.length((inInput - ideal).nearestImage) < 1e-4 {
                                partners.insert(atom)
                            }
                        }
                    }
                }
            }
            let sum = partners.reduce(SIMD3<Double>.zero) { $0 + deviationsOfAtoms[$1] }
            deviations.append(change.matrix * (sum / Double(max(1, partners.count))))
        }
        self.deviations = deviations
    }
}
