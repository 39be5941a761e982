import CrystalFiles
import CrystalTexts
import Crystallography
import Testing

/// Every reader of structures asks the same of cell, coordinates and number of atoms.
@Suite("Reading limits") struct ReadingLimitsTests {
    private static func cif(_ cell: String, _ sites: String = "Na1 Na 0.1 0.2 0.3") -> String {
        CrystalText.cif(cell: cell, items: "_symmetry_space_group_name_H-M 'P 1'", sites: sites)
    }

    private static func fault(_ body: () throws -> [CrystalRecord]) -> String {
        do {
            return "read: \(try body().count)"
        } catch { return "\(error)" }
    }

    @Test(arguments: [
        "4 4 4 90 90 200", "4 4 4 120 120 120", "4 4 4 10 10 90", "1e-300 1e-300 1e-300 90 90 90",
        "0.01 4 4 90 90 90", "4 4 2e5 90 90 90", "-4 4 4 90 90 90", "4 4 4 90 90 0",
    ])
    func aCellThatIsNoneIsRefusedWithItsReason(_ cell: String) {
        let numbers = cell.split(separator: " ").joined(separator: ", ")
        let record = "{\"hall\": 1, \"cell\": [\(numbers)], \"orbits\": [[\"Na\", \"a\", 1, 0, 0, 0]]}"
        for fault in [
            Self.fault { try CIFFile.parse(Self.cif(cell), name: "x.cif") },
            Self.fault { try StructureJSONFile.parse(record, name: "x.json") },
        ] {
            #expect(fault.contains("no volume") || fault.contains("a cell with an edge of"), "\(fault)")
            #expect(!fault.contains("nan"))
        }
    }

    @Test(arguments: ["4 0 0 0 4 0 4 4 0", "4 0 0 0 4 0 0 0 1e-5", "1e-300 0 0 0 1e-300 0 0 0 1e-300"])
    func vectorsInAPlaneAreRefused(_ rows: String) {
        let v = rows.split(separator: " ")
        func triple(_ row: Int, _ separator: String) -> String {
            v[(3 * row)..<(3 * row + 3)].joined(separator: separator)
        }
        let matrix = (0..<3).map { "[" + triple($0, ",") + "]" }.joined(separator: ",")
        let json =
            "{\"lattice\":{\"matrix\":[\(matrix)]},\"sites\":[{\"species\":[{\"element\":\"Na\"}],"
            + "\"abc\":[0,0,0]}]}"
        let lines = (0..<3).map { triple($0, " ") }.joined(separator: "\n")
        for fault in [
            Self.fault {
                try ExtendedXYZFile.parse("1\nLattice=\"\(rows)\"\nNa 0 0 0\n", name: "x.xyz")
            },
            Self.fault { try StructureJSONFile.parse(json, name: "x.json") },
            Self.fault { try POSCARFile.parse("x\n1.0\n\(lines)\nNa\n1\nDirect\n0 0 0\n", name: "POSCAR") },
        ] {
            #expect(fault.contains("plane") || fault.contains("a cell with an edge of"), "\(fault)")
        }
    }

    @Test func coordinatesFarOutsideAreRefused() {
        for x in ["101", "-101", "1e9"] {
            let text = Self.cif("4 4 4 90 90 90", "Na1 Na \(x) 0 0")
            #expect(Self.fault { try CIFFile.parse(text, name: "x.cif") }.contains("not a coordinate"))
            let poscar = "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nNa\n1\nDirect\n\(x) 0 0\n"
            #expect(Self.fault { try POSCARFile.parse(poscar, name: "POSCAR") }.contains("reasonable size"))
            let ase =
                "{\"cell\":[[4,0,0],[0,4,0],[0,0,4]],\"numbers\":[11],\"scaled_positions\":[[\(x),0,0]]}"
            #expect(
                Self.fault { try StructureJSONFile.parse(ase, name: "x.json") }.contains("reasonable size"))
        }
    }

    @Test func moreAtomsThanACellCanHoldAreRefusedBeforeTheyAreRead() {
        let count = Limits.atoms + 1
        let poscar = "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nNa\n\(count)\nDirect\n0 0 0\n"
        let frame = "\(count)\nLattice=\"4 0 0 0 4 0 0 0 4\"\nNa 0 0 0\n"
        for fault in [
            Self.fault { try POSCARFile.parse(poscar, name: "POSCAR") },
            Self.fault { try ExtendedXYZFile.parse(frame, name: "x.xyz") },
        ] {
            #expect(fault.contains("\(count)"), "\(fault)")
        }
    }
}

