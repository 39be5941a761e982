/// What can occupy a site: an element with an oxidation state and, for neutrons, an isotope.
public struct Species: Sendable, Hashable {
    /// The element.
    public var element: Element
    /// Formal charge, +3 for Al3+; nil where the file states none.
    public var charge: Int?
    /// Mass number, 2 for deuterium; nil for the natural mixture.
    public var massNumber: Int?

    /// An element with its charge (in e) and mass number, each nil where none is stated.
    public init(_ element: Element, charge: Int? = nil, massNumber: Int? = nil) {
        self.element = element
        self.charge = charge
        self.massNumber = massNumber
    }

    /// From a symbol as files write it: element, or nuclide, and perhaps a charge, with nothing left over:
    /// `Fe`, `FE`, `Fe3+`, `O2-`, `O-2`, `Cl-`, `Ca++`, `D`, `T`, `7Li`, `2H1-`.
    ///
    /// - Returns: nil for anything else. Labels of sites, which say more than the element, are read by
    ///   `SpeciesName`.
    public init?(symbol: some StringProtocol) {
        let digits = symbol.prefix { $0.isASCII && $0.isNumber }
        let letters = symbol.dropFirst(digits.count).prefix { $0.isASCII && $0.isLetter }
        guard let named = Element(symbol: letters) else { return nil }
        // "CN" in capitals is no copernicium: beyond curium only the symbol as it is spelled.
        guard named.covalentRadius != nil || letters == named.symbol else { return nil }
        let rest = symbol.dropFirst(digits.count + letters.count)
        guard let charge = Self.charge(from: rest) else { return nil }
        self.init(named, charge: rest.isEmpty ? nil : charge)
        switch letters.uppercased() {
        case "D": massNumber = 2
        case "T": massNumber = 3
        default: break
        }
        guard !digits.isEmpty else { return }
        guard massNumber == nil, let number = Int(digits), Nuclide(named, massNumber: number) != nil else {
            return nil
        }
        massNumber = number
    }

    /// u: of the nuclide, else the standard atomic mass.
    public var mass: Double {
        massNumber.flatMap { Nuclide(element, massNumber: $0)?.mass } ?? element.mass
    }

    /// From carbides to OsO4.
    private static let possibleCharges = -4...9

    /// `3+`, `+3`, `+`, `++`, nothing (0); nil for any other text.
    private static func charge(from text: some StringProtocol) -> Int? {
        guard !text.isEmpty else { return 0 }
        let digits = String(text.filter { $0.isASCII && $0.isNumber })
        let signs = String(text.filter { $0 == "+" || $0 == "-" })
        guard digits.count + signs.count == text.count, let sign = signs.first,
            signs.allSatisfy({ $0 == sign }), digits.count < 2, digits.isEmpty || signs.count == 1
        else { return nil }
        let magnitude = digits.isEmpty ? signs.count : Int(digits) ?? 0
        // Li-7 is a nuclide's name and no ion.
        let charge = sign == "+" ? magnitude : -magnitude
        return possibleCharges.contains(charge) ? charge : nil
    }
}

extension Species: CustomStringConvertible {
    /// `Fe`, `Fe3+`, `O2-`, `D`, `7Li`.
    public var description: String {
        guard let charge, charge != 0 else { return symbol }
        return "\(symbol)\(abs(charge))\(charge > 0 ? "+" : "-")"
    }

    /// Without the charge: `Fe`, `D`, `T`, `7Li`.
    public var symbol: String {
        switch (element.atomicNumber, massNumber) {
        case (_, nil): element.symbol
        case (1, 2?): "D"
        case (1, 3?): "T"
        case (_, let number?): "\(number)\(element.symbol)"
        }
    }
}
