import Crystallography
import Parameterization
import Symmetry

extension SymmetricCIF {
    /// A reduced structure with its group's operators: one site for each orbit, with Wyckoff letter and multiplicity.
    public init(_ structure: ReducedStructure) {
        let group = structure.spaceGroup
        self.init(
            name: structure.title, lattice: structure.lattice, symbol: group.symbolWithChoice,
            number: group.number,
            hallSymbol: group.hallSymbol, operations: group.operations,
            sites: structure.orbits.map { orbit in
                var site = AtomSite(
                    Site(
                        label: orbit.label, occupants: orbit.occupants, position: orbit.position,
                        displacement: orbit.displacement))
                site.wyckoffLetter = orbit.letter.isEmpty ? nil : orbit.letter
                site.multiplicity = orbit.multiplicity
                site.siteSymmetry = group.siteSymmetrySymbol(of: orbit.siteSymmetry)
                return site
            })
    }
}

extension CrystalFile {
    /// Writes a reduced structure: as CIF with its group's operators and asymmetric sites, in the other formats with
    /// all its atoms.
    ///
    /// - Returns: what is lost in the format, one sentence each.
    @discardableResult
    public static func write(
        _ structure: ReducedStructure, to path: String, format: Format? = nil
    ) throws(CrystalFileError) -> [String] {
        guard (format ?? self.format(ofName: path)) == .cif else {
            return try write(structure.expanded(), to: path, format: format)
        }
        let writer = CIFWriter(SymmetricCIF(structure))
        try write(writer.text(), to: path)
        return writer.renamed
    }
}
