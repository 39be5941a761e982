import ExplainedErrors

/// Why a text names no space group.
public struct SpaceGroupLookupError: ExplainedError, Hashable {
    /// What was looked for.
    package let text: String
    /// What the text means where that is understood and in no table.
    package var meaning: String?

    /// What went wrong, where, and what to do: the parts of the one line.
    public var explanation: Explanation {
        if let meaning {
            return Explanation(
                "'\(text)' is \(meaning), a setting that is in no table", remedy: "give the group's number")
        }
        return Explanation(
            "no space group '\(text)'",
            remedy: "give a number 1–230 (62, 227:1), a Hermann–Mauguin symbol (Pnma, 'P 21/c'), "
                + "or hall:SYMBOL or hall:1–530")
    }
}

extension SpaceGroup {
    /// The setting a text names; where it names several, the first of `candidates(for:)`.
    public static func find(_ text: String) throws(SpaceGroupLookupError) -> SpaceGroup {
        if let first = candidates(for: text).first { return first }
        throw SpaceGroupLookupError(text: text, meaning: meaning(of: text))
    }

    /// Of a symbol in no table, `P -1 (2) on other axes or about another origin`.
    private static func meaning(of text: String) -> String? {
        let trimmed = text.trimmed
        // Only to say more in an error that is thrown anyhow: a symbol that cannot be read means nothing.
        let isHall = trimmed.lowercased().hasPrefix("hall:")
        let operations =
            isHall
            ? (try? HallSymbol(String(trimmed.dropFirst(5)).trimmed))?.operations
            : readings(of: trimmed).first?.first?.operations
        return operations.flatMap { type(of: $0) }.map { "\($0) on other axes or about another origin" }
    }

    /// All settings that a text can mean, the preferred first: `62`, `Pnma`, `P n m a`, `P 21/a`, `P2_1/c`,
    /// `227:1`, `F d -3 m :2`, `R -3 m :R`, `R32H`, `Fd-3mS`, `P 4/n (origin choice 2)`, `hall:-P 2ac 2n`, `hall:292`;
    /// e-glide symbols and cubic groups in the older spelling too.
    ///
    /// A number alone means the standard setting; where the origin or the axes are open, origin choice 2 (the
    /// inversion at the origin) and hexagonal axes come first.
    package static func candidates(for text: String) -> [SpaceGroup] {
        let trimmed = text.trimmed
        if trimmed.lowercased().hasPrefix("hall:") {
            return candidates(hall: String(trimmed.dropFirst(5)).trimmed)
        }
        guard let spelling = HermannMauguinSpelling(text), spelling.change == nil else { return [] }
        return tiers(of: spelling).flatMap { $0 }.compactMap { SpaceGroup(hallNumber: $0.hallNumber) }
    }

    private static func candidates(hall text: String) -> [SpaceGroup] {
        if let number = Int(text) { return SpaceGroup(hallNumber: number).map { [$0] } ?? [] }
        func key(_ symbol: String) -> [Substring] {
            symbol.replacing("=", with: "\"").lowercased().split(whereSeparator: { $0 == " " || $0 == "_" })
        }
        let exact = SpaceGroupCatalogue.settings.filter { key($0.hallSymbol) == key(text) }
        if let setting = exact.first { return SpaceGroup(hallNumber: setting.hallNumber).map { [$0] } ?? [] }
        // Another spelling of the same operations; one that cannot be read names no setting, which `find` throws.
        guard let symbol = try? HallSymbol(text), let operations = symbol.operations else { return [] }
        return matching(operations: operations).map { [$0] } ?? []
    }

