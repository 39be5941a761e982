import Foundation
import Testing

@Suite("Symmetry commands", .serialized)
struct SymmetryCommandsTests {
    static let structure = """
        Si
        5.43
        1 0 0
        0 1 0
        0 0 1
        Si
        8
        direct
        0 0 0
        0 .5 .5
        .5 0 .5
        .5 .5 0
        .25 .25 .25
        .25 .75 .75
        .75 .25 .75
        .75 .75 .25

        """

    static func run(_ arguments: [String], check: (CommandRun, URL) throws -> Void) throws {
        try CommandRun.inFolder { folder in
            try structure.write(
                to: folder.appendingPathComponent("si.vasp"), atomically: true, encoding: .utf8)
            try check(try CommandRun(arguments, in: folder), folder)
        }
    }

    static func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func symmetryPrintsOneObjectForEachFile() throws {
        try Self.run(["symmetry", "si.vasp", "si.vasp", "--json"]) { run, _ in
            #expect(run.status == 0)
            let lines = run.output.split(separator: "\n")
            #expect(lines.count == 2)
            let object = try Self.object(String(try #require(lines.first)))
            #expect(
                Set(object.keys) == [
                    "file", "number", "hallNumber", "international", "choice", "pointGroup", "crystalFamily",
                    "tolerance", "letters", "siteSymmetry", "orbits", "maxDisplacement", "rmsDisplacement",
                    "rms",
                    "spaceGroup", "inputSetting", "ladder", "labels", "operations", "transformation",
                    "originShift", "standardCell",
                ])
            #expect(object["inputSetting"] is NSNull && object["ladder"] is NSNull)
            let group = try #require(object["spaceGroup"] as? [String: Any])
            #expect(Set(group.keys) == ["number", "symbol", "choice", "hallNumber"])
            #expect(object["number"] as? Int == 227)
            #expect((object["letters"] as? [String])?.count == 8)
        }
    }

    @Test func parametersOfSiliconAreOneLength() throws {
        try Self.run(["parameters", "si.vasp", "--json"]) { run, _ in
            #expect(run.status == 0)
            let object = try Self.object(run.output)
            #expect(object["degreesOfFreedom"] as? Int == 1)
            let first = (object["parameters"] as? [[String: Any]])?.first
            #expect(
                Set(first?.keys.map { $0 } ?? []) == ["name", "value", "unit", "lower", "upper", "formula"])
        }
    }

    @Test func validationThatFailsExitsWithOne() throws {
        try Self.run(["validate", "si.vasp", "--expect", "225", "--quiet"]) { run, _ in
            #expect(run.status == 1)
            #expect(run.output.contains("225") && run.output.contains("227"))
        }
        try Self.run(["validate", "si.vasp", "--expect", "227"]) { run, _ in #expect(run.status == 0) }
    }

    @Test func badInputIsOneLineAndWritesNothing() throws {
        try Self.run(["convert", "missing.cif", "out.vasp"]) { run, folder in
            #expect(run.status == 2)
            #expect(run.errors.contains("missing.cif"))
            #expect(run.errors.split(separator: "\n").count == 1)
            let out = folder.appendingPathComponent("out.vasp").path
            #expect(!FileManager.default.fileExists(atPath: out))
        }
    }

    @Test func writingCommandsWriteWhatOthersRead() throws {
        for command in [
            ["symmetrize", "si.vasp", "--cell", "keep", "-o", "out.vasp"],
            ["shake", "si.vasp", "--amplitude", "0.05", "--lattice", "0.02", "-o", "out.vasp"],
            ["convert", "si.vasp", "out.vasp"],
        ] {
            try Self.run(command) { run, folder in
                #expect(run.status == 0, "\(run.errors)")
                let again = try CommandRun(["symmetry", "out.vasp", "--json"], in: folder)
                #expect(try Self.object(again.output)["number"] as? Int == 227)
            }
        }
    }

    @Test func spaceGroupTableOfPnma() throws {
        try Self.run(["spacegroup", "Pnma", "--json"]) { run, _ in
            let object = try Self.object(run.output)
            #expect(object["number"] as? Int == 62)
            #expect((object["operations"] as? [String])?.count == 8)
            #expect((object["wyckoffPositions"] as? [Any])?.count == 4)
        }
    }

    @Test("a bad file among many is reported, the others are answered, and the status is 2")
    func badFileAmongMany() throws {
        for command in ["symmetry", "parameters"] {
            try Self.run([command, "si.vasp", "missing.cif", "si.vasp", "--json"]) { run, _ in
                #expect(run.status == 2)
                let lines = run.output.split(separator: "\n")
                #expect(lines.count == 3 && lines.filter { $0.hasPrefix("{\"error\":") }.count == 1)
                #expect(run.errors.contains("missing.cif"))
            }
        }
    }

    @Test("shake and convert say what they did as JSON")
    func writersTellWhatTheyDid() throws {
        try Self.run(["shake", "si.vasp", "--lattice", "0.02", "--json", "-o", "out.vasp"]) { run, _ in
            let object = try Self.object(run.output)
            #expect(object["number"] as? Int == 227)
            let row = try #require((object["parameters"] as? [[String: Any]])?.first)
            let (before, after) = (row["before"] as? Double ?? 0, row["after"] as? Double ?? 0)
            #expect(row["name"] as? String == "a" && abs(before - 5.43) < 1e-9 && abs(after - 5.43) > 1e-6)
        }
        try Self.run(["convert", "si.vasp", "out.cif", "--json"]) { run, _ in
            let object = try Self.object(run.output)
            #expect(object["structures"] as? Int == 1 && object["formulas"] as? [String] == ["Si8"])
        }
    }

    @Test("spacegroup prints reflection conditions, normalizer and subgroups as ITA has them")
    func spaceGroupFurther() throws {
        try Self.run(["spacegroup", "Pnma", "--json"]) { run, _ in
            let object = try Self.object(run.output)
            let conditions = (object["reflectionConditions"] as? [[String: String]] ?? []).map {
                "\($0["zone"] ?? ""): \($0["condition"] ?? "")"
            }
            // ITA Vol. A, Pnma: 0kl k + l = 2n; hk0 h = 2n; h00, 0k0, 00l even.
            #expect(
                conditions.contains { $0.contains("0kl") && $0.contains("k + l") || $0.contains("0kl: k+l") })
            #expect(conditions.contains { $0.hasPrefix("hk0: h") })
            let normalizer = try #require(object["normalizer"] as? [String: Any])
            #expect(normalizer["index"] as? Int == 8)
            let numbers = (object["subgroups"] as? [[String: Any]] ?? []).compactMap { $0["number"] as? Int }
            #expect(Set(numbers) == [1, 2, 4, 6, 7, 11, 14, 19, 26, 31, 33])
        }
    }

