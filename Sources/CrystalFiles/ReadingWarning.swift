/// What a reader passed over, filled in, or found at odds in a file: a kind with what it speaks of. Whoever judges a file
/// asks for `meaning`; whoever prints, for the sentence.
package enum ReadingWarning: Sendable, Hashable, CustomStringConvertible {
    /// What a warning means to whoever asks whether a file is in order.
    package enum Meaning: Sendable, Hashable {
        /// Something of the crystal is not there, or was made up: what was read is not what the file means.
        case omission
        /// The file states something that what it holds does not bear out.
        case contradiction
        /// A gap that was filled by convention.
        case assumption
    }

    // MARK: The file

    case moreStructures(count: Int, taken: String)
    /// Keys of one JSON object.
    case otherStructuresInObject([String], taken: String)
    case beforeTheFirstBlock
    case blockLeftOut(CrystalFileError)
    case repeatedTag(String)
    case moreConfigurations
    case restPassedOver(beginning: String)
    case notPeriodic(stated: String)

    // MARK: Cell and symmetry

    case missingAngle(String)
    case noSymmetry
    /// Per cent of the metric.
    case cellBreaksSymmetry(Double)
    /// The crystal system of the operations, and what the file calls it.
    case crystalSystem(read: String, stated: String)
    /// Å³ for each atom, which no crystal has: lengths in another unit than Å.
    case cellSize(volumePerAtom: Double)
    case magneticOperations(leavesMoments: Bool, leavesOrdinaryOperations: Bool)
    case referenceSettingOnly(symbol: String)
    case referenceNotUnderstood(String)
    case symbolNotUnderstood(String)
    case hallSymbolNotUnderstood(String)
    case noSuchNumber(String)
    /// Statements of symmetry that cannot all be true, beside operations that say which.
    case symmetry(SymmetryConflict)
    /// The number alone is at odds with symbols that agree.
    case symbolsTaken(SymmetryConflict)
    /// Statements that cannot all be true; the contents of the cell confirm one.
    case confirmedByContents([SymmetryConflict], taken: String)
    /// The group of the operations, nil where none is known, and the statements that speak of others.
    case operationsTaken(group: String?, against: [String])
    case openSetting(claim: String, taken: String, others: [String])
    case settingByContents(claim: String, taken: String)

    // MARK: Atoms

    case noCoordinates(label: String)
    case dummy(label: String)
    case unoccupied(label: String)
    /// `O1 (2)`, each with the number of hydrogen atoms that have no site.
    case hydrogenWithoutSites([String])
    /// Cells away from the origin.
    case farCoordinates(label: String, value: Double)
    /// The species line, and another element behind the atom.
    case otherElementBehindAtom(atom: Int, species: String, comment: String)
    case speciesOfTitle(String)
    case standInElements
    /// `Wat1 as O`, each name once.
    case assumedElements([String], hasWater: Bool)
    /// Å beside the position.
    case movedToSpecialPosition(label: String, distance: Double)
    case multiplicity(label: String, images: Int, stated: Int)
    /// Two sites, Å apart.
    case overlap(String, String, distance: Double)
    case position(label: String, found: String, stated: String)

    // MARK: Displacements

    /// Å².
    case tensorAveraged(label: String, change: Double)
    case tensorNotPositive(label: String)
    case tensorIncomplete(label: String)
    case tensorsWithoutForm
    case tensorsWithoutSite([String])
    /// Å², along one axis.
    case largeTensor(label: String, value: Double)
    /// Å².
    case largeU(label: String, value: Double, isTakenAsB: Bool)
    /// Å².
    case negative(label: String, value: Double, isU: Bool)

    // MARK: Contents

    /// Å³.
    case volume(read: Double, stated: Double)
    /// g/cm³.
    case density(read: Double, stated: Double)
    /// Grams for a mole of formula units.
    case formulaWeight(read: Double, stated: Double)
    /// In the cell: F(000) for X-rays.
    case electrons(read: Double, stated: Double)
    case formulaNotUnderstood(String)
    /// The elements read, and what the file states.
    case composition(read: String, formula: String, units: Double?)
    case formulaUnits(read: Double, formula: String, stated: Double)

    /// What the warning means for whoever reads the structure.
    package var meaning: Meaning {
        switch self {
        case .blockLeftOut, .noCoordinates, .dummy, .standInElements, .hydrogenWithoutSites: .omission
        case .repeatedTag, .noSuchNumber, .symmetry, .symbolsTaken, .confirmedByContents, .operationsTaken,
            .multiplicity, .position, .volume, .density, .composition, .formulaUnits, .formulaWeight,
            .crystalSystem, .otherElementBehindAtom, .electrons:
            .contradiction
        case .moreStructures, .beforeTheFirstBlock, .moreConfigurations, .restPassedOver, .notPeriodic,
            .missingAngle, .noSymmetry, .cellBreaksSymmetry, .magneticOperations, .referenceSettingOnly,
            .referenceNotUnderstood, .symbolNotUnderstood, .hallSymbolNotUnderstood, .openSetting,
            .settingByContents, .unoccupied, .assumedElements, .movedToSpecialPosition, .overlap,
            .tensorAveraged, .tensorNotPositive, .tensorIncomplete, .tensorsWithoutForm, .tensorsWithoutSite,
            .largeTensor, .largeU, .negative, .formulaNotUnderstood, .cellSize, .farCoordinates,
            .speciesOfTitle, .otherStructuresInObject:
            .assumption
        }
    }
}

/// Two statements of a file about its symmetry that cannot both be true.
package enum SymmetryConflict: Sendable, Hashable, CustomStringConvertible {
    /// A symbol's number and the one stated.
    case number(of: String, Int, stated: Int)
    /// `Hall symbols` or `numbers`, with what they are.
    case several(kind: String, [String])
    case noSuchSetting(symbol: String, code: String)
    case differentGroups([String])
    case noSuchNumber(String)

    /// As people write it.
    package var description: String {
        switch self {
        case .number(let symbol, let number, let stated):
            "\(symbol) is number \(number), the file says \(stated)"
        case .several(let kind, let texts): "the \(kind) \(texts.joined(separator: " and ")) differ"
        case .noSuchSetting(let symbol, let code):
            "\(symbol) has no setting with the coordinate-system code \(code)"
        case .differentGroups(let names):
            "\(names.joined(separator: " and ")) are of different groups or settings"
        case .noSuchNumber(let text): "there is no space group number \(text)"
        }
    }
}

extension CrystalRecord {
    /// The warnings of one meaning, as sentences.
    package func warnings(_ meaning: ReadingWarning.Meaning) -> [String] {
        readingWarnings.filter { $0.meaning == meaning }.map(\.description)
    }
}
