import NumericalMethods

/// A Hermann–Mauguin symbol or number as files spell it, taken apart: the symbol proper, and what stands behind it to
/// say which setting is meant.
///
/// Databases and programs write the second part as `:1`, `:R`, `S` and `Z` (origin choices 1 and 2), `H`, `HR`, `RS`,
/// `(origin choice 2)`, `{hexagonal axes}`, `, unique axis b, cell choice 2` or as a change of basis `(x-y,x+y,z)`.
struct HermannMauguinSpelling {
    /// One form for all spellings of a symbol: `P21/c` for `P 2_1/c`, `p 2(1)/c`, `P 2<sub>1</sub>/c`.
    private(set) var key: String
    private(set) var choice = SettingChoice()
    /// From the coordinates of the symbol's setting to those meant.
    private(set) var change: ChangeOfBasis?

    /// nil where something behind the symbol is not understood.
    init?(_ text: String) {
        var rest = Self.plain(text)
        guard Self.takeBracket(&rest, &choice, &change), Self.takeWords(&rest, &choice) else { return nil }
        Self.takeLetters(&rest, &choice)
        key = Self.key(rest)
        guard !key.isEmpty else { return nil }
    }

    // MARK: What stands behind the symbol

    /// `(origin choice 2)`, `{hexagonal axes}`, `(x-y,x+y,z)`, `(a-b,a+b,c)`; a subscript `2(1)` stays.
    private static func takeBracket(
        _ text: inout String, _ choice: inout SettingChoice, _ change: inout ChangeOfBasis?
    ) -> Bool {
        let closing: [Character: Character] = [")": "(", "]": "[", "}": "{"]
        guard let last = text.last, let opening = closing[last], let open = text.lastIndex(of: opening) else {
            return true
        }
        let content = text[text.index(after: open)...].dropLast()
        if content.count <= 1 { return true }
        text = String(text[..<open]).trimmed
        if content.contains(",") {
            // Whether it is one of the three forms is the question: what is neither is read as words below.
            if let read = try? ChangeOfBasis(xyz: content) {
                change = read
                return true
            }
            if let read = try? ChangeOfBasis(abc: content) {
                change = read
                return true
            }
        }
        return choice.read(words: String(content))
    }

    /// Behind a colon, a comma or without any mark: `:1`, `:b2`, `, origin choice 2`, `hexagonal axes`.
    private static func takeWords(_ text: inout String, _ choice: inout SettingChoice) -> Bool {
        let lower = text.lowercased()
        let starts = [":", ",", ";", "origin", "hex", "rhomb", "unique", "cell choice", "setting"].compactMap
        {
            lower.range(of: $0)?.lowerBound
        }
        guard let start = starts.min() else { return true }
        let tail = String(lower[start...].drop { ":,; ".contains($0) }).trimmed
        text = String(text.prefix(lower.distance(from: lower.startIndex, to: start))).trimmed
        return choice.read(code: tail) || choice.read(words: tail)
    }

    /// `R -3 m H`, `R32H`, `F d -3 m S`, `Fd-3mZ`, `R -3 c HR`.
    private static func takeLetters(_ text: inout String, _ choice: inout SettingChoice) {
        let words = text.split(separator: " ")
        let isRhombohedral = text.first.map { "Rr".contains($0) } ?? false
        if words.count > 1, let last = words.last, last.allSatisfy(\.isLetter),
            choice.read(letters: String(last))
        {
            text = words.dropLast().joined(separator: " ")
            return
        }
        guard text.count > 2, let last = text.last else { return }
        let isMark = "HSZ".contains(last) || (isRhombohedral && "HRhr".contains(last))
        if isMark, choice.read(letters: String(last)) { text.removeLast() }
    }

    // MARK: The symbol proper

    /// Without quotes, typographic minus and overlines, mark-up of subscripts.
    private static func plain(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x2212, 0x2010, 0x2011, 0x2013: result += "-"
            case 0x304, 0x305:
                // An overline stands behind its digit.
                if let digit = result.popLast() { result += "-\(digit)" }
            case 0x22, 0x27, 0x24, 0x7E: continue
            case 0x2080...0x2089: result += String(scalar.value - 0x2080)
            default: result.unicodeScalars.append(scalar)
            }
        }
        for markup in ["<sub>", "</sub>", "<SUB>", "</SUB>"] { result = result.replacing(markup, with: "") }
        result = result.replacing("\\bar{", with: "-{").replacing("\\overline{", with: "-{")
        for digit in 1...6 { result = result.replacing("{\(digit)}", with: "\(digit)") }
        return result.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    static func key(_ symbol: String) -> String {
        let kept = symbol.filter { !" _()".contains($0) }
        guard let first = kept.first else { return kept }
        return first.uppercased() + kept.dropFirst().lowercased()
    }
}

