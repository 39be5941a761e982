import Foundation
import Testing

@Suite("wyckoff solve", .enabled(if: CommandRun.binary != nil, "build the product wyckoff first"))
struct SolveCommandTests {
    private struct Answer: Decodable {
        struct Group: Decodable { var number: Int }
        struct Best: Decodable { var spaceGroup: Group }
        struct Candidate: Decodable {
            var file: String
            var z: Int
            var rwp: Double
        }
        var solved: Bool
        var best: Best?
        var candidates: [Candidate]
    }

    private func answer(_ run: CommandRun) throws -> Answer {
        try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
    }

    @Test(
        "lead sulfate from its formula and measured pattern alone: P n m a, proven, and the structure is the published one"
    )
    func leadSulfate() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "solve", CommandRun.data("patterns/pbso4-x.dat"), "--formula", "PbSO4", "--wavelength",
                    "CuKa",
                    "--json", "--quiet", "-o", "out",
                ], in: folder)
            #expect(run.status == 0)
            let found = try answer(run)
            #expect(found.solved)
            #expect(found.best?.spaceGroup.number == 62)
            #expect(found.candidates.allSatisfy { $0.z == 4 })
            for candidate in found.candidates {
                let file = folder.appendingPathComponent("out/\(candidate.file)")
                #expect(FileManager.default.fileExists(atPath: file.path))
            }
            let match = try CommandRun(
                ["match", "out/solved.cif", CommandRun.data("structures/pbso4.cif")], in: folder)
            #expect(match.status == 0)
        }
    }

    /// FePO4 of quartz's type, whose iron and phosphorus alone would be in P 64 2 2.
    private static let phosphate = """
        data_phosphate
        _cell_length_a 5.2
        _cell_length_b 5.2
        _cell_length_c 11.549
        _cell_angle_alpha 90
        _cell_angle_beta 90
        _cell_angle_gamma 120
        _space_group_name_H-M_alt 'P 31 2 1'
        loop_
        _atom_site_label
        _atom_site_type_symbol
        _atom_site_fract_x
        _atom_site_fract_y
        _atom_site_fract_z
        _atom_site_B_iso_or_equiv
        Fe1 Fe 0.465 0 0.33333333 0.8
        P1 P 0.468 0 0.83333333 0.8
        O1 O 0.113 0.697 0.266 0.8
        O2 O 0.418 0.251 0.881 0.8

        """

    @Test(
        "a structure that is met in a group too high is followed into the subgroup that fits better, and proven there"
    )
    func subgroup() throws {
        try CommandRun.inFolder { folder in
            try Self.phosphate.write(
                to: folder.appendingPathComponent("phosphate.cif"), atomically: true, encoding: .utf8)
            try CountedPattern.write("counts.xy", of: ["phosphate.cif"], in: folder)
            let run = try CommandRun(
                [
                    "solve", "counts.xy", "--formula", "FePO4", "--wavelength", "CuKa", "--cell",
                    "5.2,5.2,11.549,90,90,120", "--z", "3", "--types", "none", "--json", "-o", "out",
                ], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.errors.contains("a subgroup: Rwp"))
            let number = try #require(try answer(run).best?.spaceGroup.number)
            #expect([152, 154].contains(number))
            let match = try CommandRun(["match", "out/solved.cif", "phosphate.cif"], in: folder)
            #expect(match.status == 0)
        }
    }

    private static let mixture = """
        data_mixture
        _cell_length_a 3.88
        _cell_length_b 3.88
        _cell_length_c 3.88
        _cell_angle_alpha 90
        _cell_angle_beta 90
        _cell_angle_gamma 90
        _space_group_name_H-M_alt 'P m -3 m'
        loop_
        _atom_site_label
        _atom_site_type_symbol
        _atom_site_fract_x
        _atom_site_fract_y
        _atom_site_fract_z
        _atom_site_occupancy
        _atom_site_B_iso_or_equiv
        La La 0.5 0.5 0.5 0.5 0.6
        Ba Ba 0.5 0.5 0.5 0.5 0.6
        Co Co 0 0 0 1 0.5
        O O 0.5 0 0 1 0.9

        """

    @Test(
        "elements of a composition that is not whole share a position; Kα₂ is taken where the pattern has it, and both are said"
    )
    func sharedPositions() throws {
        try CommandRun.inFolder { folder in
            try Self.mixture.write(
                to: folder.appendingPathComponent("mixture.cif"), atomically: true, encoding: .utf8)
            let made = try CommandRun(
                [
                    "pattern", "mixture.cif", "--range", "15:120:0.02", "--wavelength", "CuKa", "--noise",
                    "20000",
                    "--background", "100", "--seed", "3", "-o", "p.xye",
                ], in: folder)
            #expect(made.status == 0)
            let run = try CommandRun(
                [
                    "solve", "p.xye", "--formula", "La0.5Ba0.5CoO3", "--wavelength", "1.5406", "--json", "-o",
                    "out",
                    "--time-limit", "60",
                ], in: folder)
            #expect(run.errors.contains("La 0.5, Ba 0.5 share positions"))
            #expect(run.errors.contains("companions where Kα₂ stands"))
            let found = try answer(run)
            #expect(found.best?.spaceGroup.number == 221)
            let match = try CommandRun(["match", "out/solved.cif", "mixture.cif"], in: folder)
            #expect(match.status == 0)
            let cif = try String(
                contentsOf: folder.appendingPathComponent("out/solved.cif"), encoding: .utf8)
            #expect(cif.contains("La") && cif.contains("Ba"))
        }
    }

    @Test("with a wrong formula it does not know: status 1")
    func wrongFormula() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "solve", CommandRun.data("patterns/pbso4-x.dat"), "--formula", "BaSO4", "--wavelength",
                    "CuKa",
                    "--cell", "8.48,5.398,6.959", "--space-group", "Pnma", "--json", "--quiet",
                    "--time-limit", "20",
                ], in: folder)
            #expect(run.status == 1)
            #expect(try !answer(run).solved)
        }
    }

    @Test(
        "bad input: one line with its remedy, status 2",
        arguments: [
            (["--formula", "pbso4"], "--formula"),
            (["--formula", "PbSO4", "--space-group", "Pnma"], "--cell"),
            (["--formula", "PbSO4", "--z", "0"], "--z"), (["--formula", "PbSO4", "--jobs", "0"], "--jobs"),
            (
                ["--formula", "PbSO4", "--cell", "8.48,5.398,6.959", "--space-group", "Fm-3m"],
                "--space-group"
            ),
            (["--formula", "PbSO4", "--cell", "8.48,x"], "--cell"),
            (["--formula", "PbSO4", "--texture", "plates"], "none, march"),
        ])
    func badInput(words: [String], named: String) throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                ["solve", CommandRun.data("patterns/pbso4-x.dat"), "--quiet"] + words, in: folder)
            #expect(run.status == 2)
            #expect(run.errors.contains(named))
        }
    }
}
