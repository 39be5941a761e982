import NumericalMethods
import Symmetry

/// What a data block says of its symmetry beside a list of operations: Hermann–Mauguin symbols, Hall symbol, number,
/// coordinate-system code and reference setting.
struct CIFSymmetryClaims {
    /// Under all tags that have one; the first is the record's.
    let symbols: [String]
    let hallSymbol: String?
    let number: Int?
    let code: String?
    /// What all understood symbols mean together, as `SpaceGroup.readings` tells; empty where there are none.
    private(set) var tiers: [[SpaceGroupReading]] = []
    /// Symbols that name no group that is known.
    private(set) var unknownSymbols: [String] = []
    /// Of the Hall symbol.
    private(set) var hallOperations: [SymmetryOperation]?
    /// Of the reference setting with its transformation.
    private(set) var referenceReading: SpaceGroupReading?
    /// What is wrong between the symbols themselves.
    private(set) var conflicts: [SymmetryConflict] = []
    private(set) var warnings: [ReadingWarning] = []
    private let numberText: String?
    private let block: CIFBlock

    init(block: CIFBlock) {
        self.block = block
        func known(_ texts: [String]) -> [String] {
            texts.filter { !["", "?", "."].contains($0.filter { !$0.isWhitespace }) }
        }
        symbols = known(
            block.texts(
                "_space_group_name_H-M_alt", "_symmetry_space_group_name_H-M", "_space_group_name_H-M_full"))
        let halls = known(block.texts("_space_group_name_Hall", "_symmetry_space_group_name_Hall"))
        hallSymbol = halls.first
        let numbers = known(block.texts("_space_group_IT_number", "_symmetry_Int_Tables_number"))
        let schoenflies = known(block.texts("_space_group_name_Schoenflies")).first
        let meant = schoenflies.flatMap { SpaceGroup.number(schoenflies: $0) }
        numberText = numbers.first ?? meant.map(String.init) ?? schoenflies
        number = numberText.flatMap { Int($0) }
        if let schoenflies, let meant, let number, meant != number {
            conflicts.append(.number(of: schoenflies, meant, stated: number))
        }
        code =
            known(
                block.texts("_space_group_IT_coordinate_system_code", "_symmetry_IT_coordinate_system_code")
            ).first
        // One that cannot be read is said in the warnings, where its operations are missing.
        hallOperations = hallSymbol.flatMap { try? HallSymbol($0) }?.operations
        for (name, texts) in [("Hall symbols", halls), ("numbers", numbers)] where Set(texts).count > 1 {
            conflicts.append(.several(kind: name, texts))
        }
        readSymbols()
        readReference()
        checkNumbers()
        warnings += passedOver
    }

    /// All readings in one list.
    var readings: [SpaceGroupReading] { tiers.flatMap { $0 } }

    /// Something is stated that says more than a number.
    var hasSymbol: Bool { !symbols.isEmpty || hallSymbol != nil }

    var isEmpty: Bool {
        !hasSymbol && numberText == nil && referenceReading == nil && tiers.isEmpty && unknownSymbols.isEmpty
    }

    /// Where the statement stands in the file.
    var column: CIFColumn? {
        block.column(
            "_space_group_name_H-M_alt", "_symmetry_space_group_name_H-M", "_space_group_name_Hall",
            "_symmetry_space_group_name_Hall", "_space_group_IT_number", "_symmetry_Int_Tables_number")
    }

    /// One of the symbols says origin, axes or cell choice.
    var marksSetting: Bool { code != nil || symbols.contains { SpaceGroup.marksSetting($0) } }

    private mutating func readSymbols() {
        var stated = symbols
        if stated.isEmpty, hallSymbol == nil {
            stated = block.texts("_space_group_name_H-M_ref").filter { $0 != "?" }
            for symbol in stated {
                warnings.append(.referenceSettingOnly(symbol: symbol))
            }
        }
        var together: [[SpaceGroupReading]]?
        for symbol in stated {
            var own = SpaceGroup.readings(of: symbol, code: code)
            if own.isEmpty, code != nil {
                own = SpaceGroup.readings(of: symbol)
                if !own.isEmpty {
                    conflicts.append(.noSuchSetting(symbol: symbol, code: code ?? ""))
                }
            }
            guard !own.isEmpty else {
                unknownSymbols.append(symbol)
                continue
            }
            guard let earlier = together else {
                together = own
                continue
            }
            let sets = Set(own.flatMap { $0 }.map { Set($0.operations) })
            let common = earlier.map { tier in tier.filter { sets.contains(Set($0.operations)) } }
                .filter { !$0.isEmpty }
            if common.isEmpty {
                conflicts.append(
                    .differentGroups(["the symbols \(stated.joined(separator: " and "))"]))
                together = earlier.indices.map { earlier[$0] } + own
            } else {
                together = common
            }
        }
        tiers = together ?? []
    }

