import Crystallography

/// What the rows of the atom-site loop say sits there, and what of it has to be said.
struct CIFOccupantReader {
    let block: CIFBlock
    /// `Wat1 as O`: names that hold more than an element.
    private var assumed: [String] = []
    private var known: Set<String> = []
    private var hasWater = false

    /// Occupancies up to this are rounded up to a full site; sums of rounded shares reach it.
    static let greatestOccupancy = 1.05
    /// Sums of decimal numbers miss the limit by some last bits.
    static let rounding = 1e-9

    /// Mass numbers by type symbol, where the loop of atom types describes a type as a nuclide: `Li1+ 7Li`.
    private let nuclides: [String: Species]

    init(block: CIFBlock) {
        self.block = block
        var nuclides: [String: Species] = [:]
        if let symbols = block.column("_atom_type_symbol"),
            let texts = block.column("_atom_type_description"),
            symbols.loop == texts.loop
        {
            for (symbol, text) in zip(symbols.values, texts.values) {
                guard let symbol, let species = text.flatMap({ Species(symbol: $0) }),
                    species.massNumber != nil
                else { continue }
                nuclides[symbol] = species
            }
        }
        self.nuclides = nuclides
    }

    /// One for all names that were read as an element though they hold more.
    var warnings: [ReadingWarning] {
        assumed.isEmpty ? [] : [.assumedElements(assumed, hasWater: hasWater)]
    }

    /// The species with their shares of the site; nil for a dummy or a vacancy.
    mutating func occupants(
        typeSymbol: String?, label: String, at column: CIFColumn
    ) throws(CrystalFileError) -> [Occupant]? {
        let name = typeSymbol.map { SpeciesName(typeSymbol: $0, label: label) } ?? SpeciesName(label: label)
        switch name {
        case .species(var species):
            if let nuclide = typeSymbol.flatMap({ nuclides[$0] }), nuclide.element == species.element {
                species.massNumber = species.massNumber ?? nuclide.massNumber
            }
            return [Occupant(species)]
        case .assumed(let species):
            say(typeSymbol.map { $0 == label ? $0 : "\($0) of \(label)" } ?? label, species)
            return [Occupant(species)]
        case .mixture(let occupants): return occupants
        case .vacancy: return nil
        case .unknown:
            let subject = typeSymbol.map { "\"\($0)\" of site \(label)" } ?? "site label \"\(label)\""
            throw block.error(
                "\(subject) names no element, or more than one", at: column,
                remedy: "give _atom_site_type_symbol as an element symbol, with one row for each element")
        }
    }

    private mutating func say(_ name: String, _ species: Species) {
        let sentence = "\(name) as \(species)"
        if known.insert(sentence).inserted { assumed.append(sentence) }
        let letters = name.lowercased()
        hasWater = hasWater || ["wat", "h2o", "ow", "oh", "o-h"].contains { letters.hasPrefix($0) }
    }

    /// 0 … 1 from a row's word; 1 where it has none.
    func occupancy(
        _ text: String?, of label: String, at column: CIFColumn
    ) throws(CrystalFileError) -> MeasuredValue {
        guard let text else { return MeasuredValue(1) }
        guard let (value, uncertainty) = TextNumber.measured(text), value >= 0,
            value <= Self.greatestOccupancy + Self.rounding
        else {
            throw block.error(
                "occupancy \"\(text)\" of \(label) is not between 0 and 1", at: column,
                remedy: "correct _atom_site_occupancy")
        }
        return MeasuredValue(min(value, 1), uncertainty: uncertainty)
    }
}
