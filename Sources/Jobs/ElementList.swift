import Crystallography
import Design
import ExplainedErrors
import Foundation

/// A list of elements as a person writes it: symbols, `toxic` or `radioactive`, `@FILE` for those of a file, `*` for all, and `-Pb` or `-@FILE` for
/// what is left out of the list, or of all elements where nothing else is named.
package struct ElementList: Sendable, Hashable {
    package let elements: Set<Element>

    /// - Parameter all: what may be named; nil for the elements that have an oxidation state in the table.
    /// - Throws: `DesignError` for a symbol that is none, `ElementListError` for a file that cannot be read and for a list
    ///   that names nothing.
    package init(_ text: String, among all: Set<Element>? = nil) throws {
        let all = all ?? Self.charged
        var (kept, dropped) = (Set<Element>(), Set<Element>())
        var isWhole = true
        for entry in text.split(separator: ",").map({ $0.trimmingCharacters(in: .whitespaces) }) {
            let isDropped = entry.hasPrefix("-")
            let name = String(isDropped ? entry.dropFirst() : entry[...])
            if name == "*", !isDropped {
                kept.formUnion(all)
                isWhole = false
                continue
            }
            let symbols =
                name.hasPrefix("@")
                ? try Self.symbols(inFile: String(name.dropFirst())) : Self.named[name] ?? [name]
            for symbol in symbols {
                let isNamed = Self.named[name] != nil
                guard let element = Element(symbol: symbol), all.contains(element) || isDropped || isNamed
                else { throw DesignError.unknownElement(symbol) }
                if isDropped { dropped.insert(element) } else { kept.insert(element) }
            }
            if !isDropped { isWhole = false }
        }
        elements = (isWhole && !dropped.isEmpty ? all : kept).subtracting(dropped)
        guard !elements.isEmpty else { throw ElementListError.empty }
    }

    /// What a laboratory will not touch: poisons that need rooms of their own, and what has no stable nuclide (thorium and uranium too).
    package static let named: [String: [String]] = [
        "toxic": ["Be", "As", "Cd", "Hg", "Tl", "Pb", "Os", "Th", "U", "Pu"],
        "radioactive": [
            "Tc", "Pm", "Po", "At", "Rn", "Fr", "Ra", "Ac", "Th", "Pa", "U", "Np", "Pu", "Am", "Cm",
        ],
    ]

    /// Every element that has an oxidation state in the table.
    private static var charged: Set<Element> { Set(Ion.all.map(\.element)) }

    /// Symbols parted by spaces, commas or lines; # begins a comment.
    private static func symbols(inFile path: String) throws -> [String] {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ElementListError.unreadable(file: path)
        }
        return text.split(separator: "\n").flatMap { line in
            line.prefix { $0 != "#" }.split { " ,\t\r".contains($0) }.map(String.init)
        }
    }
}

package enum ElementListError: ExplainedError, Hashable {
    case empty
    case unreadable(file: String)

    package var explanation: Explanation {
        switch self {
        case .empty: Explanation("a list of elements is empty", remedy: "give symbols: Ba,Sr,Ti")
        case .unreadable(let file):
            Explanation(
                "no list of elements can be read", remedy: "give a text file of symbols", place: file)
        }
    }
}