    @Test("validate --json ends with a summary; --ladder lists the groups")
    func validationSummary() throws {
        try Self.run(["validate", "si.vasp", "--expect", "227", "--json", "--ladder"]) { run, _ in
            #expect(run.status == 0)
            let lines = run.output.split(separator: "\n").map(String.init)
            #expect(lines.count == 2)
            let record = try Self.object(try #require(lines.first))
            #expect((record["ladder"] as? [[String: Any]])?.first?["number"] as? Int == 227)
            let summary = try Self.object(try #require(lines.last))["summary"] as? [String: Any]
            #expect(summary?["records"] as? Int == 1 && summary?["failed"] as? Int == 0)
        }
    }

    @Test("records that lie or are damaged fail with a reason each; the rest of the set is judged")
    func lyingRecords() throws {
        let good = """
            {"lattice":{"matrix":[[4,0,0],[0,4,0],[0,0,4]]},"sites":[{"species":[{"element":"Po","occu":1}],"abc":[0,0,0]}]}
            """
        let records = [
            good, good.replacingOccurrences(of: "[[4,0,0]", with: "[[0,0,0]"),
            good.replacingOccurrences(
                of: "\"sites\":[",
                with: "\"sites\":[{\"species\":[{\"element\":\"Po\",\"occu\":1}],\"abc\":[0.01,0,0]},"),
            String(good.prefix(60)), "", good,
        ]
        try CommandRun.inFolder { folder in
            try records.joined(separator: "\n").write(
                to: folder.appendingPathComponent("set.jsonl"), atomically: true, encoding: .utf8)
            let run = try CommandRun(["validate", "set.jsonl", "--json", "--quiet"], in: folder)
            #expect(run.status == 1)
            let objects = try run.output.split(separator: "\n").map { try Self.object(String($0)) }
            let judged = objects.compactMap { $0["passed"] as? Bool }
            #expect(judged == [true, false, false, false, true])
            #expect(
                objects.filter { $0["passed"] as? Bool == false }.allSatisfy {
                    ($0["reason"] as? String)?.isEmpty == false
                })
        }
    }
}

extension SymmetryCommandsTests {
    @Test("letters of the setting that a file is in stand beside those of the group's first one")
    func inputSetting() throws {
        try Self.run(["spacegroup", "227"]) { _, folder in
            // Si on 8a of choice 2, whose origin is the centre of inversion.
            let shifted = Self.structure.split(separator: "\n", omittingEmptySubsequences: false)
                .enumerated().map { index, line -> String in
                    guard index >= 8 else { return String(line) }
                    return line.split(separator: " ").compactMap { Double($0) }
                        .map { "\(($0 + 0.875).truncatingRemainder(dividingBy: 1))" }.joined(separator: " ")
                }.joined(separator: "\n")
            try shifted.write(
                to: folder.appendingPathComponent("two.vasp"), atomically: true, encoding: .utf8)
            let run = try CommandRun(["symmetry", "two.vasp", "--json"], in: folder)
            let object = try Self.object(run.output)
            let own = try #require(object["inputSetting"] as? [String: Any])
            #expect(own["hallNumber"] as? Int == 526 && own["choice"] as? String == "2")
            #expect(Set(own["letters"] as? [String] ?? []) == ["a"])
            let text = try CommandRun(["symmetry", "two.vasp"], in: folder).output
            #expect(text.contains("Hall number 526") && text.contains("(8a  -43m)"))
        }
    }

