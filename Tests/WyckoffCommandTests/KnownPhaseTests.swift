import Foundation
import Testing

/// Mixtures whose second phase is known: `--also` of index, solve and recover (`KnownPhases`).
@Suite("--also", .serialized, .enabled(if: CommandRun.binary != nil, "build the product wyckoff first"))
struct KnownPhaseTests {
    private static let quartz = """
        data_quartz
        _cell_length_a 4.9134
        _cell_length_b 4.9134
        _cell_length_c 5.4052
        _cell_angle_alpha 90
        _cell_angle_beta 90
        _cell_angle_gamma 120
        _symmetry_space_group_name_H-M 'P 32 2 1'
        loop_
        _atom_site_label
        _atom_site_type_symbol
        _atom_site_fract_x
        _atom_site_fract_y
        _atom_site_fract_z
        _atom_site_B_iso_or_equiv
        Si1 Si 0.4699 0 0.66667 0.5
        O1 O 0.4141 0.2681 0.7854 0.8

        """

    private static let fluorite = """
        data_fluorite
        _cell_length_a \(length)
        _cell_length_b \(length)
        _cell_length_c \(length)
        _cell_angle_alpha 90
        _cell_angle_beta 90
        _cell_angle_gamma 90
        _symmetry_space_group_name_H-M 'F m -3 m'
        loop_
        _atom_site_label
        _atom_site_type_symbol
        _atom_site_fract_x
        _atom_site_fract_y
        _atom_site_fract_z
        _atom_site_B_iso_or_equiv
        Ca1 Ca 0 0 0 0.5
        F1 F 0.25 0.25 0.25 0.7

        """
    private static let length = "5.4630"

    private struct Summary: Decodable {
        struct Group: Decodable { var number: Int }
        struct Phase: Decodable {
            var file: String
            var cell: [Double]
            var weightFraction: Double
            var weightUncertainty: Double?
        }
        var spaceGroup: Group
        var phases: [Phase]
        var matched: Bool?
    }

    private struct Solved: Decodable {
        var solved: Bool
        var best: Summary?
    }

    private struct Indexed: Decodable {
        struct Cell: Decodable {
            var lattice: String
            var a: Double
            var c: Double
        }
        struct Known: Decodable {
            var file: String
            var share: Double
            var lines: [Double]
            var cell: [Double]
        }
        var cells: [Cell]
        var known: [Known]
    }

    /// 72 % quartz and 28 % fluorite whose cell is 0.2 % larger than the file's that --also gives.
    private func mixture(in folder: URL) throws {
        func write(_ text: String, _ name: String) throws {
            try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
        }
        try write(Self.quartz, "quartz.cif")
        try write(Self.fluorite, "fluorite.cif")
        try write(Self.fluorite.replacingOccurrences(of: Self.length, with: "5.4739"), "warm.cif")
        try CountedPattern.write(
            "mixture.xy", of: ["quartz.cif", "warm.cif"], fractions: [0.72, 0.28], in: folder)
    }

    private func checkFluorite(_ phases: [Summary.Phase]) throws {
        let known = try #require(phases.last)
        #expect(phases.count == 2 && known.file == "fluorite.cif")
        #expect(abs(known.weightFraction - 0.28) < 0.02)
        let uncertainty = try #require(known.weightUncertainty)
        #expect(uncertainty > 0 && uncertainty < 0.01)
        #expect(abs(known.cell[0] - 5.4739) < 0.001)
        #expect(abs(phases.reduce(0) { $0 + $1.weightFraction } - 1) < 1e-9)
    }

    @Test("index: lines of the known phase are left out and said, and the other's lattice is first")
    func index() throws {
        try CommandRun.inFolder { folder in
            try mixture(in: folder)
            let words = ["index", "mixture.xy", "--wavelength", "CuKa", "--also", "fluorite.cif", "--quiet"]
            let run = try CommandRun(words + ["--json"], in: folder)
            let found = try JSONDecoder().decode(Indexed.self, from: Data(run.output.utf8))
            let best = try #require(found.cells.first)
            #expect(best.lattice == "hP")
            #expect(abs(best.a - 4.9134) < 0.003 && abs(best.c - 5.4052) < 0.003)
            let known = try #require(found.known.first)
            #expect(abs(known.cell[0] - 5.4739) < 0.003)
            #expect(known.share > 0.15 && known.share < 0.8)
            // 111, 220, 311 of fluorite.
            for angle in [28.21, 46.90, 55.65] {
                #expect(known.lines.contains { abs($0 - angle) < 0.15 }, "\(angle)")
            }
            let text = try CommandRun(words, in: folder).output
            #expect(text.contains("fluorite.cif gives") && text.contains("left out as its own"))
        }
    }

