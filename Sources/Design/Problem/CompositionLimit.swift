import Crystallography
import Foundation

/// A range of an element's share of the atoms, or of the number of different elements.
public struct CompositionLimit: DesignConstraint, Hashable {
    /// What is limited.
    public enum Quantity: Sendable, Hashable {
        /// Atoms of the element over all atoms.
        case share(Element)
        /// Different elements.
        case elements
    }

    /// What is limited.
    public var quantity: Quantity
    /// Of shares (0 to 1) or of numbers of elements, ends included.
    public var range: ClosedRange<Double>

    /// The limit of a quantity.
    public init(_ quantity: Quantity, in range: ClosedRange<Double>) {
        self.quantity = quantity
        self.range = range
    }

    /// `O>0.4`, `F<0.2`, `O=0.3:0.6`, `elements<4`, `elements=3`: shares of the atoms, and how many elements.
    ///
    /// - Throws: `DesignError.target` for another text, `DesignError.impossibleTarget` for a range that no crystal meets.
    public init(_ text: String) throws(DesignError) {
        let fail = DesignError.target(text: text, option: "--composition")
        guard let split = text.firstIndex(where: { "<>=".contains($0) }) else { throw fail }
        let name = text[..<split].trimmingCharacters(in: .whitespaces)
        let rest = String(text[text.index(after: split)...])
        if name == "elements" {
            quantity = .elements
        } else if let element = Element(symbol: name) {
            quantity = .share(element)
        } else {
            throw fail
        }
        switch text[split] {
        case "=" where !rest.contains(":"):
            guard let value = Double(rest), value.isFinite else { throw fail }
            range = (value - 1e-9)...(value + 1e-9)
        case let sign:
            let target = try PropertyTarget(
                sign == "=" ? rest : "\(sign)\(rest)", property: name, option: "--composition")
            guard case .window(let window) = target.goal else { throw fail }
            range = window
        }
        let possible: ClosedRange<Double> = quantity == .elements ? 1...100 : 0...1
        guard range.overlaps(possible) else {
            throw .impossibleTarget(
                property: name,
                reason: quantity == .elements ? "a crystal has elements" : "a share lies between 0 and 1")
        }
    }

    /// `O in 0.4 to 1`
    public var name: String {
        let subject =
            switch quantity {
            case .share(let element): element.symbol
            case .elements: "elements"
            }
        return "\(subject) in \(range.lowerBound.formatted()) to \(range.upperBound.formatted())"
    }

    /// Whether the composition lies in the range.
    public func admits(_ composition: [Element: Int]) -> Bool {
        switch quantity {
        case .elements: return range.contains(Double(composition.count))
        case .share(let element):
            let total = composition.values.reduce(0, +)
            return range.contains(Double(composition[element] ?? 0) / Double(max(1, total)))
        }
    }
}
