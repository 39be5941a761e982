import ArgumentParser
import Evaluations
import Foundation
import Jobs
import Publishing
import Reports
import Validation
import Wyckoff

struct ValidateCommand: AsyncParsableCommand, FolderWriting {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract:
            "Checks what other programs produced, clause by clause, and tells what is unique, novel and stable.",
        discussion: """
            Takes files, folders and sets: JSON lines, CSV with a column cif, poscar or structure (material_id or id \
            names a row), extended XYZ, CIF of many blocks, each also .gz. A damaged record fails and the rest goes on. \
            Exit status: 0 all pass, 1 some fail, 2 bad usage, a path that is not there, a store or a disk that cannot \
            be written. What is not unique, novel or stable fails nothing.

            A record passes where none of these clauses fails (Docs/Verdicts.md):
            \(ValidationClause.allCases.map { "  \($0.rawValue): \($0.question)" }.joined(separator: "\n"))
            A file that says P 1 and lists every atom claims no group; --expect 1 does. What cannot be decided is \
            unknown and fails only where --require names its clause.

            --unique and --novel compare structures as wyckoff match does; the first of several that are the same \
            is unique. --energy with --hull gives the distance to the convex hull of a reference by the same potential: \
            stable is what lies at most --stable-within above it. The rates count all records, those without an answer \
            as "no", with 95 % intervals (Wilson); S.U.N. is stable, unique and novel at once (Docs/Validation.md).

            --store keeps every record, likeness and energy at once: a run that was killed goes on with --resume, and \
            a reference is read once. -o writes results.csv, results.jsonl, summary.json and report.html.

            --json prints one object for each record, with every clause and whether it holds, fails or is unknown, \
            and, last, {"summary":…}.

            Examples:
              wyckoff validate generated.jsonl.gz --expect from-file --json
              wyckoff validate relaxed/ --expect 225 --ladder
              wyckoff validate generated.csv --unique --novel --reference known.jsonl.gz -o judged
              wyckoff validate generated.csv --unique --novel --reference known.jsonl.gz --energy chgnet --relax \
            --hull known.jsonl.gz --store judged.sqlite --resume -o judged
            """)

    @Argument(help: "Files, folders or sets.", completion: .file())
    var paths: [String]

    @Option(
        help: "The space-group number every record should have, or from-file.",
        completion: .list(["from-file"]))
    var expect = "from-file"

    @Option(
        help:
            "Å: how far atoms may be from the symmetry, what rounding leaves: a claim is to hold as it is written."
    )
    var tolerance = 0.01

    @Flag(help: "Every group that a record shows between 1e-5 and 2 Å.")
    var ladder = false

    @Option(
        help: ArgumentHelp(
            "Clauses, with commas between them, that fail where they cannot be decided: order refuses partial occupancy, neutrality what no known oxidation states explain.",
            valueName: "clauses"))
    var require = ""

    @OptionGroup(title: "Unique and novel") var likeness: LikenessOptions

    @OptionGroup(title: "Stable") var stability: StabilityOptions

    @Option(help: "Records at a time; the answers do not depend on it. (default: the number of cores)")
    var jobs: Int?

    @Option(help: "An SQLite file that keeps what is done.", completion: .file())
    var store: String?

    @Flag(help: "Go on with a store that holds records already.")
    var resume = false

    @Option(
        name: .shortAndLong, help: "Directory for tables, page and plots; made if it is not there.",
        completion: .directory)
    var output: String?

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
        if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number above 0") }
        guard !resume || store != nil else {
            throw ValidationError("--resume needs the --store to go on with")
        }
        _ = try required()
    }

    private func required() throws -> Set<ValidationClause> {
        Set(
            try require.split(separator: ",").map { word in
                guard let clause = ValidationClause(rawValue: word.trimmingCharacters(in: .whitespaces))
                else {
                    let names = ValidationClause.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("--require takes \(names), not '\(word)'")
                }
                return clause
            })
    }

    var resultFolder: String? { output }

    func run() async throws {
        var validation = RecordValidation(
            tolerance: tolerance, expected: Int(expect), withLadder: ladder)
        validation.required = try required()
        let isPlain =
            !likeness.unique && !likeness.novel && stability.energy == nil && store == nil && output == nil
        try await isPlain ? judge(validation) : evaluate(validation)
    }

    /// Each record alone, printed as it is judged, in flat memory.
    private func judge(_ validation: RecordValidation) async throws {
        var job = ValidationJob(paths, validation)
        job.jobs = jobs
        let isQuiet = quiet
        let total = try await job.run(
            reporting: { if !isQuiet { Terminal.error($0.text) } },
            record: { try show(ValidationRow($0)) })
        try end(total)
    }

    /// Into a store, with everything that is asked beside validity.
    private func evaluate(_ validation: RecordValidation) async throws {
        if let output { try OutputPlace.probe(folder: output) }
        if let store { try AtomicFile.probe(file: store) }
        var job = SetEvaluationJob(paths, validation)
        (job.store, job.resumes, job.jobs) = (store, resume, jobs)
        job.questions.unique = likeness.unique
        job.questions.reference = likeness.reference
        job.questions.tolerances = likeness.tolerances
        job.questions.energy = try stability.method()
        (job.questions.hull, job.questions.stableWithin) = (stability.hull, stability.stableWithin)
        let progress = ProgressLine(isShown: !quiet)
        let judged = try await job.run { progress.show($0) }
        progress.clear()
        let report = try ValidationReport(
            judged, command: Invocation.text, version: WyckoffCommand.configuration.version)
        let printed = Result { try judged.forEach { try show(ValidationRow($0)) } }
        if let output {
            for trouble in try report.write(to: AtomicFile.directory(output)) {
                Terminal.warning("plots are not drawn: \(trouble)")
            }
        }
        try printed.get()
        if !json { try Terminal.print(report.summary.text) }
        try end(report.statistics.summary)
    }

    private func show(_ row: ValidationRow) throws {
        try Terminal.print(json ? try JSONDialect.line(row) : row.text)
    }

    private func end(_ total: SetValidation.Summary) throws {
        let totals = ValidationTotals(total)
        try Terminal.print(json ? try JSONDialect.line(totals) : totals.text)
        if total.failed > 0 { throw NegativeAnswer() }
    }
}
