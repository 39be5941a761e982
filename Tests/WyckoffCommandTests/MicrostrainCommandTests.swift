import Foundation
import Testing

/// Widths that differ with direction, and what is known beside the pattern, from the command line.
@Suite("microstrain and restraints", .enabled(if: CommandRun.binary != nil, "build wyckoff first"))
struct MicrostrainCommandTests {
    private let zincite = CommandRun.data("structures/zincite.cif")
    private let anglesite = CommandRun.data("structures/pbso4.cif")

    private struct Summary: Decodable {
        struct Row: Decodable {
            let name: String
            let value: Double
            let uncertainty: Double?
        }
        struct Restraint: Decodable {
            let name: String
            let count: Int
            let deviation: Double
        }
        let parameters: [Row]
        let restraints: [Restraint]
        let durbinWatson: Double
        let gof: Double

        func row(_ name: String) -> Row? { parameters.first { $0.name == name } }
    }

    private struct Joint: Decodable { let restraints: [Summary.Restraint] }

    @Test(
        "invariants that a pattern was made with come back within four uncertainties, from no anisotropy at all"
    )
    func invariants() throws {
        try CommandRun.inFolder { folder in
            let truth = ["S400": 9.0, "S004": 0.6, "S202": 1.0]
            try makePattern(["--microstrain", Self.text(truth), "--seed", "4"], in: folder)
            let summary = try refined(
                ["--microstrain", "0.001", "--free", "lattice/microstrain/adps"], in: folder)
            #expect(summary.gof < 1.2)
            try expect(summary, truth) { 0.02 * $0 }
        }
    }

    /// `S400=9.0,S004=0.6`
    private static func text(_ truth: [String: Double]) -> String {
        truth.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    /// Of zincite, with counting noise: p.xye.
    private func makePattern(_ words: [String], in folder: URL) throws {
        let made = try CommandRun(
            ["pattern", zincite] + words
                + ["--range", "25:120", "--noise", "50000", "--background", "100", "-o", "p.xye"], in: folder)
        #expect(made.status == 0, "\(made.errors)")
    }

    /// What `refine` says of p.xye; its status is 0 where it is asked for.
    private func refined(_ words: [String], fits: Bool = true, in folder: URL) throws -> Summary {
        let run = try CommandRun(
            ["refine", "p.xye", zincite, "--background-terms", "1", "--json"] + words, in: folder)
        if fits { #expect(run.status == 0, "\(run.errors)") }
        return try JSONDecoder().decode(Summary.self, from: Data(run.output.utf8))
    }

    /// Within four uncertainties, and what is allowed beside them.
    private func expect(
        _ summary: Summary, _ truth: [String: Double], beside allowed: (Double) -> Double
    ) throws {
        for (name, value) in truth {
            let row = try #require(summary.row(name), "\(name)")
            let uncertainty = try #require(row.uncertainty)
            #expect(abs(row.value - value) < 4 * uncertainty + allowed(value), "\(name) \(row.value)")
        }
    }

    @Test("harmonics that a pattern was made with come back, and make the fit; without them it does not hold")
    func harmonics() throws {
        try CommandRun.inFolder { folder in
            let truth = ["C2.1": 0.35, "C4.1": -0.15]
            try makePattern(["--texture", Self.text(truth), "--seed", "5"], in: folder)
            let summary = try refined(["--texture", "4", "--free", "lattice/texture/adps"], in: folder)
            #expect(summary.gof < 1.2)
            try expect(summary, truth) { _ in 0.01 }
            let without = try refined(["--free", "lattice/adps"], fits: false, in: folder)
            #expect(without.gof > 2 * summary.gof)
            let bad = try CommandRun(
                ["pattern", zincite, "--texture", "C4.2=1", "-o", "q.xye"], in: folder)
            #expect(bad.status == 2 && bad.errors.contains("its Laue class has C2.1, C4.1"), "\(bad.errors)")
        }
    }

    @Test("an invariant that the Laue class does not have is refused, with those that it has")
    func foreignInvariant() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                ["pattern", zincite, "--microstrain", "S220=1", "-o", "p.xye"], in: folder)
            #expect(run.status == 2)
            #expect(run.errors.contains("its Laue class has S400, S004, S202"), "\(run.errors)")
        }
    }

    @Test("restraints hold bonds and are reported, beside what neighbouring residuals say")
    func restraints() throws {
        try CommandRun.inFolder { folder in
            let words = [
                "refine", CommandRun.data("patterns/pbso4-x.dat"), anglesite, "--monochromator", "26.6",
                "--range", "15:80", "--background-terms", "8", "--json", "--quiet",
            ]
            let held = try CommandRun(
                words + ["--restrain", "S-O=1.48:0.005", "--restrain", "O-S-O=109.5:1"], in: folder)
            #expect(held.status != 2, "\(held.errors)")
            let summary = try JSONDecoder().decode(Summary.self, from: Data(held.output.utf8))
            #expect(summary.restraints.map(\.name) == ["S-O", "O-S-O"])
            #expect(summary.restraints.map(\.count) == [4, 6])
            #expect(summary.restraints[0].deviation < 0.03)
            #expect((0.05...2).contains(summary.durbinWatson))
            let neutrons =
                "\(CommandRun.data("patterns/pbso4-n.dat")) --radiation neutron --wavelength 1.909 --geometry debye-scherrer"
            let both = try CommandRun(
                words + ["--with", neutrons, "--restrain", "S-O=1.45:0.0001", "-o", "both"], in: folder)
            #expect(both.status != 2, "\(both.errors)")
            let joint = try JSONDecoder().decode(Joint.self, from: Data(both.output.utf8))
            #expect(joint.restraints.map(\.name) == ["S-O"] && joint.restraints[0].deviation < 0.02)
            let cif = try String(contentsOf: folder.appending(path: "both/refined.cif"), encoding: .utf8)
            #expect(cif.contains(/_refine_ls_number_restraints +4/))
            let page = try String(contentsOf: folder.appending(path: "both/report.html"), encoding: .utf8)
            #expect(page.contains(">Restraints</h2>"))
            let bad = try CommandRun(words + ["--restrain", "S-O=1.48"], in: folder)
            #expect(bad.status == 2 && bad.errors.contains("S-O=1.48:0.02"))
        }
    }
}
