import ArgumentParser
import Foundation
import Reports
import Validation
import Wyckoff

struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract:
            "Checks what other programs produced: symmetry, contacts, density, with a verdict for each.",
        discussion: """
            Takes files, folders and sets (JSONL, also .gz, and extended XYZ). A damaged record fails and the \
            rest goes on. --json prints one object for each record and, last, {"summary":…}. Exit status 1 if any \
            record fails.

            A record fails where its symmetry is not the one claimed (by the file or by --expect), where two atoms \
            stand at less than 0.6 of the sum of their covalent radii, or where it cannot be read.

            Examples:
              wyckoff validate generated.jsonl.gz --expect from-file --json
              wyckoff validate relaxed/ --expect 225 --ladder
            """)

    @Argument(help: "Files, folders or sets.")
    var paths: [String]

    @Option(help: "The space-group number every record should have, or from-file.")
    var expect = "from-file"

    @Option(help: "Å: how far atoms may be from the symmetry.")
    var tolerance = 0.01

    @Flag(help: "Every group that a record shows between 1e-5 and 2 Å.")
    var ladder = false

    @Flag(help: "One JSON object for each record, one a line, then a summary.")
    var json = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
        guard expect == "from-file" || Int(expect).map({ (1...230).contains($0) }) == true else {
            throw ValidationError("--expect takes a number from 1 to 230 or from-file, not '\(expect)'")
        }
        guard tolerance > 0, tolerance < 10 else {
            throw ValidationError("--tolerance takes Å above 0 and below 10")
        }
    }

    func run() async throws {
        let set = SetValidation(
            RecordValidation(tolerance: tolerance, expected: Int(expect), withLadder: ladder))
        for path in paths { _ = try CrystalRecordStream(path: path) }
        var total = SetValidation.Summary()
        for path in paths {
            total.add(
                try await set.run(
                    path, report: { try show($0) },
                    progress: { if !quiet, $0 % 1024 == 0 { Terminal.error("\(path): \($0) records") } }))
        }
        try Terminal.print(json ? try JSONLine.text(["summary": total]) : Self.text(total))
        if total.failed > 0 { throw NegativeAnswer() }
    }

    private func show(_ record: ValidatedRecord) throws {
        if json {
            try Terminal.print(JSONLine.text(record))
            return
        }
        if !record.passed {
            try Terminal.print("FAIL \(record.file) record \(record.index + 1): \(record.reason)")
        }
        guard let rungs = record.ladder else { return }
        if record.passed { try Terminal.print("\(record.file) record \(record.index + 1)") }
        for rung in rungs {
            let ends = rung.tolerances.map { String(format: "%.2g", $0) }.joined(separator: " to ")
            let move = String(format: "%.4f", rung.maxDisplacement)
            try Terminal.print(
                "  \(rung.international) (\(rung.number)) from \(ends) Å, moves atoms by up to \(move) Å")
        }
    }

    private static func text(_ summary: SetValidation.Summary) -> String {
        let groups = summary.groups.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let common = groups.prefix(8).map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
        return """
            \(summary.records) records, \(summary.passed) pass, \(summary.failed) fail: \(summary.otherGroup) of \
            another group, \(summary.unreadable) unreadable
            \(groups.count) space groups, most often \(common.isEmpty ? "none" : common)
            """
    }
}