    /// The tabulated settings of a symbol or number, those that it means by the conventions first, then those that it
    /// means where the cell rules out the first: `P 21/b` for `P 1 1 21/b`, `P 21/a` for unique axis c.
    static func tiers(of spelling: HermannMauguinSpelling) -> [[SpaceGroupSetting]] {
        let keys = SettingKeys.shared
        let indices =
            Int(spelling.key).map { [keys.byNumber[$0] ?? [], []] }
            ?? [keys.own[spelling.key] ?? [], keys.withoutOnes[spelling.key] ?? []]
        let tiers = indices.map { tier in tier.map { SpaceGroupCatalogue.settings[$0] } }
        return tiers.map { tier in
            let admitted = tier.filter { spelling.choice.admits($0) }
            let preferred = admitted.filter { $0.choice.first == "2" || $0.choice == "H" }
            return preferred + admitted.filter { $0.choice.first != "2" && $0.choice != "H" }
        }.filter { !$0.isEmpty }
    }
}

/// Where each spelling of a symbol stands in the list of settings.
private struct SettingKeys: Sendable {
    var byNumber: [Int: [Int]] = [:]
    var own: [String: [Int]] = [:]
    /// Standing alone, a symbol of three axes may have lost the 1 of those without symmetry.
    var withoutOnes: [String: [Int]] = [:]

    static let shared = SettingKeys()

    private init() {
        for (index, setting) in SpaceGroupCatalogue.settings.enumerated() {
            byNumber[setting.number, default: []].append(index)
            let symbols = [setting.symbol, setting.fullSymbol].map(HermannMauguinSpelling.key)
            let keys = Set(symbols + setting.formerKeys)
            for key in keys { own[key, default: []].append(index) }
            if let short = setting.keyWithoutOnes, !keys.contains(short) {
                withoutOnes[short, default: []].append(index)
            }
        }
    }
}

extension SpaceGroupSetting {
    /// Spellings of other times and of the Protein Data Bank: e-glides as `a`, `b` or `c` (before ITA's edition of
    /// 1992), `m3` for `m-3` in cubic groups, `H 3 2` for `R 3 2` on hexagonal axes.
    fileprivate var formerKeys: [String] {
        let symbols = [symbol, fullSymbol]
        if number >= 195 {
            return symbols.filter { $0.contains("-3") }.map {
                HermannMauguinSpelling.key($0.replacing("-3", with: "3"))
            }
        }
        if choice == "H" { return symbols.map { HermannMauguinSpelling.key("H" + $0.dropFirst()) } }
        guard let former = FormerOrthorhombicSymbols.byHallNumber[hallNumber] else { return [] }
        let glide = zip(symbol, former).first { $0 == "e" && $1 != "e" }?.1 ?? "e"
        return [former, fullSymbol.replacing("e", with: String(glide))].map(HermannMauguinSpelling.key)
    }

    /// `P21/b` for `P 1 1 21/b`; nil where no axis has a 1.
    fileprivate var keyWithoutOnes: String? {
        guard CrystalFamily(number: number) == .monoclinic else { return nil }
        let words = fullSymbol.split(separator: " ")
        return HermannMauguinSpelling.key(words.filter { $0 != "1" }.joined(separator: " "))
    }
}

/// The symbols that settings with an e-glide had before ITA's edition of 1992 (ITA Vol. A, 1983, Table 4.3.1): of the
/// two glides of the plane one gave the name, and with the axes permuted another one did.
enum FormerOrthorhombicSymbols {
    static let byHallNumber: [Int: String] = [
        191: "A b m 2", 192: "B m a 2", 193: "B 2 c m", 194: "C 2 m b", 195: "C m 2 a", 196: "A c 2 m",
        203: "A b a 2", 204: "B b a 2", 205: "B 2 c b", 206: "C 2 c b", 207: "C c 2 a", 208: "A c 2 a",
        304: "C m c a", 305: "C c m b", 306: "A b m a", 307: "A c a m", 308: "B b c m", 309: "B m a b",
        316: "C m m a", 317: "C m m b", 318: "A b m m", 319: "A c m m", 320: "B m c m", 321: "B m a m",
        322: "C c c a", 323: "C c c a", 324: "C c c b", 325: "C c c b", 326: "A b a a", 327: "A b a a",
        328: "A c a a", 329: "A c a a", 330: "B b c b", 331: "B b c b", 332: "B b a b", 333: "B b a b",
    ]
}
