extension ReadingWarning {
    /// One sentence without a full stop.
    public var description: String {
        fileSentence ?? symmetrySentence ?? atomSentence ?? displacementSentence ?? contentsSentence ?? ""
    }

    private var fileSentence: String? {
        switch self {
        case .moreStructures(let count, let taken):
            "the file holds \(count) structures; the first\(taken.isEmpty ? "" : ", \(taken),") is taken"
        case .otherStructuresInObject(let others, let taken):
            "the structure under \"\(taken)\" is taken, not that under "
                + others.map { "\"\($0)\"" }.joined(separator: ", ")
        case .beforeTheFirstBlock: "what stands before the first data_ is passed over"
        case .blockLeftOut(let error): "data block left out: \(error)"
        case .repeatedTag(let tag): "\(tag) stands more than once; its first value is taken"
        case .moreConfigurations: "the file holds more configurations; the first is taken"
        case .restPassedOver(let beginning):
            "what follows the atoms is passed over, from \"\(beginning)\" on"
        case .notPeriodic(let stated):
            "pbc is \(stated); the structure is taken as periodic in all three directions"
        default: nil
        }
    }

    private var symmetrySentence: String? {
        switch self {
        case .missingAngle(let name): return "no _cell_angle_\(name); 90 is taken"
        case .noSymmetry: return "no symmetry is stated; P 1 is taken"
        case .cellBreaksSymmetry(let percent):
            return "the cell breaks the stated symmetry by up to \(percent) %"
        case .crystalSystem(let read, let stated):
            return "the operations are \(read), the file calls the crystal \(stated)"
        case .cellSize(let volume):
            return
                "the cell holds \(ReadingWarning.significant(volume)) Å³ for an atom, which no crystal has: lengths are in Å"
        case .magneticOperations(let moments, let ordinary):
            return "the magnetic operations are taken without time reversal"
                + (moments ? "; magnetic moments are left out" : "")
                + (ordinary ? "; the list of ordinary operations, another group, is passed over" : "")
        case .referenceSettingOnly(let symbol):
            return "only the reference setting, \(symbol), is named; it is taken for the file's own"
        case .referenceNotUnderstood(let reference):
            return "the transformation to the reference setting \(reference) is not understood"
        case .symbolNotUnderstood(let symbol):
            return "the symbol \(symbol) is not understood and was not compared"
        case .hallSymbolNotUnderstood(let symbol):
            return "the Hall symbol \(symbol) is not understood and was not compared"
        case .noSuchNumber(let text): return "there is no space group number \(text)"
        case .symmetry(let conflict): return "\(conflict)"
        case .symbolsTaken(let conflict): return "\(conflict); the symbols are taken"
        case .confirmedByContents(let conflicts, let taken):
            return "\(conflicts.sentence); \(taken) is taken, the contents of the cell confirm it"
        case .operationsTaken(let group, let claims):
            return "the operations are \(group ?? "of no known group"), not of "
                + "\(claims.joined(separator: " and ")); the operations are taken"
        case .openSetting(let claim, let taken, let others):
            return "\(claim) leaves origin or axes open; \(taken) is taken, not "
                + others.joined(separator: ", ")
        case .settingByContents(let claim, let taken):
            return
                "\(claim) leaves origin or axes open; \(taken) is taken, which alone agrees with the contents "
                + "of the cell"
        default: return nil
        }
    }

