import Crystallography

extension SymmetricCIF {
    /// A site of the asymmetric unit with the uncertainties of its values.
    package struct AtomSite: Sendable {
        /// Made unique on writing.
        package var label: String
        package var occupants: [Occupant]
        /// x, y, z.
        package var position: [MeasuredValue]
        package var wyckoffLetter: String?
        package var multiplicity: Int?
        /// The site symmetry's symbol, which no CIF dictionary has a name for: it is not written.
        package var siteSymmetry: String?
        /// Of the first occupant.
        package var occupancyUncertainty: Double?
        package var displacement: Displacement?
        /// Of B in Å², or of U11 U22 U33 U12 U13 U23 in Å².
        package var displacementUncertainties: [Double]

        package init(
            label: String, occupants: [Occupant], position: [MeasuredValue], wyckoffLetter: String? = nil,
            multiplicity: Int? = nil, siteSymmetry: String? = nil, occupancyUncertainty: Double? = nil,
            displacement: Displacement? = nil, displacementUncertainties: [Double] = []
        ) {
            self.label = label
            self.occupants = occupants
            self.position = position
            self.wyckoffLetter = wyckoffLetter
            self.multiplicity = multiplicity
            self.siteSymmetry = siteSymmetry
            self.occupancyUncertainty = occupancyUncertainty
            self.displacement = displacement
            self.displacementUncertainties = displacementUncertainties
        }

        package init(_ site: Site) {
            self.init(
                label: site.label, occupants: site.occupants,
                position: [site.position.x, site.position.y, site.position.z].map {
                    MeasuredValue($0)
                },
                displacement: site.displacement)
        }
    }
}
