import Foundation
import Testing

@Suite("wyckoff map and paths")
struct LandscapeCommandTests {
    /// Hexagonal U2Ti (Segal et al. 2025), written here so that the test needs no other folder.
    static let crystal = """
        data_U2Ti
        _cell_length_a 4.79
        _cell_length_b 4.79
        _cell_length_c 2.80
        _cell_angle_alpha 90
        _cell_angle_beta 90
        _cell_angle_gamma 120
        _space_group_name_H-M_alt 'P 6/m m m'
        loop_
        _atom_site_label
        _atom_site_type_symbol
        _atom_site_fract_x
        _atom_site_fract_y
        _atom_site_fract_z
        Ti1 Ti 0 0 0
        U1 U 0.3333333 0.6666667 0.5
        """

    static func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("map: the deepest minimum is the truth, loss 0; pictures, values and page are there")
    func map() throws {
        try CommandRun.inFolder { folder in
            try Self.crystal.write(
                to: folder.appendingPathComponent("u2ti.cif"), atomically: true, encoding: .utf8)
            let run = try CommandRun(
                ["map", "u2ti.cif", "--along", "a,c", "--grid", "21x21", "--json", "-o", "out"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let object = try Self.object(run.output)
            let minima = try #require(object["minima"] as? [[String: Any]])
            #expect(object["truthMinimum"] as? Int == 0 && object["holdsSymmetry"] as? Bool == true)
            #expect(abs(try #require(minima[0]["value"] as? Double)) < 1e-9)
            #expect(abs(try #require(minima[0]["x"] as? Double) - 4.79) < 1e-9)
            #expect(minima.count > 3, "the landscape of a powder pattern has more than one minimum")
            for name in ["map.svg", "map.png", "map.tsv", "map.gnuplot", "summary.json", "report.html"] {
                #expect(
                    FileManager.default.fileExists(atPath: folder.appendingPathComponent("out/\(name)").path))
            }
        }
    }

    @Test("map: an axis outside the family is sampled without symmetry, and mirror images cost the same")
    func outsideTheFamily() throws {
        try CommandRun.inFolder { folder in
            try Self.crystal.write(
                to: folder.appendingPathComponent("u2ti.cif"), atomically: true, encoding: .utf8)
            let run = try CommandRun(
                ["map", "u2ti.cif", "--along", "a,alpha", "--grid", "9x9", "--json", "-o", "out"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            #expect(try Self.object(run.output)["holdsSymmetry"] as? Bool == false)
            let table = try String(contentsOf: folder.appendingPathComponent("out/map.tsv"), encoding: .utf8)
            let rows = table.split(separator: "\n").dropFirst().map {
                $0.split(separator: "\t").compactMap { Double($0) }
            }
            // α and 180° − α are the same cell turned by the twofold axis along a.
            for i in 0..<9 { #expect(abs(rows[i][2] - rows[72 + i][2]) < 1e-9) }
        }
    }

    @Test("paths: all start where the user says; ours ends at the truth")
    func paths() throws {
        try CommandRun.inFolder { folder in
            try Self.crystal.write(
                to: folder.appendingPathComponent("u2ti.cif"), atomically: true, encoding: .utf8)
            let run = try CommandRun(
                [
                    "paths", "u2ti.cif", "--along", "a,c", "--start", "a=5.1,b=4.9,c=3.05,gamma=115",
                    "--grid", "9x9",
                    "--methods", "descent,descent-family,wyckoff", "--json", "-o", "out",
                ], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let paths = try #require(try Self.object(run.output)["paths"] as? [[String: Any]])
            #expect(paths.compactMap { $0["method"] as? String } == ["descent", "descent-family", "wyckoff"])
            for path in paths {
                let points = try #require(path["points"] as? [[Double]])
                #expect(abs(points[0][0] - 5.1) < 1e-9 && abs(points[0][1] - 3.05) < 1e-9)
            }
            #expect(paths[2]["exact"] as? Bool == true && paths[2]["isJump"] as? Bool == true)
            let end = try #require((paths[2]["points"] as? [[Double]])?.last)
            #expect(abs(end[0] - 4.79) < 5e-3 && abs(end[1] - 2.80) < 3e-3)
        }
    }

    @Test(
        "bad usage: one line that names the remedy, status 2, nothing written",
        arguments: [
            (["--along", "a,q"], "free in the group are a, c"), (["--along", "a"], "two names"),
            (["--along", "a,a"], "twice"), (["--along", "a,c", "--grid", "1x9"], "81x81"),
            (["--along", "a,c", "--objective", "beauty"], "cosine"),
            (["--along", "a,c", "--range", "b=1:2"], "no axis"),
            (["--along", "a,c", "--range", "a=-1:2"], "a length from a tenth"),
            (["--along", "a,c", "--against", "missing.xy"], "missing.xy"),
            (["--along", "a,c", "--two-theta", "90:5:1"], "from:to:step"),
        ])
    func badUsage(arguments: [String], hint: String) throws {
        try CommandRun.inFolder { folder in
            try Self.crystal.write(
                to: folder.appendingPathComponent("u2ti.cif"), atomically: true, encoding: .utf8)
            let run = try CommandRun(["map", "u2ti.cif", "-o", "out"] + arguments, in: folder)
            #expect(run.status == 2)
            #expect(run.errors.contains(hint), "\(run.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("out").path))
        }
    }
}
