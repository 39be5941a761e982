import ArgumentParser
import Foundation
import Jobs
import Publishing
import Reports
import Validation
import Wyckoff

struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract:
            "Checks what other programs produced, clause by clause, with a verdict for each record.",
        discussion: """
            Takes files, folders and sets (JSONL, also .gz, and extended XYZ). A damaged record fails and the \
            rest goes on. Exit status: 0 all pass, 1 some fail, 2 bad usage or a path that is not there.

            A record passes where none of these clauses fails (Docs/Verdicts.md):
            \(ValidationClause.allCases.map { "  \($0.rawValue): \($0.question)" }.joined(separator: "\n"))
            A file that says P 1 and lists every atom claims no group; --expect 1 does.

            --json prints one object for each record, with every clause and whether it holds, fails or is unknown, \
            and, last, {"summary":…}.

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
        let job = ValidationJob(
            paths, RecordValidation(tolerance: tolerance, expected: Int(expect), withLadder: ladder))
        let isQuiet = quiet
        let total = try await job.run(
            reporting: { if !isQuiet { Terminal.error($0.text) } },
            record: {
                let row = ValidationRow($0)
                try Terminal.print(json ? try JSONDialect.line(row) : row.text)
            })
        let totals = ValidationTotals(total)
        try Terminal.print(json ? try JSONDialect.line(totals) : totals.text)
        if total.failed > 0 { throw NegativeAnswer() }
    }
}