    private mutating func readReference() {
        let tag = "_space_group_reference_setting"
        guard let reference = block.text(tag) else { return }
        // (a', b', c') = (a, b, c) P of the file's axes to the reference's, or x' = Q x.
        // A transformation that cannot be read is none: the reference is then passed over, with a warning.
        let toFile: ChangeOfBasis?
        if let text = block.text("_space_group_transform_Pp_abc") {
            toFile = (try? ChangeOfBasis(abc: text))?.inverse
        } else if let text = block.text("_space_group_transform_Qq_xyz") {
            toFile = (try? ChangeOfBasis(xyz: text))?.inverse
        } else {
            // Without the transformation the reference only helps to choose.
            guard let plain = SpaceGroup.reading(ofReference: reference, fromReference: .identity) else {
                return
            }
            let chosen = tiers.map { tier in
                tier.filter { Set($0.operations) == Set(plain.operations) }
            }.filter { !$0.isEmpty }
            if !chosen.isEmpty { tiers = chosen }
            return
        }
        referenceReading = toFile.flatMap { SpaceGroup.reading(ofReference: reference, fromReference: $0) }
        if referenceReading == nil {
            warnings.append(.referenceNotUnderstood(reference))
        }
    }

    private mutating func checkNumbers() {
        guard let numberText else { return }
        if !(1...230).contains(number ?? 0) {
            if !hasSymbol {
                conflicts.append(.noSuchNumber(numberText))
            } else {
                warnings.append(.noSuchNumber(numberText))
            }
        }
    }

    /// The number, where it is one.
    var validNumber: Int? { number.flatMap { (1...230).contains($0) ? $0 : nil } }
}

extension CIFSymmetryClaims {
    /// What fixes every operation: the Hall symbol and the reference setting with its transformation.
    ///
    /// - Throws: where something is stated and nothing of it understood. A number never stands in for a symbol.
    func exactReadings() throws(CrystalFileError) -> [SpaceGroupReading] {
        var exact: [SpaceGroupReading] = []
        if let hallSymbol, let hallOperations,
            let reading = SpaceGroupReading(operations: hallOperations, name: "the Hall symbol \(hallSymbol)")
        {
            exact.append(reading)
        }
        if let referenceReading { exact.append(referenceReading) }
        guard exact.isEmpty, tiers.isEmpty, hasSymbol || !unknownSymbols.isEmpty else { return exact }
        if let unknown = unknownSymbols.first {
            throw block.error(
                "unknown space group \"\(unknown)\"", at: column,
                remedy: "give the symmetry operations, or a symbol of International Tables")
        }
        throw block.error(
            "\"\(hallSymbol ?? "")\" is no Hall symbol", at: column,
            remedy: "give the symmetry operations, or a symbol such as -P 2ac 2n")
    }

    /// Symbols that were passed over because another statement was understood.
    var passedOver: [ReadingWarning] {
        var result = unknownSymbols.map { ReadingWarning.symbolNotUnderstood($0) }
        if let hallSymbol, hallOperations == nil {
            result.append(.hallSymbolNotUnderstood(hallSymbol))
        }
        return result
    }

    /// Where symbols or number beside a list of operations speak of others.
    ///
    /// - Throws: where the operations are the symbol's without its centring: a list cut short.
    func disagreements(with operations: [SymmetryOperation]) throws(CrystalFileError) -> [ReadingWarning] {
        let listed = Set(operations)
        let rotations = Set(operations.map(\.rotation)).count
        var claims: [String] = []
        let agreeing = readings.filter {
            Set($0.operations) == listed
                || (!marksSetting && SpaceGroup.agreeButForOrigin($0.operations, operations))
        }
        if agreeing.isEmpty, !readings.isEmpty {
            let whole = readings.first {
                Set($0.operations.map(\.rotation)).count == rotations && listed.isSubset(of: $0.operations)
            }
            if let whole {
                throw block.error(
                    "the operations lack the centring of \(whole.name)", at: column,
                    remedy: "list the operations with each centring vector, or none and the symbol alone")
            }
            claims.append("the symbol \(symbols.first ?? "")")
        }
        if let hallSymbol, let hallOperations, Set(hallOperations) != listed {
            claims.append("the Hall symbol \(hallSymbol)")
        }
        let type =
            claims.isEmpty && (number == nil || agreeing.contains { $0.number == number })
            ? nil : SpaceGroup.type(of: operations)
        if let number, let type, type.number != number { claims.append("the number \(number)") }
        guard !claims.isEmpty else { return [] }
        let isTabulated = type.map { Set($0.operations) == listed } ?? false
        let group = type.map { "those of \($0)\(isTabulated ? "" : " on other axes or origin")" }
        return [.operationsTaken(group: group, against: claims)]
    }
}
