/// Why a text names no space group.
public struct SpaceGroupLookupError: Error, Sendable, Hashable, CustomStringConvertible {
    public let text: String

    public var description: String {
        "no space group '\(text)'; give a number 1–230 (62, 227:1), a Hermann–Mauguin symbol (Pnma, 'P 21/c'), "
            + "or hall:SYMBOL or hall:1–530"
    }
}

extension SpaceGroup {
    /// The setting a text names; where it names several, the first of `candidates(for:)`.
    public static func find(_ text: String) throws(SpaceGroupLookupError) -> SpaceGroup {
        guard let first = candidates(for: text).first else { throw SpaceGroupLookupError(text: text) }
        return first
    }

    /// All settings that a text can mean, the preferred first: `62`, `Pnma`, `P n m a`, `P 21/a`, `P2_1/c`,
    /// `227:1`, `F d -3 m :2`, `R -3 m :R`, `hall:-P 2ac 2n`, `hall:292`; e-glide symbols in the older spelling too.
    ///
    /// A number alone means the standard setting; where the origin or the axes are open, origin choice 2 (the
    /// inversion at the origin) and hexagonal axes come first.
    public static func candidates(for text: String) -> [SpaceGroup] {
        let trimmed = text.trimmed
        if trimmed.lowercased().hasPrefix("hall:") {
            return candidates(hall: String(trimmed.dropFirst(5)).trimmed)
        }
        var base = trimmed
        var choice: String?
        if let colon = trimmed.lastIndex(of: ":") {
            base = String(trimmed[..<colon]).trimmed
            choice = String(trimmed[trimmed.index(after: colon)...]).trimmed
        }
        let settings = SpaceGroupCatalogue.settings
        var matches: [SpaceGroupSetting]
        if let number = Int(base) {
            matches = settings.filter { $0.number == number }
        } else {
            let key = normalized(base)
            matches = settings.filter {
                normalized($0.symbol) == key || normalized($0.fullSymbol) == key
            }
            if matches.isEmpty { matches = settings.filter { formerSymbols(of: $0).contains(key) } }
            if matches.isEmpty {
                matches = settings.filter { normalized($0.symbol).lowercased() == key.lowercased() }
            }
        }
        if let choice {
            matches = matches.filter { $0.choice.lowercased() == choice.lowercased() }
        } else {
            let preferred = matches.filter { $0.choice == "2" || $0.choice == "H" }
            matches = preferred + matches.filter { $0.choice != "2" && $0.choice != "H" }
        }
        return matches.compactMap { SpaceGroup(hallNumber: $0.hallNumber) }
    }

    private static func candidates(hall text: String) -> [SpaceGroup] {
        if let number = Int(text) { return SpaceGroup(hallNumber: number).map { [$0] } ?? [] }
        func key(_ symbol: String) -> [Substring] {
            symbol.replacing("=", with: "\"").lowercased().split(whereSeparator: { $0 == " " || $0 == "_" })
        }
        let exact = SpaceGroupCatalogue.settings.filter { key($0.hallSymbol) == key(text) }
        if let setting = exact.first { return SpaceGroup(hallNumber: setting.hallNumber).map { [$0] } ?? [] }
        // Another spelling of the same operations.
        guard let symbol = try? HallSymbol(text), let operations = symbol.operations else { return [] }
        return matching(operations: operations).map { [$0] } ?? []
    }

    /// `P 2_1/c`, `P 2(1)/c`, `P21/c`: one key.
    private static func normalized(_ symbol: String) -> String {
        let kept = symbol.filter { !" _()".contains($0) }.replacing("sub", with: "")
        guard let first = kept.first else { return kept }
        return first.uppercased() + kept.dropFirst().lowercased()
    }

    /// Symbols before ITA's edition of 1992: the five groups with e-glides, and m3 for m-3 in cubic groups.
    private static func formerSymbols(of setting: SpaceGroupSetting) -> [String] {
        let symbol = normalized(setting.symbol)
        if setting.number >= 200, symbol.contains("-3") { return [symbol.replacing("-3", with: "3")] }
        guard symbol.contains("e") else { return [] }
        return ["a", "b", "c", "m"].map { symbol.replacing("e", with: $0) }
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
