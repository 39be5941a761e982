import Foundation
import Testing
import Wyckoff

/// Reaches `PossibleStarts`, `ComparableStart`.
@Suite("wyckoff recover and distort", .serialized)
struct RecoverCommandTests {
    static let pattern = CommandRun.data("patterns/pbso4-x.dat")
    static let start = CommandRun.data("starts/pbso4-1.cif")
    static let published = CommandRun.data("structures/pbso4.cif")

    @Test("a recovery leaves its files, says so in JSON, exits 0")
    func recovery() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "recover", "--pattern", Self.pattern, "--start", Self.start, "--symmetry-from",
                    Self.published,
                    "--reference", Self.published, "--range", "15:120", "--json", "-o", "result",
                ], in: folder)
            #expect(run.status == 0)
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
            for key in [
                "spaceGroup", "cell", "volume", "sites", "parameters", "rwp", "rexp", "gof", "matched",
                "rmsDisplacement", "symmetryVerified", "seconds", "seed", "version",
            ] { #expect(object[key] != nil, "\(key)") }
            #expect((object["spaceGroup"] as? [String: Any])?["number"] as? Int == 62)
            let sites = try #require(object["sites"] as? [[String: Any]])
            #expect(sites.compactMap { $0["letter"] as? String } == ["c", "c", "c", "c", "d"])
            for name in [
                "recovered.cif", "summary.json", "parameters.tsv", "fit.tsv", "fit.gnuplot", "report.html",
            ] {
                let file = folder.appendingPathComponent("result/" + name)
                #expect((try? Data(contentsOf: file).count) ?? 0 > 100, "\(name)")
            }
            let page = try String(
                contentsOf: folder.appendingPathComponent("result/report.html"), encoding: .utf8)
            #expect(!page.contains("http://") || !page.contains("<script src"))
            #expect(run.errors.contains("Pnma"))
        }
    }

    /// Start and result of the table's rows.
    private static func rows(_ output: String) -> [String: (start: Double, recovered: Double)] {
        var rows: [String: (start: Double, recovered: Double)] = [:]
        for line in output.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count > 2, let start = Double(words[1]),
                let found = Double(words[2].prefix { $0 != "(" })
            else { continue }
            rows[words[0]] = (start, found)
        }
        return rows
    }

    @Test("the start stands beside the result about the same origin, with its own cell and the same labels")
    func comparableStart() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "recover", "--pattern", Self.pattern, "--start", Self.start, "--space-group", "Pnma",
                    "--reference", Self.published, "--range", "15:120", "--quiet", "-o", "out",
                ], in: folder)
            let rows = Self.rows(run.output)
            #expect(rows.count == 14, "\(run.output)")
            let given = try CrystalFile.readFirst(Self.start).structure.lattice.lengths
            for (name, length) in zip(["a", "b", "c"], [given.x, given.y, given.z]) {
                #expect(abs((rows[name]?.start ?? 0) - length) < 1e-4, "\(name)")
            }
            for (name, row) in rows where name.contains(".") {
                let step = row.start - row.recovered
                #expect(abs(step - step.rounded()) < 0.12, "\(name) \(row)")
            }
        }
    }

    @Test("where the group is raised, the start's cell is still the one that was given")
    func raisedStart() throws {
        try CommandRun.inFolder { folder in
            try LandscapeCommandTests.crystal.write(
                to: folder.appendingPathComponent("u.cif"), atomically: true, encoding: .utf8)
            for words in [
                ["pattern", "u.cif", "--range", "10:90:0.02", "--wavelength", "CuKa", "-o", "p.xye"],
                ["distort", "u.cif", "--lattice", "0.03", "--seed", "1", "-o", "s.cif"],
            ] { #expect(try CommandRun(words, in: folder).status == 0) }
            let run = try CommandRun(
                [
                    "recover", "--pattern", "p.xye", "--start", "s.cif", "--wavelength", "CuKa", "--quiet",
                    "-o", "out",
                ], in: folder)
            #expect(run.status == 0 && run.output.contains("P 6/m m m (191)"), "\(run.output)")
            let c = try CrystalFile.readFirst(folder.appending(path: "s.cif").path).structure.lattice.lengths
                .z
            #expect(abs((Self.rows(run.output)["c"]?.start ?? 0) - c) < 1e-4, "\(run.output)")
        }
    }

    @Test("a start that is spelled in two ways is given twice")
    func spellings() throws {
        try CommandRun.inFolder { folder in
            let file = folder.appendingPathComponent("a.cif")
            try FileManager.default.copyItem(atPath: Self.start, toPath: file.path)
            try FileManager.default.createSymbolicLink(
                at: folder.appendingPathComponent("b.cif"), withDestinationURL: file)
            for other in ["a.cif", "./a.cif", file.path, "b.cif"] {
                let run = try CommandRun(
                    [
                        "recover", "--pattern", Self.pattern, "--start", "a.cif", "--start", other, "-o", "r",
                    ], in: folder)
                #expect(run.status == 2)
                #expect(run.errors.contains("--start \(other) is given twice; give it once"), "\(run.errors)")
            }
        }
    }

    @Test("the same seed distorts alike; another does not")
    func distortion() throws {
        try CommandRun.inFolder { folder in
            for (name, seed) in [("a.cif", "7"), ("b.cif", "7"), ("c.cif", "8")] {
                let run = try CommandRun(["distort", Self.published, "--seed", seed, "-o", name], in: folder)
                #expect(run.status == 0)
            }
            func text(_ name: String) throws -> String {
                try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            }
            #expect(try text("a.cif") == text("b.cif"))
            #expect(try text("a.cif") != text("c.cif"))
        }
    }

    /// Bad inputs: what is written into `bad`, and the options that name it.
    static let bad: [(name: String, content: Data, option: String)] = [
        ("empty.cif", Data(), "--start"),
        (
            "truncated.cif",
            Data("data_x\n_cell_length_a 5\nloop_\n_atom_site_label\n_atom_site_fract_x\nO1".utf8), "--start"
        ),
        ("binary.cif", Data([0, 1, 2, 255, 254, 0, 0, 7]), "--start"),
        (
            "nocell.cif",
            Data(
                "data_x\nloop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\nO1 0 0 0\n"
                    .utf8),
            "--start"
        ),
        (
            "nosites.cif",
            Data(
                "data_x\n_cell_length_a 5\n_cell_length_b 5\n_cell_length_c 5\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\n"
                    .utf8), "--start"
        ),
        ("empty.xy", Data(), "--pattern"),
        ("binary.xy", Data([0, 1, 2, 255, 254, 0, 0, 7]), "--pattern"),
        ("column.xy", Data("10\n20\n30\n".utf8), "--pattern"),
        ("unordered.xy", Data("30 1\n10 2\n20 3\n".utf8), "--pattern"),
    ]

    @Test("bad input: one line with the file and a remedy, exit 2, nothing written", arguments: bad.indices)
    func badFiles(index: Int) throws {
        let (name, content, option) = Self.bad[index]
        try CommandRun.inFolder { folder in
            try content.write(to: folder.appendingPathComponent(name))
            var options = [
                "--pattern": Self.pattern, "--start": Self.start, "--symmetry-from": Self.published,
            ]
            options[option] = name
            let run = try CommandRun(
                ["recover", "-o", "result"]
                    + options.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] },
                in: folder)
            #expect(run.status == 2)
            let lines = run.errors.split(separator: "\n")
            #expect(lines.count == 1)
            #expect(lines.last?.contains(name) == true)
            #expect(lines.last?.contains(";") == true)
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("result").path))
        }
    }

    @Test(
        "bad usage: exit 2, nothing written",
        arguments: [
            ["--space-group", "Pxyz"], ["--space-group", "231"], ["--space-group", "227"],
            ["--symmetry-from", CommandRun.data("structures/nac.cif")],
            ["--symmetry-from", CommandRun.data("structures/pbso4.cif"), "--wavelength", "Foo"],
            ["--symmetry-from", CommandRun.data("structures/pbso4.cif"), "--wavelength", "0"],
            ["--symmetry-from", CommandRun.data("structures/pbso4.cif"), "--range", "170:175"],
            ["--symmetry-from", CommandRun.data("structures/pbso4.cif"), "--range", "20"],
            ["--symmetry-from", CommandRun.data("structures/pbso4.cif"), "--space-group", "62"],
            ["--space-group", "62", "--start", RecoverCommandTests.start],
        ])
    func badUsage(options: [String]) throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                ["recover", "--pattern", Self.pattern, "--start", Self.start, "-o", "result"] + options,
                in: folder)
            #expect(run.status == 2)
            #expect(!run.errors.isEmpty)
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("result").path))
        }
    }

    @Test("--help goes to standard output, exit 0; an unknown subcommand exits 2")
    func usage() throws {
        try CommandRun.inFolder { folder in
            let help = try CommandRun(["recover", "--help"], in: folder)
            #expect(help.status == 0)
            #expect(help.output.contains("--symmetry-from"))
            #expect(try CommandRun(["nonsense"], in: folder).status == 2)
        }
    }

    static let neutrons = CommandRun.data("patterns/pbso4-n.dat")

    @Test("X-rays and neutrons together: both Rwp and the joint one stand in summary and report")
    func joint() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "recover", "--pattern", Self.pattern, "--pattern", Self.neutrons, "--radiation", "xray",
                    "--radiation", "neutron", "--wavelength", "CuKa", "--wavelength", "1.909", "--range",
                    "15:120", "--range", "all", "--start", Self.start, "--symmetry-from", Self.published,
                    "--reference", Self.published, "-o", "result", "--json", "--quiet",
                ], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            struct Summary: Decodable {
                struct Row: Decodable {
                    let radiation: String
                    let wavelength: Double
                    let wavelengthUncertainty: Double?
                    let rwp: Double
                    let points: Int
                }
                struct Site: Decodable {
                    let element: String
                    let displacement: Double?
                }
                let rwp: Double
                let points: Int
                let patterns: [Row]
                let sites: [Site]
            }
            let summary = try JSONDecoder().decode(Summary.self, from: Data(run.output.utf8))
            #expect(summary.patterns.map(\.radiation) == ["xray", "neutron"])
            #expect(summary.patterns[0].rwp < 0.105)
            #expect(summary.patterns[1].rwp < 0.055)
            #expect(summary.rwp > summary.patterns[1].rwp && summary.rwp < summary.patterns[0].rwp)
            #expect(summary.points == summary.patterns[0].points + summary.patterns[1].points)
            #expect(summary.patterns[0].wavelengthUncertainty == nil)
            #expect(summary.patterns[1].wavelengthUncertainty != nil)
            #expect(abs(summary.patterns[1].wavelength / 1.909 - 1) < 0.003)
            // Oxygen atoms, which X-rays alone leave 0.1 Å off beside lead.
            #expect(summary.sites.compactMap(\.displacement).max() ?? 1 < 0.12)
            let page = try String(contentsOf: folder.appending(path: "result/report.html"), encoding: .utf8)
            #expect(page.contains("pbso4-n.dat") && page.contains("together"))
            #expect(
                FileManager.default.fileExists(atPath: folder.appending(path: "result/fit-2.tsv").path))
        }
    }

    @Test(
        "options of several patterns are given for each, or the command says so",
        arguments: [
            ["--radiation", "neutron"], ["--wavelength", "CuKa"], ["--range", "15:120"],
            ["--polarization", "0.5"], ["--exclude", "30:31"], ["--exclude", "3@30:31"],
            ["--radiation", "xray", "--radiation", "neutron"], ["--potential", "chgnet"],
        ])
    func jointOptions(_ options: [String]) throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "recover", "--pattern", Self.pattern, "--pattern", Self.neutrons, "--start", Self.start,
                    "--symmetry-from", Self.published, "-o", "result", "--quiet",
                ] + options, in: folder)
            #expect(run.status == 2)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains(options.count == 2 ? options[0] : "--wavelength"), "\(run.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "result").path))
        }
    }
}
