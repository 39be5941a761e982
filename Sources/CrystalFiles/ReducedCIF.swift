import Crystallography
import Parameterization
import Symmetry

extension SymmetricCIF {
    /// A reduced structure with its group's operators: one site for each orbit, with Wyckoff letter and multiplicity.
    ///
    /// Every CIF of a reduced structure comes from here, so that commands write the same file of the same structure.
    ///
    /// - Parameters:
    ///   - name: of the data block; nil for the structure's title.
    ///   - uncertainties: one standard uncertainty for the names of refined parameters: `a`, `O1.x`, `O1.B`, or `O.B`
    ///     where all sites of an element share theirs.
    package init(
        _ structure: ReducedStructure, name: String? = nil, uncertainties: [String: Double] = [:]
    ) {
        let group = structure.spaceGroup
        let lattice = structure.latticeParameters
        let cell = zip(LatticeParameters.cellNames, lattice.cell).map { name, value in
            lattice.freeName(of: name).flatMap { uncertainties[$0] }.map {
                MeasuredValue(value, uncertainty: $0)
            } ?? MeasuredValue(rounding: value, decimals: Self.cellDecimals)
        }
        self.init(
            name: name ?? structure.title, lengths: Array(cell[..<3]), angles: Array(cell[3...]),
            symbol: group.symbolWithChoice, number: group.number, hallSymbol: group.hallSymbol,
            operations: group.operations,
            sites: structure.orbits.map { orbit in
                var site = AtomSite(
                    Site(
                        label: orbit.label, occupants: orbit.occupants, position: orbit.position,
                        displacement: orbit.displacement))
                site.position = Self.position(of: orbit, uncertainties)
                site.displacementUncertainties = Self.displacementUncertainties(of: orbit, uncertainties)
                site.wyckoffLetter = orbit.letter.isEmpty ? nil : orbit.letter
                site.multiplicity = orbit.multiplicity
                site.siteSymmetry = group.siteSymmetrySymbol(of: orbit.siteSymmetry)
                return site
            })
    }

    /// x, y, z with the uncertainties of the free coordinates carried over, their correlations left out.
    private static func position(of orbit: Orbit, _ uncertainties: [String: Double]) -> [MeasuredValue] {
        let site = orbit.siteSymmetry
        return (0..<3).map { axis in
            let variance = zip(site.directions, site.coordinateNames).reduce(0.0) { sum, free in
                let own = Double(free.0[axis]) * (uncertainties["\(orbit.label).\(free.1)"] ?? 0)
                return sum + own * own
            }
            return MeasuredValue(
                orbit.position[axis], uncertainty: variance > 0 ? variance.squareRoot() : nil)
        }
    }

    private static func displacementUncertainties(
        of orbit: Orbit, _ uncertainties: [String: Double]
    ) -> [Double] {
        let element = orbit.occupants.first?.species.element.symbol ?? ""
        return [uncertainties["\(orbit.label).B"] ?? uncertainties["\(element).B"]].compactMap { $0 }
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
        try FileContent.write(writer.text(), to: path)
        return writer.renamed
    }
}