/// Which of a group's settings is meant, as far as a file says.
struct SettingChoice {
    /// 1 or 2.
    private var origin: Int?
    /// `H` or `R`.
    private var axes: Character?
    /// As the table and CIF's coordinate-system codes have it: `b1`, `-c2`, `cab`, `2cab`.
    private var code: String?
    private var uniqueAxis: Character?
    private var cellChoice: Int?
    /// Of an origin or a cell, whichever the group has.
    private var number: Int?
    /// In International Tables A, behind the symbol: `Fm-3m (225)`.
    private var groupNumber: Int?
    /// Marked `Z`, with a centre at the origin, or `S`, the other.
    private var hasCentreMark = false

    /// Nothing is said of origin, axes or cell choice.
    var isEmpty: Bool {
        origin == nil && axes == nil && code == nil && uniqueAxis == nil && cellChoice == nil && number == nil
    }

    mutating func read(letters: String) -> Bool {
        switch letters {
        case "H", "h", "HR", "hR": axes = "H"
        case "R", "r", "RS", "RR": axes = "R"
        case "S": (origin, hasCentreMark) = (1, true)
        case "Z": (origin, hasCentreMark) = (2, true)
        default: return false
        }
        return true
    }

    /// `1`, `2`, `h`, `r`, `b`, `-b2`, `abc`, `2cab`.
    mutating func read(code text: String) -> Bool {
        let lower = text.lowercased()
        switch lower {
        case "1", "2": origin = Int(lower)
        case "h", "r": axes = Character(lower.uppercased())
        case "s", "z": return read(letters: lower.uppercased())
        default:
            let body = lower.drop { "12".contains($0) }
            let axesCodes = ["abc", "ba-c", "cab", "-cba", "bca", "a-cb"]
            let monoclinic = lower.drop { $0 == "-" }
            let isMonoclinic =
                monoclinic.first.map { "abc".contains($0) } ?? false
                && monoclinic.dropFirst().allSatisfy { "123".contains($0) } && monoclinic.count <= 2
            guard axesCodes.contains(String(body)) || isMonoclinic else { return false }
            code = lower
        }
        return true
    }

    /// `origin choice 2`, `hexagonal axes`, `unique axis b, cell choice 2`, `setting 2`; false where a word is unknown.
    mutating func read(words text: String) -> Bool {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        guard !words.isEmpty else { return false }
        var subject = ""
        for word in words {
            if let value = Int(word) {
                switch subject {
                case "origin" where (1...2).contains(value): origin = value
                case "cell" where (1...3).contains(value): cellChoice = value
                case "choice" where (1...3).contains(value): number = value
                case "", "no": groupNumber = value
                default: return false
                }
                continue
            }
            switch word {
            case "origin", "cell", "unique": subject = word
            case "choice", "setting": if subject.isEmpty || subject == "no" { subject = "choice" }
            case "no", "number", "nr": subject = "no"
            case "axis", "axes", "and": continue
            case "a", "b", "c":
                guard subject == "unique" else { return false }
                uniqueAxis = Character(word)
            case "hexagonal", "hex": axes = "H"
            case "rhombohedral", "rhomb", "rhombo": axes = "R"
            default:
                guard word.count <= 2, read(letters: word.uppercased()) else { return false }
            }
        }
        return !isEmpty || groupNumber != nil
    }

    /// The setting is one of those meant.
    func admits(_ setting: SpaceGroupSetting) -> Bool {
        let own = setting.choice
        let ownOrigin = own.first?.wholeNumberValue
        let isMonoclinic = CrystalFamily(number: setting.number) == .monoclinic
        let bare = own.drop { $0 == "-" }
        if let groupNumber, groupNumber != setting.number { return false }
        if let origin {
            // Where there is one origin it is the first, and in centrosymmetric groups it is a centre.
            let isOnly = origin == 1 || (hasCentreMark && setting.hallSymbol.hasPrefix("-"))
            guard ownOrigin == origin || (ownOrigin == nil && isOnly) else { return false }
        }
        if let axes {
            let isHexagonal = CrystalFamily(number: setting.number) == .hexagonal && own != "R"
            guard own == String(axes) || (axes == "H" && isHexagonal) else { return false }
        }
        if let code {
            let isPlain = own == code || own == code.replacing("abc", with: "")
            let isFirstCell = isMonoclinic && (own == code + "1" || own + "1" == code)
            guard isPlain || isFirstCell else { return false }
        }
        if let uniqueAxis { guard isMonoclinic, bare.first == uniqueAxis else { return false } }
        if let cellChoice {
            guard isMonoclinic, (bare.last?.wholeNumberValue ?? 1) == cellChoice else { return false }
        }
        if let number {
            let own = isMonoclinic ? bare.last?.wholeNumberValue : ownOrigin
            guard (own ?? 1) == number else { return false }
        }
        return true
    }
}

extension String {
    var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