    private var atomSentence: String? {
        switch self {
        case .noCoordinates(let label): return "\(label) has no coordinates and is left out"
        case .dummy(let label): return "\(label) is a dummy atom or a vacancy and is left out"
        case .unoccupied(let label): return "\(label) has occupancy 0 and is left out"
        case .hydrogenWithoutSites(let labels):
            let most = 8
            let others = labels.count > most ? " and \(labels.count - most) more" : ""
            return "hydrogen attached to \(labels.prefix(most).joined(separator: ", "))\(others) has no site "
                + "and is not there"
        case .farCoordinates(let label, let value):
            return "\(label) lies \(Self.thousandths(value)) cells from the origin: coordinates are fractions"
        case .otherElementBehindAtom(let atom, let species, let comment):
            return "atom \(atom) is \(species) by the species line, \(comment) by what stands behind it"
        case .speciesOfTitle(let title): return "the species are those of the title, \(title)"
        case .standInElements: return "no species are given; the elements are stand-ins in atomic order"
        case .assumedElements(let names, let hasWater):
            let most = 8
            let others = names.count > most ? " and \(names.count - most) more" : ""
            return "elements read from names that leave room for doubt: "
                + "\(names.prefix(most).joined(separator: ", "))\(others)"
                + (hasWater ? "; hydrogen that has no site of its own is not there" : "")
        case .movedToSpecialPosition(let label, let distance):
            return "\(label) lies \(Self.thousandths(distance)) Å beside a special position and is put on it"
        case .multiplicity(let label, let images, let stated):
            return "\(label) has \(images) images in the cell, the file says \(stated)"
        case .overlap(let one, let other, let distance):
            return
                "\(one) and \(other) stand \(Self.thousandths(distance)) Å apart, nearer than any bond, with "
                + "occupancies that add up to more than one atom"
        case .position(let label, let found, let stated):
            return "\(label) stands on \(found), the file says \(stated)"
        default: return nil
        }
    }

    private var displacementSentence: String? {
        switch self {
        case .tensorAveraged(let label, let change):
            "the anisotropic displacements of \(label) break the symmetry of its site by "
                + "\((change * 1e4).rounded() / 1e4) Å² and are averaged"
        case .tensorNotPositive(let label):
            "the anisotropic displacements of \(label) are not positive definite"
        case .tensorIncomplete(let label):
            "the anisotropic displacements of \(label) are incomplete and left out"
        case .tensorsWithoutForm:
            "the loop of anisotropic displacements has neither U nor B nor beta and is left out"
        case .tensorsWithoutSite(let labels):
            "anisotropic displacements of \(labels.joined(separator: ", ")) fit no site"
        case .largeTensor(let label, let value):
            "U of \(label) is \(Self.thousandths(value)) Å²; another form in the columns of U?"
        case .largeU(let label, let value, let isTakenAsB):
            "U of \(label) is \(value) Å²"
                + (isTakenAsB ? " and its type B; it is taken as B" : "; a B in the column of U?")
        case .negative(let label, let value, let isU):
            "\(isU ? "U" : "B") of \(label) is negative: \(value) Å²"
        default: nil
        }
    }

    private var contentsSentence: String? {
        switch self {
        case .volume(let read, let stated):
            "the cell has \(StatedContent.text(read)) Å³, the file says \(StatedContent.text(stated))"
        case .density(let read, let stated):
            "the sites make \(StatedContent.text(read)) g/cm³, the file says \(StatedContent.text(stated))"
        case .electrons(let read, let stated):
            "the sites hold \(StatedContent.text(read)) electrons, F(000) is \(StatedContent.text(stated))"
        case .formulaWeight(let read, let stated):
            "a formula unit weighs \(StatedContent.text(read)) g/mol, the file says "
                + StatedContent.text(stated)
        case .formulaNotUnderstood(let formula):
            "the formula \"\(formula)\" is not understood and not compared"
        case .composition(let read, let formula, let units):
            "the sites hold \(read), the file says \"\(formula)\""
                + (units.map { " with Z \(StatedContent.text($0))" } ?? "")
        case .formulaUnits(let read, let formula, let stated):
            "the sites make \(StatedContent.text(read)) formula units \(formula), the file says Z "
                + StatedContent.text(stated)
        default: nil
        }
    }

    /// Two digits.
    private static func significant(_ value: Double) -> String { String(format: "%.2g", value) }

    private static func thousandths(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}

extension [SymmetryConflict] {
    /// All in one sentence.
    var sentence: String { map(\.description).joined(separator: "; ") }
}
