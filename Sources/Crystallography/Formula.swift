import NumericalMethods

/// A chemical formula: how many atoms of each kind. Deuterium and tritium are kinds of their own, `D` and `T`.
public struct Formula: Sendable, Hashable {
    /// An element or species of a formula and its number of atoms.
    public struct Part: Sendable, Hashable {
        /// The symbol as it is to be written.
        public var symbol: String
        /// Atoms in the formula; not an integer where sites are partly occupied.
        public var count: Double

        /// So many atoms of a symbol.
        public init(_ symbol: String, _ count: Double) {
            (self.symbol, self.count) = (symbol, count)
        }
    }

    /// In which order the elements stand.
    public enum Order: Sendable {
        /// As the atoms came.
        case given
        case alphabetical
        /// With carbon first and hydrogen second where there is carbon, else alphabetical (Hill 1900).
        case hill
    }

    /// Each kind once, in the order in which it came.
    public private(set) var parts: [Part] = []

    /// Parts of one symbol are added up.
    public init(_ parts: some Sequence<Part>) {
        for part in parts { add(part) }
    }

    /// Of the sites of a cell, weighted by occupancy and multiplicity.
    public init(of occupants: some Sequence<(occupant: Occupant, multiplicity: Int)>) {
        self.init(
            occupants.map {
                Part(Self.symbol($0.occupant.species), $0.occupant.occupancy * Double($0.multiplicity))
            })
    }

    /// Of the whole cell.
    public init(_ structure: CrystalStructure) {
        self.init(of: structure.sites.lazy.flatMap(\.occupants).map { ($0, 1) })
    }

    private mutating func add(_ part: Part) {
        if let known = parts.firstIndex(where: { $0.symbol == part.symbol }) {
            parts[known].count += part.count
        } else {
            parts.append(part)
        }
    }

    /// Isotopes of hydrogen have symbols of their own, those of other elements are the element.
    private static func symbol(_ species: Species) -> String {
        let hasOwnSymbol = species.element.atomicNumber == 1 && (species.massNumber ?? 1) > 1
        return hasOwnSymbol ? species.symbol : species.element.symbol
    }

    /// How many times the formula holds the one with the smallest whole numbers; 1 where some number is not whole.
    public var units: Int {
        var divisor = 0
        for part in parts {
            let whole = part.count.rounded()
            guard abs(part.count - whole) < Self.wholeness, whole > 0, whole < Self.mostAtoms else {
                return 1
            }
            divisor = greatestCommonDivisor(divisor, Int(whole))
        }
        return max(1, divisor)
    }

    /// The smallest whole numbers: of one formula unit.
    public var reduced: Formula { divided(by: units) }

    /// Every count divided by a number of formula units ≥ 1.
    public func divided(by units: Int) -> Formula {
        var formula = self
        for index in parts.indices { formula.parts[index].count /= Double(max(1, units)) }
        return formula
    }

    /// - `separator`: between the parts: `Pb O4 S` in a CIF, `PbO4S` elsewhere.
    public func text(_ order: Order = .alphabetical, separator: String = "") -> String {
        sorted(order).map { part in
            let amount = (part.count * 1e4).rounded() / 1e4
            let whole = abs(amount) < Self.mostAtoms && amount == amount.rounded()
            let text = whole ? String(Int(amount)) : "\(amount)"
            return part.symbol + (text == "1" ? "" : text)
        }.joined(separator: separator)
    }

    private func sorted(_ order: Order) -> [Part] {
        let hasCarbon = parts.contains { $0.symbol == "C" }
        func key(_ part: Part) -> String {
            guard order == .hill, hasCarbon else { return part.symbol }
            return part.symbol == "C" ? "0" : part.symbol == "H" ? "1" : part.symbol
        }
        return order == .given ? parts : parts.sorted { key($0) < key($1) }
    }

    /// A sum of rounded occupancies counts as whole within this.
    private static let wholeness = 1e-6
    private static let mostAtoms = 1e9
}
