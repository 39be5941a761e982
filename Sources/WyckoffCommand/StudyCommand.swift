import ArgumentParser
import Foundation
import Jobs
import Studies

struct StudyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "study", abstract: "Runs a job on many structures and reports what came of it.",
        discussion: """
            Examples:
              wyckoff study recovery --structures structures --arms nothing,wyckoff --samples 10 --store study.sqlite
              wyckoff study report study.sqlite -o report
              wyckoff study landscape --structures structures -o landscapes
            """,
        subcommands: [
            StudyRecoveryCommand.self, StudyReportCommand.self, StudyLandscapeCommand.self,
        ])
}

struct StudyRecoveryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recovery",
        abstract:
            "Recovers distorted structures from their noise-free patterns by several arms, side by side.",
        discussion: """
            Every structure is idealised at 0.1 Å in its conventional standard cell; its pattern is that of the \
            simulator of Segal et al. (2025); starts are distorted as there. Arms: nothing and project-once use no \
            pattern; descent, descent-family, adam, lbfgs and descent-symmetry follow a similarity of the whole \
            pattern (:cosine, :mse or :entropy); wyckoff knows the space group and the occupied positions, \
            wyckoff-space-group the group alone, wyckoff-family the crystal family alone. By CHGNet (wyckoff models fetch): \
            energy relaxes without symmetry and without pattern, energy-symmetry in the reduced space, \
            energy-then-pattern descends on the pattern from there, pattern+energy follows both together, and \
            pattern-symmetry the pattern alone by the same optimiser.

            Every finished run is kept at once: a study that is killed goes on with --resume.

            Example:
              wyckoff study recovery --structures structures --arms nothing,project-once,wyckoff \
            --noise lattice=0.1 --noise both=0.1,0.2 --samples 10 --seed 1 --store study.sqlite
            """)

    @Option(parsing: .upToNextOption, help: "Structure files, or folders of them.", completion: .file())
    var structures: [String]

    @Option(
        help: ArgumentHelp(
            "Take N structures of large sets (.jsonl, .jsonl.gz, .extxyz, folders), as many of each crystal system, in an "
                + "order that --seed fixes; each is finished before the next. The first of them are those of a smaller N.",
            valueName: "N"))
    var pick: Int?

    @Option(help: "Leave out structures of more free coordinates than this.")
    var maxFree: Int?

    @Option(
        help: "Names with commas between them.",
        completion: .list(["nothing", "project-once", "descent", "descent-family", "wyckoff"]))
    var arms = "nothing,project-once,descent,descent-family,wyckoff"

    @Option(help: "lattice=, coordinates= or both= with levels; may be repeated.")
    var noise: [String] = ["lattice=0.1"]

    @Option(help: "Starts for each structure and level.")
    var samples = 50

    @Option(
        help: ArgumentHelp(
            "What the patterns have beside the structure's own: poisson=COUNTS, background, zero=DEGREES, widths, "
                + "impurity=SHARE with commas between them, or all (10,000 counts, 0.05°, 2 %).",
            valueName: "list"))
    var disturb: String?

    @Option(help: "The same seed gives the same starts.")
    var seed: UInt64 = 1

    @Option(help: "The SQLite file that keeps every run.", completion: .file())
    var store: String

    @Option(help: "Runs at a time. (default: the number of cores)")
    var jobs: Int?

    @Option(
        help: ArgumentHelp(
            "Stop a run that takes more seconds of processor time; it counts as not recovered, and --resume does not repeat it. (default: none)",
            valueName: "seconds"))
    var timeLimit: Double?

    @Flag(help: "Go on with a store that holds runs already.")
    var resume = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
        guard samples > 0 else { throw ValidationError("--samples takes a number above 0") }
        if let pick, pick < 1 { throw ValidationError("--pick takes a number above 0") }
        if let timeLimit, !(timeLimit > 0) {
            throw ValidationError("--time-limit takes a number of seconds above 0")
        }
        if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number above 0") }
    }

    func run() async throws {
        let levels = try noise.flatMap { try NoiseLevel.parse($0) }
        let chosen = try arms.split(separator: ",").map { try RecoveryStudy.arm(named: String($0)) }
        let sample = RecoveryStudyJob.Sample(structures, count: pick, seed: seed, mostCoordinates: maxFree)
        var study = RecoveryStudy(
            references: try sample.references { if !quiet { Terminal.error($0) } }, arms: chosen,
            noise: levels, samples: samples, seed: seed, jobs: jobs)
        study.finishesStructures = pick != nil
        study.timeLimit = timeLimit
        study.disturbance = try disturb.map { try PatternDisturbance(parsing: $0) }
        var job = RecoveryStudyJob(study, store: store)
        job.resumes = resume
        job.command = Invocation.text
        job.version = WyckoffCommand.configuration.version
        let isQuiet = quiet
        let outcome = try await job.run { if !isQuiet { Terminal.error($0.text) } }
        try Terminal.print(
            "\(outcome.runs) runs in \(store); wyckoff study report \(store) -o DIR shows them")
    }
}
