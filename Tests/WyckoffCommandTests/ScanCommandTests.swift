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
}
