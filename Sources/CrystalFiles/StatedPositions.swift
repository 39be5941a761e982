import Crystallography
import Parameterization
import Symmetry

/// The Wyckoff letters that a data block states for its sites, against the letters of the positions they stand on.
struct StatedPositions {
    let block: CIFBlock
    let operations: [SymmetryOperation]
    let lattice: Lattice

    /// One for each site that stands elsewhere than it says; none in a setting that is in no table, whose
    /// letters nobody has fixed.
    func contradictions(of sites: [Site]) -> [ReadingWarning] {
        guard
            let stated = block.column("_atom_site_Wyckoff_symbol", "_atom_site_Wyckoff_label"),
            let labels = block.column("_atom_site_label"), labels.loop == stated.loop,
            let group = SpaceGroup.matching(operations: operations)
        else { return [] }
        return sites.compactMap { site in
            let rows = labels.values.indices.filter { labels.values[$0] == site.label }
            guard rows.count == 1, let text = stated.values[rows[0]],
                let letter = text.last(where: \.isLetter)
            else { return nil }
            let orbit = Orbit(
                site: site, spaceGroup: group, lattice: lattice, tolerance: SymmetryExpansion.reportedMove)
            guard !orbit.letter.isEmpty, orbit.letter != String(letter) else { return nil }
            return .position(
                label: site.label, found: "\(orbit.multiplicity)\(orbit.letter)", stated: text)
        }
    }
}