@Suite("Reading warnings") struct ReadingWarningTests {
    /// A sentence in a file that holds the words of another kind of warning changes no verdict.
    @Test func theMeaningIsOfTheKindAndNotOfTheWords() {
        let error = CrystalFileError(
            file: "x.cif", problem: "the file says nothing and stands more than once", remedy: "correct it")
        #expect(ReadingWarning.blockLeftOut(error).meaning == .omission)
        #expect(ReadingWarning.restPassedOver(beginning: "the file says").meaning == .assumption)
        #expect(ReadingWarning.dummy(label: "the file states").meaning == .omission)
        let conflict = SymmetryConflict.several(kind: "Hall symbols", ["P 1", "-P 1"])
        #expect(ReadingWarning.symmetry(conflict).meaning == .contradiction)
    }

    @Test func everyWarningHasASentence() {
        let conflict = SymmetryConflict.noSuchNumber("231")
        let all: [ReadingWarning] = [
            .moreStructures(count: 2, taken: "a"), .beforeTheFirstBlock, .repeatedTag("_a"),
            .moreConfigurations,
            .restPassedOver(beginning: "x"), .notPeriodic(stated: "T T F"), .missingAngle("alpha"),
            .noSymmetry,
            .cellBreaksSymmetry(1), .magneticOperations(leavesMoments: true, leavesOrdinaryOperations: true),
            .referenceSettingOnly(symbol: "P 1"), .referenceNotUnderstood("x"), .symbolNotUnderstood("X"),
            .hallSymbolNotUnderstood("X"), .noSuchNumber("231"), .symmetry(conflict), .symbolsTaken(conflict),
            .confirmedByContents([conflict], taken: "P 1"), .operationsTaken(group: nil, against: ["x"]),
            .openSetting(claim: "x", taken: "y", others: ["z"]), .settingByContents(claim: "x", taken: "y"),
            .noCoordinates(label: "O1"), .dummy(label: "O1"), .unoccupied(label: "O1"), .standInElements,
            .assumedElements(["Wat as O"], hasWater: true),
            .movedToSpecialPosition(label: "O1", distance: 0.1),
            .multiplicity(label: "O1", images: 2, stated: 4), .overlap("O1", "O2", distance: 0.1),
            .position(label: "O1", found: "4c", stated: "8d"), .tensorAveraged(label: "O1", change: 0.1),
            .tensorNotPositive(label: "O1"), .tensorIncomplete(label: "O1"), .tensorsWithoutForm,
            .tensorsWithoutSite(["O1"]), .largeTensor(label: "O1", value: 1),
            .largeU(label: "O1", value: 1, isTakenAsB: false), .negative(label: "O1", value: -1, isU: true),
            .volume(read: 1, stated: 2), .density(read: 1, stated: 2), .formulaNotUnderstood("x"),
            .composition(read: "O", formula: "Si O2", units: 1),
            .formulaUnits(read: 1, formula: "O", stated: 2),
        ]
        let sentences = all.map(\.description)
        #expect(sentences.allSatisfy { !$0.isEmpty && !$0.hasSuffix(".") })
        #expect(Set(sentences).count == all.count - 1, "only the number that is none is told by two kinds")
    }
}
