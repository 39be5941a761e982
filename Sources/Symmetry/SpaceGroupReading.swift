import NumericalMethods

/// What a symbol or number can mean: a group's operations in one setting, which need not be tabulated.
package struct SpaceGroupReading: Sendable {
    /// Wrapped, the identity first.
    package let operations: [SymmetryOperation]
    /// Where the table has the setting.
    package let setting: SpaceGroup?
    /// In International Tables A.
    package let number: Int
    /// `F d -3 m :2 (Hall -F 4vw 2vw 3)`
    package let name: String

    package init(_ setting: SpaceGroup) {
        operations = setting.operations
        self.setting = setting
        number = setting.number
        let choice = setting.choice.isEmpty ? "" : " choice \(setting.choice)"
        name = "\(setting.symbol)\(choice) (Hall \(setting.hallSymbol))"
    }

    /// nil where the operations are no space group modulo the cell.
    package init?(operations: [SymmetryOperation], name: String) {
        guard let type = SpaceGroup.type(of: operations) else { return nil }
        self.operations = operations
        setting = SpaceGroup.matching(operations: operations)
        number = type.number
        self.name = name
    }
}

extension SpaceGroup {
    /// The readings of a Hermann–Mauguin symbol or a number, in tiers: a later tier counts only where the cell rules
    /// out the earlier. Empty where the text is not understood.
    ///
    /// - Parameter code: CIF's coordinate-system code, which chooses among the settings: `1`, `h`, `b2`, `-cba`, `2cab`.
    package static func readings(of text: String, code: String? = nil) -> [[SpaceGroupReading]] {
        guard let spelling = HermannMauguinSpelling(text) else { return [] }
        var chosen = SettingChoice()
        if let code, !chosen.read(code: code) { return [] }
        let tiers = tiers(of: spelling).map { tier in
            tier.filter { chosen.admits($0) }.compactMap { SpaceGroup(hallNumber: $0.hallNumber) }
        }.filter { !$0.isEmpty }
        if let change = spelling.change {
            return tiers.map { tier in
                tier.compactMap { setting in
                    change.apply(toGroup: setting.operations).flatMap {
                        SpaceGroupReading(operations: $0, name: "\(setting.symbol) (\(change))")
                    }
                }
            }.filter { !$0.isEmpty }
        }
        if !tiers.isEmpty { return tiers.map { $0.map(SpaceGroupReading.init) } }
        guard spelling.choice.isEmpty, chosen.isEmpty, let centred = unconventionallyCentred(spelling.key)
        else {
            return []
        }
        return [[centred]]
    }

    /// Of a Schoenflies symbol as files write it: `D2h^16`, `D2h.16`, `D~2h~^16^`.
    package static func number(schoenflies text: String) -> Int? {
        func key(_ symbol: String) -> String { symbol.lowercased().filter { $0.isLetter || $0.isNumber } }
        return SpaceGroupCatalogue.settings.first { key($0.schoenfliesSymbol) == key(text) }?.number
    }

    /// The text says more than the symbol: origin, axes, cell choice or a change of basis.
    package static func marksSetting(_ text: String) -> Bool {
        HermannMauguinSpelling(text).map { !$0.choice.isEmpty || $0.change != nil } ?? false
    }

    /// The readings that CIF's reference setting gives, `227:F 4d 2 3 -1d`, seen from the file's own axes.
    ///
    /// nil where its Hall symbol cannot be read: the caller says that the reference was passed over.
    /// - Parameter fromReference: from the reference's coordinates to the file's.
    package static func reading(
        ofReference text: String, fromReference change: ChangeOfBasis
    ) -> SpaceGroupReading? {
        guard let colon = text.firstIndex(of: ":"),
            let operations = try? HallSymbol(String(text[text.index(after: colon)...]).trimmed).operations,
            let moved = change.apply(toGroup: operations)
        else { return nil }
        return SpaceGroupReading(operations: moved, name: "the reference setting \(text)")
    }

    /// `C -1`, `F 4/m m m`, `C -4 2 m`: a primitive group without screws and glides, whose elements all meet in the
    /// origin, in a larger cell of another centring letter. nil for other symbols: with screws and glides the letter
    /// does not tell where they run.
    private static func unconventionallyCentred(_ key: String) -> SpaceGroupReading? {
        guard let letter = key.first, let centring = Centring(rawValue: String(letter)), centring != .R,
            centring != .P
        else { return nil }
        let primitive = HermannMauguinSpelling("P" + key.dropFirst()).map { tiers(of: $0) }?.first?.first
            .flatMap {
                SpaceGroup(hallNumber: $0.hallNumber)
            }
        guard let primitive, primitive.operations.allSatisfy({ $0.translation == .zero }),
            primitive.operations.allSatisfy({ operation in
                centring.vectors.allSatisfy { vector in
                    let image = SymmetryOperation(
                        rotation: .identity, translation: operation.rotation * vector
                    ).wrapped
                    return centring.vectors.contains(image.translation)
                }
            })
        else { return nil }
        let operations = centring.vectors.flatMap { vector in
            primitive.operations.map { SymmetryOperation(rotation: $0.rotation, translation: vector) }
        }
        return SpaceGroupReading(
            operations: operations, name: "\(primitive.symbol) in a cell with \(letter) centring")
    }
}

extension SpaceGroup {
    /// Two sets of operations are one setting but for the origin, as far as rotations, centring, screw and glide parts
    /// tell.
    package static func agreeButForOrigin(_ a: [SymmetryOperation], _ b: [SymmetryOperation]) -> Bool {
        SymmetryGroup.agreesButForOrigin(a, b)
    }
}
