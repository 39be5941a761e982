import Crystallography

/// What occupies a site, in one text: `Fe`, `O2-`, `Ti4+:0.5 Zr4+:0.25`.
enum OccupantText {
    /// Occupancies may add up to 1 with this to spare: thirds are written with a few digits.
    private static let rounding = 1e-4

    static func occupants(_ text: String, site: Int) throws(InterfaceError) -> [Occupant] {
        var result: [Occupant] = []
        for part in text.split(separator: " ") {
            let fields = part.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count <= 2, let species = Species(symbol: fields[0]) else {
                throw .badSpecies(text, site: site)
            }
            guard let share = fields.count == 2 ? Double(fields[1]) : 1 else {
                throw .badSpecies(text, site: site)
            }
            guard share > 0, share <= 1 + rounding else { throw .occupancies(share, site: site) }
            result.append(Occupant(species, occupancy: min(1, share)))
        }
        guard !result.isEmpty else { throw .badSpecies(text, site: site) }
        let sum = result.reduce(0) { $0 + $1.occupancy }
        guard sum <= 1 + rounding else { throw .occupancies(sum, site: site) }
        return result
    }

    static func text(_ occupants: [Occupant]) -> String {
        occupants.map { occupant in
            occupant.occupancy == 1
                ? occupant.species.description : "\(occupant.species):\(occupant.occupancy)"
        }.joined(separator: " ")
    }
}
