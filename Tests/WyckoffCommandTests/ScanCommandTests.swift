import Foundation
import Testing

@Suite("wyckoff scan", .enabled(if: CommandRun.binary != nil, "build the product wyckoff first"))
struct ScanCommandTests {
    static func scan(_ arguments: [String], in folder: URL) throws -> [String: Any] {
        try LandscapeCommandTests.crystal.write(
            to: folder.appendingPathComponent("u2ti.cif"), atomically: true, encoding: .utf8)
        let run = try CommandRun(["scan", "u2ti.cif", "--json", "--quiet"] + arguments, in: folder)
        #expect(run.status == 0, "\(run.errors)")
        return try LandscapeCommandTests.object(run.output)
    }

    @Test("all axes: the truth is the best minimum of each, others are false and named by crossing peaks")
    func allAxes() throws {
        try CommandRun.inFolder { folder in
            let object = try Self.scan(["-o", "out"], in: folder)
            let axes = try #require(object["axes"] as? [[String: Any]])
            #expect(axes.compactMap { $0["name"] as? String } == ["a", "c"])
            for axis in axes {
                let minima = try #require(axis["minima"] as? [[String: Any]])
                let best = try #require(
                    minima.min { ($0["value"] as? Double ?? 0) < ($1["value"] as? Double ?? 0) })
                #expect(best["isTruth"] as? Bool == true && minima.count > 3)
                #expect(axis["verdict"] as? String == "multi-funnel")
                #expect(axis["certificate"] as? String == "heuristic")
                #expect((axis["basinReach"] as? Double ?? 0) > 0.01)
                let crossings = minima.flatMap { $0["crossings"] as? [[String: Any]] ?? [] }
                #expect(!crossings.isEmpty)
            }
            let hessian = try #require(object["hessian"] as? [String: Any])
            #expect((hessian["modes"] as? [Any])?.count == 2)
            for name in [
                "scan-a.svg", "scan-a.png", "scan-c.tsv", "axes.tsv", "summary.json", "report.html",
            ] {
                #expect(
                    FileManager.default.fileExists(atPath: folder.appendingPathComponent("out/\(name)").path))
            }
        }
    }

    @Test("axes outside the family are scanned without symmetry; a given range is kept")
    func outsideFamily() throws {
        try CommandRun.inFolder { folder in
            let object = try Self.scan(
                ["--along", "b,α", "--range", "alpha=85:95"], in: folder)
            let axes = try #require(object["axes"] as? [[String: Any]])
            #expect(axes.compactMap { $0["name"] as? String } == ["b", "alpha"])
            #expect(axes.allSatisfy { $0["holdsSymmetry"] as? Bool == false })
            #expect(axes[1]["lower"] as? Double == 85 && axes[1]["upper"] as? Double == 95)
        }
    }

    @Test("axes and their ranges are understood in letters of another case, by scan, map and paths")
    func otherCase() throws {
        try CommandRun.inFolder { folder in
            let object = try Self.scan(["--along", "B,Alpha", "--range", "ALPHA=85:95"], in: folder)
            let axes = try #require(object["axes"] as? [[String: Any]])
            #expect(axes.compactMap { $0["name"] as? String } == ["b", "alpha"])
            #expect(axes[1]["lower"] as? Double == 85)
            for words in [
                ["map", "u2ti.cif", "--along", "A,C", "--range", "c=2.7:2.9"],
                ["paths", "u2ti.cif", "--along", "A,c", "--start", "A=5,C=3"],
            ] {
                let run = try CommandRun(words + ["--grid", "5x5", "--quiet", "-o", "x"], in: folder)
                #expect(run.status == 0, "\(run.errors)")
            }
            let stranger = try CommandRun(
                ["map", "u2ti.cif", "--along", "a,c", "--range", "b=2:3", "-o", "x"], in: folder)
            #expect(stranger.status == 2 && stranger.errors.contains("no axis of --along a,c"))
        }
    }

    @Test("broader peaks widen the basin and leave fewer minima")
    func widths() throws {
        try CommandRun.inFolder { folder in
            func axis(_ width: String) throws -> [String: Any] {
                let object = try Self.scan(["--along", "a", "--profile", width], in: folder)
                return try #require((object["axes"] as? [[String: Any]])?.first)
            }
            let (sharp, broad) = (try axis("0.2"), try axis("3"))
            #expect(
                (sharp["basinReach"] as? Double ?? 1) < (broad["basinReach"] as? Double ?? 0))
            #expect((sharp["distinctMinima"] as? Int ?? 0) > (broad["distinctMinima"] as? Int ?? 99))
        }
    }

    @Test(
        "too coarse a step, an unknown axis, a range of no axis, a bad objective: exit 2 and one clear line")
    func badUsage() throws {
        try CommandRun.inFolder { folder in
            try LandscapeCommandTests.crystal.write(
                to: folder.appendingPathComponent("u2ti.cif"), atomically: true, encoding: .utf8)
            for (arguments, word) in [
                (["--along", "a", "--step", "0.2"], "too coarse"), (["--along", "O1.x"], "O1.x"),
                (["--along", "a", "--range", "c=2:3"], "c"), (["--objective", "magic"], "magic"),
                (["--objective", "xrd+energy:-1"], "weight"),
            ] {
                let run = try CommandRun(["scan", "u2ti.cif"] + arguments, in: folder)
                #expect(run.status == 2 && run.errors.contains(word), "\(arguments): \(run.errors)")
            }
        }
    }

    @Test("an energy without its model: exit 2, and the line says how to get it; nothing written")
    func modelMissing() throws {
        try CommandRun.inFolder { folder in
            try LandscapeCommandTests.crystal.write(
                to: folder.appendingPathComponent("u2ti.cif"), atomically: true, encoding: .utf8)
            for arguments in [
                ["scan", "u2ti.cif", "--objective", "energy", "-o", "out"],
                ["map", "u2ti.cif", "--along", "a,c", "--objective", "xrd+energy:0.5", "-o", "out"],
            ] {
                let run = try CommandRun(arguments, in: folder, environment: ["XDG_DATA_HOME": folder.path])
                #expect(run.status == 2 && run.errors.contains("wyckoff models fetch"), "\(run.errors)")
                #expect(run.errors.split(separator: "\n").count == 1)
                #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("out").path))
            }
        }
    }

    @Test(
        "energies: the truth's own value is 0, U2Ti has one minimum along a and c, a map has values beside them",
        .enabled(if: EnergyCommandTests.isInstalled, "the models are not installed: wyckoff models fetch"))
    func energies() throws {
        try CommandRun.inFolder { folder in
            let object = try Self.scan(["--objective", "energy"], in: folder)
            let axes = try #require(object["axes"] as? [[String: Any]])
            for axis in axes {
                #expect(axis["certificate"] as? String == "heuristic")
                #expect((axis["distinctMinima"] as? Int ?? 0) >= 1 && (axis["lowest"] as? Double ?? 1) <= 0)
            }
            let run = try CommandRun(
                [
                    "map", "u2ti.cif", "--along", "a,alpha", "--grid", "5x5", "--objective", "energy",
                    "--json", "--quiet", "-o", "out",
                ], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let table = try String(contentsOf: folder.appendingPathComponent("out/map.tsv"), encoding: .utf8)
            let values = table.split(separator: "\n").dropFirst().compactMap {
                Double($0.split(separator: "\t").last ?? "")
            }
            #expect(values.count == 25 && values.contains { abs($0) < 1e-9 })
        }
    }

    @Test("a measured pattern: width, scale and background are fitted and said")
    func against() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "scan", CommandRun.data("structures/pbso4.cif"), "--along", "a", "--against",
                    CommandRun.data("patterns/pbso4-x.dat"), "--wavelength", "CuKa", "--two-theta",
                    "16:90:0.02", "--objective", "rwp", "--json", "--quiet",
                ], in: folder)
            #expect(run.status == 0 && run.errors.contains("background"), "\(run.errors)")
            let axis = try #require(
                (try LandscapeCommandTests.object(run.output)["axes"] as? [[String: Any]])?.first)
            let minima = try #require(axis["minima"] as? [[String: Any]])
            #expect(minima.contains { $0["isTruth"] as? Bool == true })
        }
    }
}
