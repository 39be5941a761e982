import ArgumentParser
import Foundation
import Jobs
import Publishing
import Reports
import Wyckoff

struct DesignCommand: AsyncParsableCommand, FolderWriting {
    static let configuration = CommandConfiguration(
        commandName: "design",
        abstract:
            "Finds crystals of a structure type with the properties asked for, neutral and in their symmetry.",
        discussion: """
            A template gives orbits; elements, cell and free coordinates are searched for so that learned models \
            predict the properties asked for. Forbidden elements never appear, and every candidate's neutrality is \
            proven in integers. A prediction is not a property: the report says how good each model is, and CHGNet, \
            which no search sees, gives a second opinion.

            Targets: 2.5±0.2 (or 2.5+-0.2), '<-0.5', '>10', 0.8:1.0, min, max; a weight after *, 2.5±0.2*2. Quote \
            < and > for the shell. Moduli are in GPa.
            Templates: \(DesignTemplate.names.joined(separator: ", ")), or a structure file, whose elements name its \
            sites.
            Methods: gradient (ours), smoacs, tpe, random, exhaustive, and tiled for supercells: copies of the best \
            unit cell, which prove nothing.
            The budget counts one model on one crystal, with or without gradient, as one call.

            Examples:
              wyckoff design --template perovskite --gap 2.5±0.2 --formation-energy '<-0.5' \
            --tolerance-factor 0.8:1.0 -o halides
              wyckoff design --template perovskite --supercell 3x3x3 --gap 4±0.2 --formation-energy '<-0.5' \
            --candidates 128 -o mixed
              wyckoff design --template spinel --bulk-modulus 160±10 --formation-energy '<-0.5' --exclude Pb,Cd,Hg \
            -o spinels
              wyckoff design --template rutile --predictor Tc=tc.pth.tar --target 'Tc>10' -o tc
              wyckoff design --template perovskite --gap 2.5±0.2 --tolerance-factor 0.8:1.0 --geometry relaxed -o real
              wyckoff design --template perovskite --target 'metal>0.8' --magnetic-moment '>2' \
            --formation-energy '<-0.5' --tolerance-factor 0.8:1.0 -o magnets
              wyckoff design --template rocksalt --gap max --bulk-modulus max --pareto 8 -o front
            --pareto N searches under N weightings of the minima and maxima and ranks the Pareto front first.
            Lists of elements: symbols, @FILE for symbols in a file, * for all, and -Pb or -@FILE for all but these.
            Against what exploits the models' errors: --tau 4.18 (perovskites), --bond-valence 0.5, --displacement 0.05.
            A target that only holds at a geometry no crystal would keep is worth little: by default the judge relaxes each \
            success in its symmetry and asks again (relaxed-… in candidates.csv). What a model answers when it knows nothing, \
            its floor, is no success.
            --neutrality off for metals and intermetallic compounds; bond valences are asked for in supercells (--bond-valence).
            Exit status 1 if no candidate meets every target, there as well.
            """)

    enum Judge: String, ExpressibleByArgument { case none, energy, relax }

    enum Geometry: String, ExpressibleByArgument, CaseIterable { case free, relaxed }

    @OptionGroup var what: DesignProblemOptions

    @OptionGroup var targets: DesignTargetOptions

    @Option(help: "A Pareto front of the targets min and max, from so many weightings.")
    var pareto: Int?

    @Option(help: "How many candidates.")
    var candidates = 256

    @Option(help: "Predictor calls; 200 evaluations of each model for each candidate if none is given.")
    var budget: Int?

    @Option(help: "Seed of every random choice.")
    var seed: UInt64 = 1

    @Option(
        help: "Of a free geometry: gradient (if none is given), smoacs, tpe, random, exhaustive or tiled.",
        completion: .list(["gradient", "smoacs", "tpe", "random", "exhaustive", "tiled"]))
    var method: String?

    @Option(
        help:
            "none, energy (CHGNet as proposed) or relax: every target asked again where CHGNet's energy is least in the symmetry."
    )
    var judge = Judge.relax

    @Option(
        help:
            "relaxed: cell and coordinates are those of CHGNet's least energy in the template's symmetry, for every composition where that is possible. free: the search chooses them. (default: relaxed where CHGNet judges up to 12 orbits and neither --method nor --pareto is given)"
    )
    var geometry: Geometry?

    @Option(
        help: "Structures whose formulas are not novel: a file or a set. May be repeated.",
        completion: .file())
    var known: [String] = []

    @OptionGroup(title: "Stable and novel") var references: DesignReferenceOptions

    @Option(help: "Tasks at a time; the number of cores if none is given.")
    var jobs: Int?

    @Flag(help: "The summary as one JSON object.")
    var json = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    @Option(
        name: .shortAndLong, help: "Folder for CIFs, candidates.csv, plots and the report.",
        completion: .directory)
    var output: String

