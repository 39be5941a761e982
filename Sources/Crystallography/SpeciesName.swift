/// What a name in a file, the type symbol or the label of a site, says of the species. An element is never guessed: a
/// name that holds more than an element is said to, or not understood.
package enum SpeciesName: Sendable, Hashable {
    /// The name says it and nothing else.
    case species(Species)
    /// The name is read so, and that has to be said.
    case assumed(Species)
    /// Several species with their shares, adding up to at most 1.05.
    case mixture([Occupant])
    /// No atom: a vacancy, a dummy.
    case vacancy
    /// No element, or several without their shares.
    case unknown

    /// The type symbol of a site: element and perhaps a charge.
    ///
    /// - Parameter label: a type symbol that repeats the label is read as a label.
    package init(typeSymbol text: String, label: String = "") {
        let name = text.trimmingBlanks
        if Self.notElements.contains(String(name.prefix { $0.isLetter })) {
            self = .unknown
        } else if let species = Species(symbol: name) {
            // In capitals the letters may be those of a group or an abbreviation: CO, SN.
            // T is tritium by the dictionaries and a tetrahedral site by habit.
            let letters = name.prefix { $0.isLetter }
            self = Self.isAmbiguous(letters) || letters == "T" ? .assumed(species) : .species(species)
        } else if name == label, case let read = SpeciesName(label: label), read != .unknown {
            self = read
        } else if Self.isVacancy(name) {
            self = .vacancy
        } else if let water = Self.water(name) {
            self = .assumed(water)
        } else if let species = Self.nuclide(name) {
            self = .assumed(species)
        } else if let occupants = Self.mixture(name) {
            self = .mixture(occupants)
        } else {
            self = Self.numbered(name)
        }
    }

    /// The label of a site: an element, then a digit, a blank, a separator or nothing.
    package init(label text: String) {
        let name = text.trimmingBlanks
        let letters = name.prefix { $0.isASCII && $0.isLetter }
        let rest = name.dropFirst(letters.count)
        let isGroup = Self.groups.contains(String(letters) + rest.prefix { $0.isNumber })
        let isSeveral = name.contains { $0 == "," || $0 == "/" }
        if letters.isEmpty || isGroup || name == "H2O" || isSeveral {
            self = .unknown
        } else if Self.isVacancy(name), letters.lowercased() != "x", letters.lowercased() != "xx" {
            self = .vacancy
        } else if let water = Self.water(name) {
            self = .assumed(water)
        } else if let species = Self.labelled(letters) {
            let isIon = Species(symbol: name).map { $0.charge != nil } ?? false
            let ion = isIon ? Species(symbol: name) ?? species : species
            let isPlain = Self.isSeparated(rest) && !Self.isOddlyWritten(letters, species.element)
            self = isPlain || (isIon && letters == species.symbol) ? .species(ion) : .assumed(ion)
        } else {
            self = Self.lengthened(letters)
        }
    }

    // MARK: Elements of labels

    /// The element that the letters spell, as far as a label may: hydrogen's T and what lies beyond curium are no
    /// labels, and neither is a name that stands for something else.
    private static func labelled(_ letters: Substring) -> Species? {
        guard let species = Species(symbol: letters), species.element.covalentRadius != nil,
            !notElements.contains(letters.uppercased()) || letters == species.symbol,
            letters.uppercased() != "T"
        else { return nil }
        // Hydrogen on another atom: HO1, HF1, HS2.
        if letters.count == 2, letters.uppercased() == letters, letters.first == "H",
            Element(symbol: letters.suffix(1)) != nil
        {
            return nil
        }
        return species
    }

    /// One letter behind an element: `Oa`, `OA1`, `MgM1`. W stands for water too often.
    private static func lengthened(_ letters: Substring) -> SpeciesName {
        guard letters.count == 2 || letters.count == 3 else { return .unknown }
        let head = letters.dropLast()
        guard let element = Element(symbol: head), head == element.symbol, let species = labelled(head),
            head != "W",
            !superheavyOrGroup(letters)
        else { return .unknown }
        return .assumed(species)
    }

    /// `Nh`, `NH`, `CH`, `Og`: what spells another element or a group is not its first letter.
    private static func superheavyOrGroup(_ letters: Substring) -> Bool {
        Element(symbol: letters) != nil || (letters.count == 2 && letters.last?.uppercased() == "H")
    }

    /// In capitals these stand for a rare earth and a transition metal.
    private static let notElements: Set<String> = ["RE", "TM"]

    /// Americium and its neighbours are rare enough to be said, W is water as often as tungsten, and letters in another
    /// case may be several.
    private static func isOddlyWritten(_ letters: Substring, _ element: Element) -> Bool {
        element.atomicNumber > 92 || letters == "W" || (letters != element.symbol && letters != "D")
    }

    private static func isSeparated(_ rest: Substring) -> Bool {
        guard let first = rest.first else { return true }
        if first.isNumber || first.isWhitespace { return true }
        return !(rest.dropFirst().first?.isLetter ?? false)
    }

    // MARK: Type symbols

    /// `Li7`, `B11`, `U235`, `Li-7` is not: that is a charge.
    private static func nuclide(_ name: String) -> Species? {
        let letters = name.prefix { $0.isASCII && $0.isLetter }
        let digits = name.dropFirst(letters.count)
        guard !digits.isEmpty, let number = Int(digits), digits.allSatisfy(\.isNumber),
            let element = Element(symbol: letters), letters.uppercased() != "D", letters.uppercased() != "T",
            Nuclide(element, massNumber: number) != nil
        else { return nil }
        return Species(element, massNumber: number)
    }

    /// `Fe1`, `O2`, `Fe2.5+`: an element whose number is not a charge.
    private static func numbered(_ name: String) -> SpeciesName {
        let letters = name.prefix { $0.isASCII && $0.isLetter }
        let rest = name.dropFirst(letters.count)
        guard let species = Species(symbol: letters), let first = rest.first, first.isNumber else {
            return .unknown
        }
        let digits = rest.prefix { $0.isNumber || $0 == "." }
        let tail = rest.dropFirst(digits.count)
        let isFractionalCharge = tail == "+" || tail == "-"
        return isFractionalCharge || (tail.isEmpty && !digits.contains(".")) ? .assumed(species) : .unknown
    }

    private static func isAmbiguous(_ letters: some StringProtocol) -> Bool {
        letters.count == 2 && letters.uppercased() == letters
    }

    /// `0.75Si + 0.25Al`, `0.615(5)Cu+0.385(5)Al`, `Fe0.5Co0.5`.
    private static func mixture(_ name: String) -> [Occupant]? {
        let parts = name.contains(".") ? shares(name) : nil
        guard let parts, parts.count > 1, parts.reduce(0, { $0 + $1.occupancy }) <= 1.05 + 1e-9,
            Set(parts.map(\.species)).count == parts.count
        else { return nil }
        return parts
    }

    private static func shares(_ name: String) -> [Occupant]? {
        let leading = name.first.map { $0.isNumber || $0 == "." } ?? false
        var occupants: [Occupant] = []
        var rest = name[...]
        while !rest.isEmpty {
            rest = rest.drop { $0.isWhitespace || (leading && $0 == "+" && !occupants.isEmpty) }
            var number = leading ? amount(&rest) : nil
            let symbol = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(symbol.count)
            var charged = String(symbol)
            if leading {
                let charge = rest.prefix { $0.isNumber }
                let sign = rest.dropFirst(charge.count).first
                if !charge.isEmpty, let sign, sign == "+" || sign == "-" {
                    charged += charge + String(sign)
                    rest = rest.dropFirst(charge.count + 1)
                }
            } else {
                number = amount(&rest)
            }
            guard let number, number > 0, number <= 1, let species = Species(symbol: charged) else {
                return nil
            }
            occupants.append(Occupant(species, occupancy: number))
            rest = rest.drop(while: \.isWhitespace)
        }
        return occupants
    }

    /// A number with or without its uncertainty in brackets.
    private static func amount(_ rest: inout Substring) -> Double? {
        let digits = rest.prefix { $0.isNumber || $0 == "." }
        rest = rest.dropFirst(digits.count)
        if rest.first == "(" {
            rest = rest.drop { $0 != ")" }.dropFirst()
        }
        rest = rest.drop(while: \.isWhitespace)
        return Double(digits)
    }

    // MARK: Known names

    /// Water and hydroxyl by the names that mineralogists and crystallographers give them; their hydrogen is not there.
    private static func water(_ name: String) -> Species? {
        let word = name.lowercased().filter { $0 != "-" }
        let letters = String(word.prefix { $0.isLetter })
        let oxygen: Set<String> = ["wat", "water", "ow", "oh", "ohh"]
        if oxygen.contains(letters) || word == "h2o" {
            return Element(atomicNumber: 8).map { Species($0) }
        }
        return letters == "hw" ? Element(atomicNumber: 1).map { Species($0) } : nil
    }

    /// Groups of atoms under one label.
    private static let groups: Set<String> = [
        "NH3", "NH4", "NO2", "NO3", "CO2", "CO3", "SO3", "SO4", "PO3", "PO4", "BO3", "BO4", "CH2", "CH3",
        "CH4",
    ]

    private static func isVacancy(_ name: String) -> Bool {
        let letters = name.prefix { $0.isASCII && $0.isLetter }
        let isNumbered = name.dropFirst(letters.count).allSatisfy { $0.isNumber || "+-.".contains($0) }
        return isNumbered && vacancies.contains(letters.lowercased())
    }

    private static let vacancies: Set<String> = [
        "x", "xx", "du", "dum", "dummy", "va", "vac", "vc", "vacancy", "void", "bq",
    ]
}

extension String {
    fileprivate var trimmingBlanks: String {
        let start = drop(while: \.isWhitespace)
        var end = start
        while end.last?.isWhitespace ?? false { end.removeLast() }
        return String(end)
    }
}
