import ExplainedErrors

/// Why a text is no chemical formula.
public struct FormulaError: ExplainedError, Hashable {
    /// As it was given.
    public let text: String
    /// What is wrong.
    public let problem: String
    /// What to do.
    public let remedy: String

    /// What went wrong and what to do.
    public var explanation: Explanation {
        Explanation("'\(text)' is no formula: \(problem)", remedy: remedy)
    }
}

extension Formula {
    /// Reads a formula such as `PbSO4`, `Ca5(PO4)3F`, `Fe0.95O`, `CuSO4·5H2O` or `Li(Ni,Mn,Co)O2`, where commas without numbers are equal
    /// shares.
    public init(parsing text: String) throws(FormulaError) {
        var reader = FormulaReader(text)
        self.init(try reader.whole())
    }
}

/// Symbols with numbers, brackets with numbers, parts between dots.
private struct FormulaReader {
    private let text: String
    private var rest: Substring

    init(_ text: String) {
        self.text = text
        rest = text[...]
    }

    mutating func whole() throws(FormulaError) -> [Formula.Part] {
        var parts: [Formula.Part] = []
        repeat {
            let factor = number() ?? 1
            parts += try group(until: nil).map { Formula.Part($0.symbol, $0.count * factor) }
        } while takeDot()
        guard !parts.isEmpty else { throw error("no element", remedy: "write for example PbSO4") }
        return parts
    }

    private func error(_ problem: String, remedy: String) -> FormulaError {
        FormulaError(text: text, problem: problem, remedy: remedy)
    }

    private mutating func takeDot() -> Bool {
        guard let first = rest.first, "·*.".contains(first) else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func group(until end: Character?) throws(FormulaError) -> [Formula.Part] {
        var parts: [Formula.Part] = []
        var commas = 0
        while let next = rest.first {
            if let end, next == end {
                rest.removeFirst()
                return Self.shared(parts, commas: commas)
            }
            if end != nil, next == "," {
                rest.removeFirst()
                commas += 1
                continue
            }
            if end == nil, "·*.".contains(next) { return parts }
            parts += try unit(next)
        }
        if let end { throw error("a bracket is open at its end", remedy: "close it with '\(end)'") }
        return parts
    }

    /// Elements between commas share: in equal parts, where no numbers say how.
    private static func shared(_ parts: [Formula.Part], commas: Int) -> [Formula.Part] {
        guard commas > 0, parts.allSatisfy({ $0.count == 1 }) else { return parts }
        return parts.map { Formula.Part($0.symbol, 1 / Double(parts.count)) }
    }

    private mutating func unit(_ next: Character) throws(FormulaError) -> [Formula.Part] {
        if let close = ["(": ")", "[": "]"][String(next)] {
            rest.removeFirst()
            let inner = try group(until: Character(close))
            let factor = number() ?? 1
            return inner.map { Formula.Part($0.symbol, $0.count * factor) }
        }
        guard let symbol = symbol() else {
            throw error("'\(next)' begins no element", remedy: "write Pb, not pb or PB")
        }
        let count = number() ?? 1
        guard count > 0 else { throw error("there is 0 of \(symbol)", remedy: "leave it out") }
        return [Formula.Part(symbol, count)]
    }

    private mutating func symbol() -> String? {
        guard let first = rest.first, first.isASCII, first.isUppercase else { return nil }
        for length in [2, 1] where rest.count >= length {
            let word = String(rest.prefix(length))
            guard length == 1 || word.last?.isLowercase == true, Element(symbol: word) != nil else {
                continue
            }
            rest.removeFirst(length)
            return word
        }
        return nil
    }

    private mutating func number() -> Double? {
        var digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        // A dot between parts is none of a number.
        while digits.last == "." { digits.removeLast() }
        guard let value = Double(digits) else { return nil }
        rest.removeFirst(digits.count)
        return value
    }
}
