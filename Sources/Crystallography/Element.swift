import ReferenceData

/// A chemical element, by atomic number (1–118).
public struct Element: Sendable, Hashable, Comparable {
    /// Z, from 1 (H) to 118 (Og).
    public let atomicNumber: Int

    /// - Returns: nil outside 1–118.
    public init?(atomicNumber: Int) {
        guard ElementTable.rows.indices.contains(atomicNumber - 1) else { return nil }
        self.atomicNumber = atomicNumber
    }

    /// From a symbol in any case (`Fe`, `FE`); `D` and `T` are hydrogen.
    public init?(symbol: some StringProtocol) {
        guard let number = ElementTable.numbers[symbol.lowercased()] else { return nil }
        atomicNumber = number
    }

    /// The IUPAC symbol, such as "Pb".
    public var symbol: String { ElementTable.rows[atomicNumber - 1].symbol }
    /// The English name.
    public var name: String { ElementTable.rows[atomicNumber - 1].name }
    /// Standard atomic mass in u.
    public var mass: Double { ElementTable.rows[atomicNumber - 1].mass }
    /// Covalent radius in Å (Cordero et al. 2008); nil above curium.
    public var covalentRadius: Double? { ElementTable.rows[atomicNumber - 1].covalentRadius }

    /// By atomic number.
    public static func < (a: Element, b: Element) -> Bool { a.atomicNumber < b.atomicNumber }
}

extension Element: CustomStringConvertible {
    /// The symbol.
    public var description: String { symbol }
}

/// Data/tables/elements.tsv, parsed once.
private enum ElementTable {
    struct Row: Sendable {
        let symbol: String
        let name: String
        let mass: Double
        let covalentRadius: Double?
    }

    static let rows: [Row] = {
        let text = String(cString: wyckoff_table_elements())
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let cell = line.split(separator: "\t", omittingEmptySubsequences: false)
            return Row(
                symbol: String(cell[1]), name: String(cell[2]), mass: Double(cell[3]) ?? .nan,
                covalentRadius: Double(cell[4]))
        }
    }()

    static let numbers: [String: Int] = {
        var numbers = Dictionary(
            uniqueKeysWithValues: rows.enumerated().map { ($1.symbol.lowercased(), $0 + 1) })
        numbers["d"] = 1
        numbers["t"] = 1
        return numbers
    }()
}