    @Test("solve: quartz beside fluorite from its formula, proven, with the fluorite's weight fraction")
    func solve() throws {
        try CommandRun.inFolder { folder in
            try mixture(in: folder)
            let run = try CommandRun(
                [
                    "solve", "mixture.xy", "--formula", "SiO2", "--wavelength", "CuKa", "--also",
                    "fluorite.cif", "--types", "none", "--quiet", "--json", "-o", "out",
                ], in: folder)
            #expect(run.status == 0)
            let found = try JSONDecoder().decode(Solved.self, from: Data(run.output.utf8))
            let best = try #require(found.best)
            #expect([152, 154].contains(best.spaceGroup.number))
            try checkFluorite(best.phases)
            let page = try String(
                contentsOf: folder.appendingPathComponent("out/report.html"), encoding: .utf8)
            #expect(page.contains("fluorite.cif") && page.contains("Z · M · V"))
            let match = try CommandRun(["match", "out/solved.cif", "quartz.cif"], in: folder)
            #expect(match.status == 0)
        }
    }

    @Test(
        "recover: a distorted start beside fluorite, proven, with the fluorite's weight fraction in the text")
    func recover() throws {
        try CommandRun.inFolder { folder in
            try mixture(in: folder)
            let distorted = try CommandRun(
                [
                    "distort", "quartz.cif", "--lattice", "0.02", "--coordinates", "0.02", "--seed", "3",
                    "-o", "start.cif",
                ], in: folder)
            #expect(distorted.status == 0)
            let words = [
                "recover", "--pattern", "mixture.xy", "--wavelength", "CuKa", "--start", "start.cif",
                "--symmetry-from", "quartz.cif", "--also", "fluorite.cif", "--quiet", "-o", "out",
            ]
            let run = try CommandRun(words, in: folder)
            #expect(run.status == 0, "\(run.output)\(run.errors)")
            #expect(run.output.contains("phase fluorite.cif, F m -3 m: 2"))
            let data = try Data(contentsOf: folder.appendingPathComponent("out/summary.json"))
            try checkFluorite(try JSONDecoder().decode(Summary.self, from: data).phases)
            let two = try CommandRun(words + ["--pattern", "mixture.xy"], in: folder)
            #expect(two.status == 2)
        }
    }

    @Test("recover, measured: the fluorite in the sample of Na2Ca3Al2F14 has its weight fraction")
    func measured() throws {
        try CommandRun.inFolder { folder in
            try Self.fluorite.write(
                to: folder.appendingPathComponent("fluorite.cif"), atomically: true, encoding: .utf8)
            let run = try CommandRun(
                [
                    "recover", "--pattern", CommandRun.data("patterns/11BM_NAC.fxye"), "--wavelength",
                    "0.413909", "--range", "3:30", "--start", CommandRun.data("structures/nac.cif"),
                    "--symmetry-from", CommandRun.data("structures/nac.cif"), "--also", "fluorite.cif",
                    "--reference", CommandRun.data("structures/nac.cif"), "--quiet", "-o", "out",
                ], in: folder)
            #expect(run.status < 2, "\(run.errors)")
            let data = try Data(contentsOf: folder.appendingPathComponent("out/summary.json"))
            let summary = try JSONDecoder().decode(Summary.self, from: data)
            #expect(summary.matched == true)
            let known = try #require(summary.phases.last)
            let uncertainty = try #require(known.weightUncertainty)
            #expect(known.weightFraction > 5 * uncertainty && known.weightFraction < 0.2)
            #expect(abs(known.cell[0] - 5.463) < 0.01)
        }
    }
}
