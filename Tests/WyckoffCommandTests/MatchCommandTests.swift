import Foundation
import Testing

@Suite("wyckoff match", .enabled(if: CommandRun.binary != nil, "build the product wyckoff first"))
struct MatchCommandTests {
    private let structure = CommandRun.data("structures/pbso4.cif")

    @Test("a structure matches a slightly distorted copy of itself, whichever is named first")
    func distortedCopy() throws {
        try CommandRun.inFolder { folder in
            let made = try CommandRun(
                ["distort", structure, "--lattice", "0.01", "--coordinates", "0.002", "-o", "copy.cif"],
                in: folder)
            #expect(made.status == 0)
            for pair in [[structure, "copy.cif"], ["copy.cif", structure]] {
                let run = try CommandRun(["match"] + pair + ["--json"], in: folder)
                #expect(run.status == 0)
                #expect(run.output.contains("\"isMatch\":true"))
            }
        }
    }

    @Test("status 1 where the displacement exceeds the tolerance, and the distance is still printed")
    func noMatch() throws {
        try CommandRun.inFolder { folder in
            let made = try CommandRun(
                ["distort", structure, "--lattice", "0.01", "--coordinates", "0.01", "-o", "copy.cif"],
                in: folder)
            #expect(made.status == 0)
            let run = try CommandRun(
                ["match", structure, "copy.cif", "--stol", "0.001", "--json"], in: folder)
            #expect(run.status == 1)
            #expect(run.output.contains("\"isMatch\":false"))
            #expect(run.output.contains("\"rms\":"))
        }
    }

    @Test("one against a set: a line for each record, status 0 where one of them matches")
    func set() throws {
        try CommandRun.inFolder { folder in
            let others = ["pbso4", "fluorapatite", "nac"].map { CommandRun.data("structures/\($0).cif") }
            let text = try others.map { try String(contentsOfFile: $0, encoding: .utf8) }.joined(
                separator: "\n")
            try text.write(to: folder.appendingPathComponent("set.cif"), atomically: true, encoding: .utf8)
            let run = try CommandRun(["match", structure, "set.cif", "--json"], in: folder)
            #expect(run.status == 0)
            let lines = run.output.split(separator: "\n")
            #expect(lines.count == 3)
            #expect(lines.map { $0.contains("\"isMatch\":true") } == [true, false, false])
            let none = try CommandRun(["match", others[1], structure], in: folder)
            #expect(none.status == 1)
        }
    }

    @Test(
        "bad input: one line, status 2, nothing on standard output",
        arguments: [["--stol", "-1"], ["--angle-tol", "200"], ["--ltol", "x"]])
    func badTolerance(_ options: [String]) throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(["match", structure, structure] + options, in: folder)
            #expect(run.status == 2)
            #expect(run.output.isEmpty)
        }
    }
}