    @Test("a group is found by number, short, full and Hall symbol, and by setting")
    func spaceGroupNames() throws {
        for (arguments, hall) in [
            (["62"], 292), (["Pnma"], 292), (["P 21/n 21/m 21/a"], 292), (["hall:-P 2ac 2n"], 292),
            (["62", "--setting", "cab"], 294), (["Pnma", "--setting", "cab"], 294),
            (["227"], 526), (["227", "--setting", "1"], 525),
        ] {
            try Self.run(["spacegroup"] + arguments + ["--json"]) { run, _ in
                #expect(run.status == 0, "\(run.errors)")
                let found = try Self.object(run.output)
                #expect(found["hallNumber"] as? Int == hall, "\(arguments)")
            }
        }
        try Self.run(["spacegroup", "62", "--setting", "2"]) { run, _ in
            #expect(run.status == 2 && run.errors.contains("cab"))
        }
    }

    @Test("numbers beyond 230 are no groups, and huge ones in a Hall symbol no crash")
    func spaceGroupsThatAreNone() throws {
        for text in [
            "231", "300", "0", "530", "hall:531", "hall:P 1 (x+9223372036854775807,y,z)",
            "P 1 (x+9223372036854775807,y,z)", "99999999999999999999",
        ] {
            try Self.run(["spacegroup", text]) { run, _ in
                #expect(run.status == 2 && run.output.isEmpty, "\(text)")
                #expect(run.errors.contains("no space group"), "\(run.errors)")
            }
        }
    }

    @Test("a folder with a Hall symbol of huge numbers is validated to the end")
    func hugeNumbersInAFolder() throws {
        try CommandRun.inFolder { folder in
            let cif = """
                data_x
                _cell_length_a 5
                _cell_length_b 5
                _cell_length_c 5
                _space_group_name_Hall 'HALL'
                loop_
                _atom_site_label
                _atom_site_fract_x
                _atom_site_fract_y
                _atom_site_fract_z
                Fe1 0 0 0
                """
            for (name, hall) in [("a", "P 1 (x+9223372036854775807,y,z)"), ("b", "-P 4 2 3")] {
                try Data(cif.replacing("HALL", with: hall).utf8).write(
                    to: folder.appendingPathComponent(name + ".cif"))
            }
            let run = try CommandRun(["validate", folder.path], in: folder)
            #expect(run.status == 1 || run.status == 2)
            #expect((run.output + run.errors).contains("a.cif") && (run.output + run.errors).contains("Hall"))
        }
    }

    @Test("a centred group is listed modulo its centring, as ITA prints it")
    func spaceGroupModuloCentring() throws {
        try Self.run(["spacegroup", "225"]) { run, _ in
            #expect(run.output.contains("(0,0,0)+ (0,1/2,1/2)+ (1/2,0,1/2)+ (1/2,1/2,0)+"))
            #expect(run.output.contains("(48) ") && !run.output.contains("(49) "))
            #expect(run.output.contains("\n4a    m-3m    0,0,0\n"))
        }
    }

    @Test(
        "of several data blocks and frames each is judged: lying operators, coinciding atoms, a broken frame")
    func damagedBlocksAndFrames() throws {
        try CommandRun.inFolder { folder in
            let frame = """
                8
                Lattice="5.43 0 0 0 5.43 0 0 0 5.43" Properties=species:S:1:pos:R:3
                Si 0 0 0
                Si 0 2.715 2.715
                Si 2.715 0 2.715
                Si 2.715 2.715 0
                Si 1.3575 1.3575 1.3575
                Si 1.3575 4.0725 4.0725
                Si 4.0725 1.3575 4.0725
                Si 4.0725 4.0725 1.3575

                """
            let broken = frame.split(separator: "\n").prefix(4).joined(separator: "\n") + "\n"
            try (frame + broken + frame).write(
                to: folder.appendingPathComponent("set.extxyz"), atomically: true, encoding: .utf8)
            let cell = [
                "length_a 5", "length_b 5", "length_c 5", "angle_alpha 90", "angle_beta 90", "angle_gamma 90",
            ]
            .map { "_cell_\($0)\n" }.joined()
            let sites = "loop_\n_atom_site_label\n" + "xyz".map { "_atom_site_fract_\($0)\n" }.joined()
            let lying = "loop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\n-x+1/3,y,z\n"
            try [
                "data_good\n\(cell)\(sites)Po 0 0 0\n", "data_lying\n\(cell)\(lying)\(sites)Po 0 0 0\n",
                "data_twice\n\(cell)\(sites)Po 0 0 0\nPo2 0 0 0.0001\n",
            ].joined().write(to: folder.appendingPathComponent("many.cif"), atomically: true, encoding: .utf8)
            let run = try CommandRun(["validate", "set.extxyz", "many.cif", "--json", "--quiet"], in: folder)
            #expect(run.status == 1, "\(run.errors)")
            let judged = try run.output.split(separator: "\n")
                .compactMap { try Self.object(String($0))["passed"] as? Bool }
            #expect(judged == [true, false, true, true, false, false])
        }
    }
}
