import Foundation
import Testing

/// `wyckoff validate` over sets: folder, store, killed and gone on with.
///
/// Reaches `SetEvaluationJob`, `Pace`.
@Suite(.serialized, .enabled(if: CommandRun.binary != nil, "the command is not built"))
struct ValidateSetCommandTests {
    /// Rock salt in P1, its edge rising by 0.005 Å, every seventh record damaged.
    private static func line(_ k: Int) -> String {
        guard k % 7 != 3 else { return "{\"material_id\": \"r\(k)\", \"lattice\": 1}" }
        let a = 5.6 + 0.005 * Double(k)
        let sites = [
            ("Na", "0,0,0"), ("Na", "0,0.5,0.5"), ("Na", "0.5,0,0.5"), ("Na", "0.5,0.5,0"),
            ("Cl", "0.5,0.5,0.5"),
            ("Cl", "0.5,0,0"), ("Cl", "0,0.5,0"), ("Cl", "0,0,0.5"),
        ].map { "{\"species\":[{\"element\":\"\($0.0)\",\"occu\":1}],\"abc\":[\($0.1)]}" }
        return
            "{\"material_id\": \"r\(k)\", \"lattice\":{\"matrix\":[[\(a),0,0],[0,\(a),0],[0,0,\(a)]]},\"sites\":["
            + sites.joined(separator: ",") + "]}"
    }

    private func write(_ count: Int, to folder: URL) throws {
        let lines = (0..<count).map(Self.line)
        try (lines.joined(separator: "\n") + "\n").write(
            to: folder.appendingPathComponent("set.jsonl"), atomically: true, encoding: .utf8)
    }

    private func text(_ name: String, in folder: URL) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    @Test("The folder holds a line for each record in the order of the set, the summary and the page")
    func folder() throws {
        try CommandRun.inFolder { folder in
            try write(12, to: folder)
            let run = try CommandRun(
                ["validate", "set.jsonl", "--unique", "-o", "out", "--quiet", "--json"], in: folder)
            #expect(run.status == 1, "\(run.errors)")
            let table = try text("out/results.csv", in: folder).split(separator: "\n")
            #expect(table.count == 13)
            #expect(
                table[1].hasPrefix("set.jsonl,0,r0,true,") && table[12].hasPrefix("set.jsonl,11,r11,true,"))
            // The page's rows are those on standard output.
            let lines = try text("out/results.jsonl", in: folder)
            #expect(run.output.hasPrefix(lines))
            struct Summary: Decodable {
                struct Rate: Decodable {
                    var count, of: Int
                    var interval: [Double]
                }
                struct Rates: Decodable {
                    var valid, unique: Rate
                    var sun: Rate?
                }
                var rates: Rates
            }
            let summary = try JSONDecoder().decode(
                Summary.self, from: Data(try text("out/summary.json", in: folder).utf8))
            #expect(summary.rates.valid.count == 10 && summary.rates.valid.of == 12)
            // All sound ones are one structure: the matcher brings them to one volume.
            #expect(summary.rates.unique.count == 1 && summary.rates.sun == nil)
            #expect(try text("out/report.html", in: folder).contains("10 of 12 records pass every clause"))
        }
    }

    @Test("What was killed again and again ends with the bytes of an undisturbed run")
    func killed() throws {
        try CommandRun.inFolder { folder in
            try write(400, to: folder)
            let options = "set.jsonl --unique --fixed-scale --ltol 0.0001 --quiet"
            _ = try OutputTests.shell("w validate \(options) -o whole", in: folder)
            for wait in ["0.15", "0.3", "0.25", "0.4"] {
                _ = try OutputTests.shell(
                    "w validate \(options) --store s.sqlite --resume -o parts > /dev/null & p=$!; sleep \(wait); "
                        + "kill -9 $p; wait $p", in: folder)
            }
            let end = try OutputTests.shell(
                "w validate \(options) --store s.sqlite --resume -o parts", in: folder)
            #expect(end.status == 1)
            for name in ["results.csv", "results.jsonl"] {
                #expect(try text("whole/\(name)", in: folder) == text("parts/\(name)", in: folder))
            }
        }
    }

    @Test("A store that cannot grow is an error with status 2, and the run goes on once there is room")
    func full() throws {
        try CommandRun.inFolder { folder in
            try write(300, to: folder)
            let full = try OutputTests.shell(
                "trap '' XFSZ; ulimit -f 60; w validate set.jsonl --store s.sqlite --quiet", in: folder)
            #expect(full.status == 2)
            #expect(full.errors.contains("s.sqlite: the disk is full or cannot be written; free some space"))
            let more = try CommandRun(
                ["validate", "set.jsonl", "--store", "s.sqlite", "--resume", "-o", "a", "--quiet"], in: folder
            )
            let whole = try CommandRun(["validate", "set.jsonl", "-o", "b", "--quiet"], in: folder)
            #expect(more.status == 1 && more.output == whole.output)
        }
    }

    @Test("A store that holds records is refused without --resume; bad usage says what is missing")
    func usage() throws {
        try CommandRun.inFolder { folder in
            try write(2, to: folder)
            let first = try CommandRun(
                ["validate", "set.jsonl", "--store", "s.sqlite", "--quiet"], in: folder)
            #expect(first.status == 0)
            let again = try CommandRun(
                ["validate", "set.jsonl", "--store", "s.sqlite", "--quiet"], in: folder)
            #expect(
                again.status == 2 && again.errors.contains("s.sqlite: holds 2 records already; add --resume"))
            for (arguments, words) in [
                (["--novel"], "--novel needs a --reference"), (["--hull", "x"], "give --energy chgnet"),
                (["--resume"], "--resume needs the --store"),
                (["--require", "beauty"], "--require takes readable"),
                (["--jobs", "0"], "--jobs takes a number above 0"),
            ] {
                let run = try CommandRun(["validate", "set.jsonl"] + arguments, in: folder)
                #expect(run.status == 2 && run.errors.contains(words), "\(run.errors)")
            }
        }
    }
}
