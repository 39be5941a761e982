import CrystalFiles
import Symmetry

/// The space group that a file claims for its crystal: by number, by symbol, by its operations.
struct Claim {
    /// ITA number; nil where nothing is claimed. A file that says P 1 and lists x, y, z alone lists every atom; that
    /// claims nothing about the crystal.
    let number: Int?
    /// Where number, symbol and operations are of different groups; nil where they agree.
    let contradiction: String?

    init(of record: CrystalRecord) {
        let stated = record.declaredNumber
        let bySymbol = record.declaredSymbol.map { SpaceGroup.candidates(for: $0).map(\.number) } ?? []
        let operations = record.declaredOperations ?? []
        let byOperations =
            operations.count == 1
            ? 1 : SpaceGroup.type(of: operations)?.number
        let claimed = stated ?? bySymbol.first ?? byOperations
        let isTriclinic = claimed == 1 && operations.count > 1
        number = (isTriclinic ? byOperations : claimed).flatMap { $0 > 1 ? $0 : nil }
        contradiction = Self.contradiction(
            number: stated, symbol: record.declaredSymbol, bySymbol, operations: operations.count,
            byOperations)
    }

    private static func contradiction(
        number: Int?, symbol: String?, _ bySymbol: [Int], operations: Int, _ byOperations: Int?
    ) -> String? {
        // P 1 and no operation but x, y, z: a list of atoms, of which a set says beside the file what group it has.
        let isList = operations <= 1 && (bySymbol.isEmpty || bySymbol == [1])
        guard !isList else { return nil }
        if let number, let symbol, !bySymbol.isEmpty, !bySymbol.contains(number) {
            return "the symbol \(symbol) is of group \(bySymbol[0]), the number is \(number)"
        }
        let claimed = number.map { [$0] } ?? bySymbol
        guard let first = claimed.first, operations > 1 else { return nil }
        let name = symbol ?? "\(first)"
        if first == 1 { return "\(name) is claimed, \(operations) operations are listed" }
        guard let byOperations, !claimed.contains(byOperations) else { return nil }
        return "\(name) is claimed, the operations are those of group \(byOperations)"
    }
}