    func validate() throws {
        guard candidates > 0, candidates <= 100_000 else {
            throw ValidationError("--candidates takes 1 to 100000")
        }
        guard budget.map({ $0 > 0 }) != false else {
            throw ValidationError("--budget takes a positive number")
        }
        guard pareto.map({ (2...64).contains($0) }) != false else {
            throw ValidationError("--pareto takes 2 to 64 weightings")
        }
        guard targets.magneticMoment == nil || judge == .relax else {
            throw ValidationError(
                "--magnetic-moment is asked where CHGNet's energy is least; leave out --judge \(judge.rawValue)"
            )
        }
        guard geometry != .relaxed || pareto == nil && method == nil else {
            throw ValidationError(
                "--geometry relaxed has a search of its own; leave out --pareto and --method")
        }
        if let method, method != "tiled", DesignMethod(rawValue: method) == nil {
            throw ValidationError(
                "--method takes \(DesignMethod.allCases.map(\.rawValue).joined(separator: ", ")) or tiled, not '\(method)'"
            )
        }
    }

    var resultFolder: String? { output }

    func run() async throws {
        try OutputPlace.probe(folder: output)
        let job = try job()
        let isQuiet = quiet
        let outcome = try await job.run { if !isQuiet { Terminal.error($0.text) } }
        let report = DesignReport(outcome, command: Invocation.footer)
        try Terminal.print(json ? try JSONDialect.line(report.summary) : DesignReport.text(report.summary)) {
            let troubles = try report.write(to: AtomicFile.directory(output))
            for trouble in troubles { Terminal.warning("plots are not drawn: \(trouble)") }
        }
        if !json { try Terminal.print("  \(output)/report.html") }
        guard report.summary.passed else {
            throw NegativeAnswer(reason: "design: \(report.summary.clauses.failures.joined(separator: "; "))")
        }
    }

    private func job() throws -> DesignJob {
        var options = try what.options(targets)
        let isRelaxed = try isRelaxed(options.settings)
        options.settings.loss.metal =
            targets.metalGate ?? (isRelaxed ? options.settings.loss.sureMetal : options.settings.loss.metal)
        let predictors = try what.predictors()
        func evaluator(_ copies: SIMD3<Int>) throws -> DesignEvaluator {
            var own = options
            // Of a unit cell its share of what the supercell is to have.
            let share = copies.product / (try what.copies().product)
            own.magneticMoment = options.magneticMoment?.scaled(by: share)
            return try DesignEvaluator(
                DesignProblem(what.makeTemplate(copies: copies), own), predictors: predictors)
        }
        if targets.magneticMoment != nil, !StabilityJudge.isInstalled {
            throw ValidationError(
                "--magnetic-moment is CHGNet's answer; install it with wyckoff models fetch")
        }
        var job = DesignJob(try evaluator(what.copies()))
        if isRelaxed {
            job.source = .relaxedGeometry(
                try StabilityJudge.loaded(settings: job.evaluator.problem.settings.judge))
            if try what.copies() != SIMD3(1, 1, 1) { job.unit = try evaluator(SIMD3(1, 1, 1)) }
        } else if method == "tiled" {
            job.source = .copies(of: try evaluator(SIMD3(1, 1, 1)))
        } else {
            job.source = .search(method.flatMap(DesignMethod.init(rawValue:)) ?? .gradient)
        }
        job.candidates = candidates
        job.budget = budget
        job.seed = seed
        job.front = pareto
        job.jobs = jobs
        job.judging = try judging(job.evaluator.problem)
        if case .relaxed = job.judging {
            job.references = try references.references(jobs: jobs)
            job.stableWithin = references.stableWithin
        }
        if !known.isEmpty { job.knownFormulas = try DesignJob.formulas(in: known) { Terminal.error($0) } }
        return job
    }

    /// Whether cell and coordinates are CHGNet's: where nothing else is said, wherever it judges and the orbits are few.
    private func isRelaxed(_ settings: DesignSettings) throws -> Bool {
        if let geometry { return geometry == .relaxed }
        guard judge == .relax, method == nil, pareto == nil, StabilityJudge.isInstalled else { return false }
        return try what.makeTemplate(copies: what.copies()).structure.orbits.count
            <= settings.budget.mostRankedOrbits
    }

    private func judging(_ problem: DesignProblem) throws -> DesignJob.Judging {
        guard judge != .none else { return .none }
        guard let model = try StabilityJudge.installed(settings: problem.settings.judge) else {
            if !quiet {
                Terminal.error("design: CHGNet is not installed, so nothing is judged (wyckoff models fetch)")
            }
            return .none
        }
        return judge == .relax ? .relaxed(model) : .asProposed(model)
    }

}

extension SIMD3<Int> {
    /// Cells of a supercell.
    fileprivate var product: Double { Double(x) * Double(y) * Double(z) }
}
