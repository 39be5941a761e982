import ArgumentParser
import Foundation
import Indexing
import Jobs
import Publishing
import Reports
import Wyckoff

struct IndexCommand: AsyncParsableCommand, FolderWriting {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Finds the lattice of a powder pattern.",
        discussion: """
            The lines of the pattern, or those that --lines lists (2θ or d, then intensity and σ where known, one a line), \
            propose lattices of all 14 Bravais types; the best are fitted to the whole profile with free intensities. With \
            --formula a lattice point should hold a whole number of formula units by the volumes of the elements.

            P is the probability among those listed. Exit status 0 where the first has at least 0.9, M 10 with two lines \
            unexplained at most, three lines more than two for each parameter, and a zero within 0.1°; else 1: the list is \
            then to be looked at, and the clauses say why.

            Examples:
              wyckoff index pbso4.xye --wavelength CuKa --formula PbSO4
              wyckoff index --lines peaks.txt --wavelength 1.5406 --lattices oP,mP --json
            """)

    @Argument(
        help: "The measured pattern, any format that wyckoff reads; none with --lines.", completion: .file())
    var pattern: String?

    @Option(
        help: ArgumentHelp(
            "Lines instead of a pattern: 2θ (or d with --d-spacings), intensity, σ.", valueName: "file"))
    var lines: String?

    @Flag(help: "The list holds d in Å.")
    var dSpacings = false

    @Option(help: "The composition, such as PbSO4 or Ca5(PO4)3F.")
    var formula: String?

    @OptionGroup var illumination: IlluminationOptions

    @OptionGroup var known: KnownPhaseOptions

    @Option(help: "all, or Bravais types such as cP,hR,mC.", completion: CompletedValues.allLattices)
    var lattices = "all"

    @Option(help: ArgumentHelp("Largest volume of a primitive cell.", valueName: "Å³"))
    var maxVolume: Double?

    @Option(help: "Threads.")
    var jobs: Int?

    @Option(
        name: .shortAndLong, help: "Directory for index.json and index.html; made if it is not there.",
        completion: .directory)
    var output: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs takes a whole number above 0") }
        guard (pattern == nil) != (lines == nil) else { throw ValidationError("give a pattern, or --lines") }
        guard !dSpacings || lines != nil else { throw ValidationError("--d-spacings goes with --lines") }
        guard known.also.isEmpty || lines == nil else { throw ValidationError("--also needs a pattern") }
        if let maxVolume, !(maxVolume > 0) { throw ValidationError("--max-volume takes Å³ above 0") }
        _ = try (types(), composition())
    }

    private func types() throws -> [BravaisLattice] {
        if lattices == "all" { return BravaisLattice.allCases }
        return try lattices.split(separator: ",").map {
            guard let type = BravaisLattice(rawValue: String($0)) else {
                let known = BravaisLattice.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--lattices knows \(known), not '\($0)'")
            }
            return type
        }
    }

    private func composition() throws -> Formula? {
        do {
            return try formula.map { try Formula(parsing: $0) }
        } catch {
            throw ValidationError("--formula: \(error)")
        }
    }

    var resultFolder: String? { output }

    func run() async throws {
        if let output { try OutputPlace.probe(folder: output) }
        var job = IndexJob(try source())
        job.formula = try composition()
        job.also = try known.records()
        job.indexing.lattices = try types()
        job.indexing.jobs = jobs
        if let maxVolume { job.indexing.volumes = [min(8, maxVolume)...maxVolume] }
        let progress = ProgressLine(isShown: !quiet)
        let file = pattern ?? lines ?? ""
        let outcome = try await naming(file) { [job] in try await job.run { progress.show($0) } }
        progress.clear()
        let summary = IndexSummary(file: file, formula: formula, outcome)
        try Terminal.print(json ? try summary.json() : summary.text()) {
            guard let output else { return }
            let troubles = try IndexPage(summary, outcome).write(to: output, footer: Invocation.footer)
            for trouble in troubles { Terminal.warning("the fit is not drawn: \(trouble)") }
        }
        if !outcome.verdict.isDecided { throw NegativeAnswer() }
    }

    private func source() throws -> IndexJob.Source {
        if let lines {
            let length = try illumination.wavelength.map { try Wavelength.radiation(named: $0).wavelength }
            return .lines(
                try LineList().read(lines, asSpacings: dSpacings, wavelength: length),
                probe: try MeasurementOptions.probe(illumination.radiation))
        }
        return .pattern(try illumination.measurement(of: pattern ?? ""))
    }
}
