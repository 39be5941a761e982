import Crystallography
import NumericalMethods
import Symmetry

extension SymmetricCIF {
    /// A structure with its symmetry enforced, in whatever cell: the operations of that cell, and one site of each
    /// orbit, the first in the structure's order.
    ///
    /// A cell that is in no table gets the group's number, but no symbol: a symbol speaks of a setting. Letters are
    /// those of the group's tabulated setting then.
    ///
    /// - Parameters:
    ///   - result: what `standardize` gave.
    ///   - found: what was enforced.
    ///   - cell: what `standardize` was asked for.
    /// - Returns: nil where a translation is no multiple of 1/24, so that operations cannot be written exactly.
    package init?(_ result: StandardizedStructure, enforcing found: FoundSymmetry, cell: StandardCell) {
        guard let operations = result.operations(of: found, cell: cell) else { return nil }
        let structure = result.structure
        let setting = result.setting
        self.init(
            name: structure.title, lattice: structure.lattice, symbol: setting?.symbolWithChoice,
            number: result.spaceGroup.number, hallSymbol: setting?.hallSymbol, operations: operations,
            sites: Self.asymmetricUnit(of: structure, operations).map { atom, multiplicity in
                var site = AtomSite(structure.sites[atom])
                site.multiplicity = multiplicity
                if let setting {
                    let symmetry = SiteSymmetry(
                        of: structure.sites[atom].position, in: setting.operations,
                        lattice: structure.lattice, tolerance: 1e-4)
                    let letter = setting.letter(of: symmetry)
                    site.wyckoffLetter = letter.isEmpty ? nil : letter
                    site.siteSymmetry = setting.siteSymmetrySymbol(of: symmetry)
                } else {
                    site.wyckoffLetter = found.letters[result.sources[atom]]
                }
                return site
            })
    }

    /// The first atom of each orbit and how many atoms that has in the cell.
    private static func asymmetricUnit(
        of structure: CrystalStructure, _ operations: [SymmetryOperation]
    ) -> [(atom: Int, multiplicity: Int)] {
        var isTaken = [Bool](repeating: false, count: structure.sites.count)
        var result: [(atom: Int, multiplicity: Int)] = []
        for (atom, site) in structure.sites.enumerated() where !isTaken[atom] {
            isTaken[atom] = true
            let images = operations.map { $0.apply(to: site.position) }
            var multiplicity = 1
            for other in structure.sites.indices
            where !isTaken[other] && structure.sites[other].occupants == site.occupants {
                let position = structure.sites[other].position
                // The structure has the symmetry exactly: this is for rounding.
                let isImage = images.contains {
                    structure.lattice.length((position - $0).nearestImage) < 1e-4
                }
                guard isImage else { continue }
                isTaken[other] = true
                multiplicity += 1
            }
            result.append((atom, multiplicity))
        }
        return result
    }
}

extension CrystalFile {
    /// Writes a structure with its symmetry enforced: as CIF with the operations of its cell and its asymmetric unit,
    /// where they are exact; else, and in other formats, with every atom.
    ///
    /// - Returns: what is lost in the format, one sentence each.
    @discardableResult
    public static func write(
        _ result: StandardizedStructure, enforcing found: FoundSymmetry, cell: StandardCell, to path: String
    ) throws(CrystalFileError) -> [String] {
        guard format(ofName: path) == .cif,
            let cif = SymmetricCIF(result, enforcing: found, cell: cell)
        else { return try write(result.structure, to: path) }
        let writer = CIFWriter(cif)
        try FileContent.write(writer.text(), to: path)
        return writer.renamed
    }
}

extension SpaceGroup {
    /// With the origin or the axes that the symbol leaves open, as CIF files write it: `F d -3 m :2`.
    var symbolWithChoice: String {
        ["1", "2", "H", "R"].contains(choice) ? "\(symbol) :\(choice)" : symbol
    }
}
