import Foundation
import Testing

/// `wyckoff validate` as it is run.
@Suite(.enabled(if: CommandRun.binary != nil, "the command is not built")) struct ValidateCommandTests {
    private static func poscar(_ edge: Double, x: Double = 0.5) -> String {
        "x\n1.0\n\(edge) 0 0\n0 \(edge) 0\n0 0 \(edge)\nCs Cl\n1 1\nDirect\n0 0 0\n\(x) \(x) \(x)\n"
    }

    private func write(_ files: [String: String], to folder: URL) throws {
        for (name, text) in files {
            try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
        }
    }

    @Test("Exit status 0 where all pass, 1 where one fails, 2 for a path that is not there")
    func status() throws {
        try CommandRun.inFolder { folder in
            try write(["a.vasp": Self.poscar(4.12), "b.vasp": Self.poscar(4.12, x: 0.05)], to: folder)
            let good = try CommandRun(["validate", "a.vasp", "--quiet"], in: folder)
            #expect(good.status == 0)
            #expect(good.output.hasPrefix("pass a.vasp record 1: P m -3 m (221)\n"))
            let both = try CommandRun(["validate", ".", "--quiet"], in: folder)
            #expect(both.status == 1)
            #expect(
                both.output.contains("FAIL ./b.vasp record 1: Cs (atom 1) and Cl (atom 2) stand at 0.357 Å"))
            #expect(both.output.contains("pass ./a.vasp"))
            #expect(both.output.contains("failing clauses: contacts 1"))
            #expect(try CommandRun(["validate", "missing.cif"], in: folder).status == 2)
        }
    }

    @Test("A set without a record does not pass")
    func empty() throws {
        try CommandRun.inFolder { folder in
            try write(["none.jsonl": "\n"], to: folder)
            let run = try CommandRun(["validate", "none.jsonl", "--quiet"], in: folder)
            #expect(run.status == 1)
            #expect(run.output.contains("FAIL none.jsonl record 1: there is no record"))
        }
    }

    @Test("--json lists every clause with its outcome and the closest pair")
    func json() throws {
        struct Clause: Decodable { var name, outcome, sentence: String }
        struct Pair: Decodable {
            var labels: [String]
            var distance: Double
        }
        struct Record: Decodable {
            var passed: Bool
            var clauses: [Clause]
            var closestPair: Pair
        }
        try CommandRun.inFolder { folder in
            try write(["b.vasp": Self.poscar(4.12, x: 0.05)], to: folder)
            let run = try CommandRun(["validate", "b.vasp", "--quiet", "--json"], in: folder)
            let line = try #require(run.output.split(separator: "\n").first)
            let record = try JSONDecoder().decode(Record.self, from: Data(line.utf8))
            #expect(!record.passed && record.closestPair.labels == ["Cs", "Cl"])
            #expect(record.clauses.filter { $0.outcome == "fails" }.map(\.name) == ["contacts"])
            #expect(record.clauses.count == 12 && record.clauses.allSatisfy { !$0.sentence.isEmpty })
        }
    }

    @Test("Text mode prints what was assumed on reading")
    func warnings() throws {
        try CommandRun.inFolder { folder in
            try write(
                [
                    "old.vasp": Self.poscar(4.12).replacingOccurrences(of: "Cs Cl\n", with: "")
                ], to: folder)
            let run = try CommandRun(["validate", "old.vasp", "--quiet"], in: folder)
            #expect(run.status == 1)
            #expect(run.output.contains("  warning: "))
        }
    }
}
