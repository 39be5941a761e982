import Crystallography
import NumericalMethods
import Symmetry

/// The symmetry a data block states. Operators win over the Hall symbol, that over the Hermann–Mauguin
/// symbol, that over the number: the further down, the less it fixes origin and axes.
struct CIFSymmetry {
    let operations: [SymmetryOperation]
    let symbol: String?
    let number: Int?
    let hallSymbol: String?
    private(set) var warnings: [String] = []

    init(block: CIFBlock, lattice: Lattice) throws(CrystalFileError) {
        symbol = block.text(
            "_space_group_name_H-M_alt", "_symmetry_space_group_name_H-M", "_space_group_name_H-M_full",
            "_space_group_name_H-M_ref")
        hallSymbol = block.text("_space_group_name_Hall", "_symmetry_space_group_name_Hall")
        number = block.text("_space_group_IT_number", "_symmetry_Int_Tables_number").flatMap { Int($0) }
        let column = block.column(
            "_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz",
            "_symmetry_equiv_pos_as_xyz_")
        if let column, column.values.contains(where: { $0 != nil }) {
            operations = try Self.operations(from: column, in: block)
            warnings += Self.contradictions(of: operations, symbol: symbol, number: number)
        } else {
            (operations, warnings) = try Self.tabulated(
                symbol: symbol, number: number, hallSymbol: hallSymbol, block: block, lattice: lattice)
        }
        if let misfit = Self.misfit(of: operations, lattice: lattice), misfit > 1e-3 {
            let percent = (misfit * 1e4).rounded() / 100
            warnings.append("the cell breaks the stated symmetry by up to \(percent) %")
        }
    }

    private static func operations(
        from column: CIFColumn, in block: CIFBlock
    ) throws(CrystalFileError) -> [SymmetryOperation] {
        var operations: [SymmetryOperation] = []
        for text in column.values {
            guard let text, let operation = OperationTriplet.operation(text) else {
                throw block.error(
                    "\"\(text ?? "?")\" is no symmetry operation", at: column,
                    remedy: "write triplets such as x,y+1/2,-z")
            }
            operations.append(operation)
        }
        switch OperationList.checked(operations) {
        case .success(let group): return group
        case .failure(let fault):
            throw block.error(
                "the symmetry operations do not form a group: \(fault.problem)", at: column,
                remedy: "list all operations of the space group, or none and its Hall symbol")
        }
    }

    /// Where the symbol or number beside the operations names another group.
    private static func contradictions(
        of operations: [SymmetryOperation], symbol: String?, number: Int?
    ) -> [String] {
        guard symbol != nil || number != nil else { return [] }
        let group =
            operations.count == 1 ? SpaceGroup(hallNumber: 1) : SpaceGroup.matching(operations: operations)
        guard let group else { return [] }
        var claims: [String] = []
        func key(_ text: String) -> String { text.lowercased().filter { $0 != " " && $0 != "_" } }
        if let symbol, key(symbol) != key(group.symbol), key(symbol) != key(group.fullSymbol) {
            let named = Set(SpaceGroup.candidates(for: plain(symbol)).map(\.number))
            if !named.isEmpty, !named.contains(group.number) { claims.append("the symbol \(symbol)") }
        }
        if let number, number != group.number { claims.append("the number \(number)") }
        guard !claims.isEmpty else { return [] }
        return [
            "the operations are those of \(group.symbol) (\(group.number)), not of "
                + "\(claims.joined(separator: " and ")); the operations are taken"
        ]
    }

    /// By Hall symbol, else Hermann–Mauguin symbol, else number; the cell decides between settings of
    /// different axes.
    private static func tabulated(
        symbol: String?, number: Int?, hallSymbol: String?, block: CIFBlock, lattice: Lattice
    ) throws(CrystalFileError) -> ([SymmetryOperation], [String]) {
        var warnings: [String] = []
        if let hallSymbol {
            if let group = SpaceGroup.candidates(for: "hall:\(hallSymbol)").first {
                return (group.operations, warnings)
            }
            warnings.append("the Hall symbol \(hallSymbol) is not in the table and passed over")
        }
        let claims = [symbol.map(plain), number.map(String.init)].compactMap { $0 }
        guard !claims.isEmpty else {
            return ([.identity], warnings + ["no symmetry is stated; P 1 is taken"])
        }
        for claim in claims {
            let named = SpaceGroup.candidates(for: claim)
            guard !named.isEmpty else { continue }
            let fitting = named.filter { (misfit(of: $0.operations, lattice: lattice) ?? 0) < 0.01 }
            let candidates = fitting.isEmpty ? named : fitting
            let group = candidates[0]
            if candidates.count > 1 {
                let others = candidates.dropFirst().prefix(3).map(\.hallSymbol).joined(separator: ", ")
                warnings.append(
                    "\(claim) leaves origin or axes open; \(group.symbol)"
                        + "\(group.choice.isEmpty ? "" : " choice \(group.choice)") (Hall \(group.hallSymbol)) is "
                        + "taken, not \(others)")
            }
            if let number, number != group.number {
                warnings.append(
                    "\(claim) is number \(group.number), the file says \(number); \(claim) is taken")
            }
            return (group.operations, warnings)
        }
        throw block.error(
            "unknown space group \"\(claims[0])\"",
            at: block.column("_space_group_name_H-M_alt", "_symmetry_space_group_name_H-M"),
            remedy: "give the symmetry operations, or a symbol of International Tables")
    }

    /// A symbol as the tables spell it. Databases add tails: `R -3 m H` is `R -3 m :H`, `F d -3 m S` and `Z`
    /// are origin choices 1 and 2. Before 1995 the bar of centrosymmetric cubic groups was left out: `F d 3 m`.
    private static func plain(_ symbol: String) -> String {
        var words = symbol.split(whereSeparator: \.isWhitespace).map(String.init)
        var tail = ""
        if words.count > 1, let last = words.last,
            let choice = ["H": "H", "R": "R", "S": "1", "Z": "2"][last]
        {
            tail = " :" + choice
            words.removeLast()
        }
        let text = words.joined(separator: " ")
        let letters = Array(text.filter { $0 != " " })
        guard letters.count >= 3, "PFI".contains(letters[0]), "mnabcd".contains(letters[1]),
            letters[2] == "3",
            let three = text.firstIndex(of: "3")
        else { return text + tail }
        return text[..<three] + "-" + text[three...] + tail
    }

    /// The largest relative change of the metric under an operation.
    private static func misfit(of operations: [SymmetryOperation], lattice: Lattice) -> Double? {
        let metric = lattice.metric
        return operations.map { operation in
            let rotation = Matrix3(operation.rotation)
            return (rotation.transpose * metric * rotation - metric).frobeniusNorm / metric.frobeniusNorm
        }.max()
    }
}
