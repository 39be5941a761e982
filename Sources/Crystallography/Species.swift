/// What can occupy a site: an element with an oxidation state and, for neutrons, an isotope.
public struct Species: Sendable, Hashable {
    public var element: Element
    /// Formal charge, +3 for Al3+; nil where the file states none.
    public var charge: Int?
    /// Mass number, 2 for deuterium; nil for the natural mixture.
    public var massNumber: Int?

    public init(_ element: Element, charge: Int? = nil, massNumber: Int? = nil) {
        self.element = element
        self.charge = charge
        self.massNumber = massNumber
    }

    /// From a symbol as files write it: `Fe`, `Fe3+`, `O2-`, `O-2`, `F1-`, `Cl-`, `D`, `Ca+2`, `H(D)`…
    ///
    /// Leading letters name the element, the longest symbol that exists wins (`Co1` is cobalt, `Ow` is
    /// oxygen); digits and a sign after them are a charge, digits without a sign are ignored.
    public init?(symbol: some StringProtocol) {
        let letters = symbol.prefix { $0.isASCII && $0.isLetter }
        guard !letters.isEmpty else { return nil }
        let rest = symbol.dropFirst(letters.count)
        var found: (Element, Int)?
        for length in [2, 1] where letters.count >= length {
            if let element = Element(symbol: letters.prefix(length)) {
                found = (element, length)
                break
            }
        }
        guard let (element, length) = found else { return nil }
        self.init(element)
        if letters.prefix(length).uppercased() == "D" { massNumber = 2 }
        if letters.count == length { charge = Self.charge(from: rest) }
    }

    private static func charge(from text: some StringProtocol) -> Int? {
        guard let sign = text.first(where: { $0 == "+" || $0 == "-" }) else { return nil }
        let digits = String(text.filter(\.isNumber))
        guard let magnitude = digits.isEmpty ? 1 : Int(digits), magnitude < 10 else { return nil }
        return sign == "+" ? magnitude : -magnitude
    }
}

extension Species: CustomStringConvertible {
    /// `Fe`, `Fe3+`, `O2-`, `D`.
    public var description: String {
        let symbol = element.atomicNumber == 1 && massNumber == 2 ? "D" : element.symbol
        guard let charge, charge != 0 else { return symbol }
        return "\(symbol)\(abs(charge))\(charge > 0 ? "+" : "-")"
    }
}
