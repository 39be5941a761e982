import ArgumentParser
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
            rest goes on. Exit status 1 if any record fails.

            Example: wyckoff validate generated.jsonl.gz --expect from-file --json
            """)

    @Argument(help: "Files, folders or sets.")
    var paths: [String]

    @Option(help: "The space-group number every record should have, or from-file.")
    var expect = "from-file"

    @Option(help: "Å: how far atoms may be from the symmetry.")
    var tolerance = 0.01

    @Flag(help: "One JSON object for each record, one a line.")
    var json = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
        guard expect == "from-file" || Int(expect).map({ (1...230).contains($0) }) == true else {
            throw ValidationError("--expect takes a number from 1 to 230 or from-file, not '\(expect)'")
        }
    }

    func run() async throws {
        let set = SetValidation(RecordValidation(tolerance: tolerance, expected: Int(expect)))
        for path in paths { _ = try CrystalRecordStream(path: path) }
        var (records, failed) = (0, 0)
        for path in paths {
            let summary = try await set.run(
                path,
                report: { record in
                    if json {
                        print(try JSONLine.text(record))
                    } else if !record.passed {
                        print("FAIL \(record.file) record \(record.index + 1): \(record.reason)")
                    }
                },
                progress: { if !quiet, $0 % 1024 == 0 { Terminal.error("\(path): \($0) records") } })
            records += summary.records
            failed += summary.failed
        }
        if !json { print("\(records) records, \(records - failed) pass, \(failed) fail") }
        if failed > 0 { throw NegativeAnswer() }
    }
}
