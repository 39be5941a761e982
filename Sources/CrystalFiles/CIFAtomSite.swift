import Crystallography

extension SymmetricCIF {
    /// A site of the asymmetric unit with the uncertainties of its values.
    public struct AtomSite: Sendable {
        /// Made unique on writing.
        public var label: String
        public var occupants: [Occupant]
        /// x, y, z.
        public var position: [MeasuredValue]
        public var wyckoffLetter: String?
        public var multiplicity: Int?
        /// The site symmetry's symbol, which no CIF dictionary has a name for: it is not written.
        public var siteSymmetry: String?
        /// Of the first occupant.
        public var occupancyUncertainty: Double?
        public var displacement: Displacement?
        /// Of B in Å², or of U11 U22 U33 U12 U13 U23 in Å².
        public var displacementUncertainties: [Double]

        public init(
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

        public init(_ site: Site) {
            self.init(
                label: site.label, occupants: site.occupants,
                position: [site.position.x, site.position.y, site.position.z].map {
                    MeasuredValue($0)
                },
                displacement: site.displacement)
        }
    }
}
