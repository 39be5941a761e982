import Foundation
import Testing

/// Texture in `recover` and `solve` (`--texture march`), on patterns that count. Reaches `OrientationQuestion`,
/// `OrientationSearch`, `OrientationFinding`.
@Suite("texture in recoveries", .serialized, .enabled(if: CommandRun.binary != nil, "build wyckoff first"))
struct TextureCommandTests {
    private struct Summary: Decodable {
        struct Texture: Decodable {
            let plane: [Int]
            let ratio: Double
            let uncertainty: Double?
            let rwpWithout: Double
        }
        struct Proof: Decodable {
            struct Clause: Decodable {
                let name: String
                let outcome: String
            }
            let clauses: [Clause]
        }
        struct Parameter: Decodable {
            let name: String
            let value: Double
        }
        let texture: Texture?
        let parameters: [Parameter]
        let rwp: Double
        let gof: Double
        let rmsDisplacement: Double?
        let matched: Bool?
        let proof: Proof

        func outcome(_ name: String) -> String? { proof.clauses.first { $0.name == name }?.outcome }
    }

    private static let anglesite = CommandRun.data("structures/pbso4.cif")

    /// Lead sulfate that lies by (0 0 1).
    private static func pattern(ratio: Double, in folder: URL) throws {
        let made = try CommandRun(
            [
                "pattern", anglesite, "--preferred-orientation", "0,0,1:\(ratio)", "--range", "15:100:0.02",
                "--wavelength", "CuKa", "--noise", "10000", "--background", "120,-40", "--seed", "3", "-o",
                "p.xye",
            ], in: folder)
        #expect(made.status == 0, "\(made.errors)")
    }

    private static func recovered(_ words: [String], in folder: URL) throws -> Summary {
        let run = try CommandRun(
            [
                "recover", "--pattern", "p.xye", "--start", CommandRun.data("starts/pbso4-1.cif"),
                "--space-group", "Pnma", "--wavelength", "CuKa", "--reference", anglesite, "--json",
                "--quiet",
                "-o", "out",
            ] + words, in: folder)
        #expect(run.status != 2, "\(run.errors)")
        return try JSONDecoder().decode(Summary.self, from: Data(run.output.utf8))
    }

    @Test(
        "a texture that a pattern was made with comes back with the structure; without the option neither is right"
    )
    func texturedSample() throws {
        try CommandRun.inFolder { folder in
            try Self.pattern(ratio: 0.8, in: folder)
            let plain = try Self.recovered([], in: folder)
            #expect(plain.texture == nil && plain.outcome("texture") == nil)
            #expect(!plain.parameters.contains { $0.name == "march" })
            let found = try Self.recovered(["--texture", "march"], in: folder)
            let texture = try #require(found.texture)
            #expect(texture.plane == [0, 0, 1])
            #expect(abs(texture.ratio - 0.8) < 5 * (texture.uncertainty ?? 0) + 0.002, "\(texture.ratio)")
            #expect(found.gof < 1.1 && plain.gof > 1.5 * found.gof, "\(plain.gof) \(found.gof)")
            #expect(abs(texture.rwpWithout - plain.rwp) < 0.02 * plain.rwp)
            #expect(found.matched == true && found.outcome("texture") == "holds")
            #expect((found.rmsDisplacement ?? 1) < 0.5 * (plain.rmsDisplacement ?? 0))
            let page = try String(contentsOf: folder.appending(path: "out/report.html"), encoding: .utf8)
            #expect(page.contains("crystallites lie by (0 0 1)"))
            let cif = try String(contentsOf: folder.appending(path: "out/recovered.cif"), encoding: .utf8)
            #expect(cif.contains(/_pd_proc_ls_pref_orient_corr +'March-Dollase 0 0 1: 0\.[78]/))
        }
    }

    @Test("the texture of the first of two patterns comes back, and the second one has none")
    func texturedMount() throws {
        try CommandRun.inFolder { folder in
            try Self.pattern(ratio: 0.8, in: folder)
            let second = try CommandRun(
                [
                    "pattern", Self.anglesite, "--radiation", "neutron", "--wavelength", "1.909", "--range",
                    "15:140:0.05", "--caglioti", "0.05,-0.05,0.08", "--noise", "5000", "--background", "80",
                    "--seed", "4", "-o", "n.xye",
                ], in: folder)
            #expect(second.status == 0, "\(second.errors)")
            func joint(_ words: [String]) throws -> Summary {
                let run = try CommandRun(
                    [
                        "recover", "--pattern", "p.xye", "--pattern", "n.xye", "--radiation", "xray",
                        "--radiation", "neutron", "--wavelength", "CuKa", "--wavelength", "1.909", "--start",
                        CommandRun.data("starts/pbso4-1.cif"), "--space-group", "Pnma", "--reference",
                        Self.anglesite, "--json", "--quiet", "-o", "out",
                    ] + words, in: folder)
                #expect(run.status != 2, "\(run.errors)")
                return try JSONDecoder().decode(Summary.self, from: Data(run.output.utf8))
            }
            let (plain, found) = (try joint([]), try joint(["--texture", "march"]))
            let texture = try #require(found.texture)
            #expect(texture.plane == [0, 0, 1])
            #expect(abs(texture.ratio - 0.8) < 5 * (texture.uncertainty ?? 0) + 0.002, "\(texture.ratio)")
            #expect(found.parameters.contains { $0.name == "pattern1.march" })
            #expect(!found.parameters.contains { $0.name == "pattern2.march" })
            #expect(found.gof < 1.2 && plain.gof > 1.5 * found.gof, "\(plain.gof) \(found.gof)")
            #expect(found.matched == true && found.outcome("texture") == "holds")
        }
    }

    @Test(
        "where crystallites lie at random no texture is taken, and the structure is the one without the question"
    )
    func randomSample() throws {
        try CommandRun.inFolder { folder in
            try Self.pattern(ratio: 1, in: folder)
            let plain = try Self.recovered([], in: folder)
            let asked = try Self.recovered(["--texture", "march:2,1,0"], in: folder)
            #expect(asked.texture == nil && asked.outcome("texture") == "holds")
            #expect(asked.rwp == plain.rwp && asked.rmsDisplacement == plain.rmsDisplacement)
        }
    }

    @Test(
        "what is no direction, and what texture does not go with, is refused",
        arguments: [
            ["--texture", "march:0,0,0"], ["--texture", "plates"], ["--texture", "march:1,0"],
            ["--texture", "march", "--potential", "chgnet"],
        ])
    func refused(words: [String]) throws {
        try CommandRun.inFolder { folder in
            for start in [
                ["recover", "--pattern", "p.xye", "--start", "s.cif", "-o", "out"],
                ["solve", "p.xye", "--formula", "PbSO4"],
            ] {
                let run = try CommandRun(start + words, in: folder)
                #expect(run.status == 2 && run.errors.contains("--texture"), "\(run.errors)")
            }
        }
    }
}
