import ArgumentParser
import Foundation
import Jobs
import Publishing
import Reports
import Wyckoff

struct SolveCommand: AsyncParsableCommand, FolderWriting {
    static let configuration = CommandConfiguration(
        commandName: "solve",
        abstract: "Solves a structure from its composition and a powder pattern alone, and proves it.",
        discussion: """
            No start is needed: the lattice is found from the lines (as `index` does), the extinction symbol from the \
            intensities (as `groups` does), then for each likely group and number of formula units the ways in which the \
            composition fills positions are held against the pattern, and the best are refined. It ends when a structure is \
            proven, or at the time limit.

            The ways of structure types that are known (2,982 of OQMD) are tried first; --types none leaves them out, --types FILE \
            takes those of another table (Scripts/structure-types.py). Nothing else is remembered, and the proof is the same.

            The directory holds solved.cif, summary.json, parameters.tsv, the fit and report.html, as `recover`'s does, and \
            candidates/ with every other structure that was refined. Exit status 0: solved and proven; 1: it ran and does not \
            know, and what it found is ranked; 2: bad input.

            Examples:
              wyckoff solve pbso4.xye --formula PbSO4 --wavelength CuKa -o result
              wyckoff solve p.xy --formula CaTiO3 --cell 5.38,5.44,7.64 --space-group Pbnm -o result
            """)

    @Argument(help: "The measured pattern, any format that wyckoff reads.", completion: .file())
    var pattern: String

    @Option(help: "The composition, such as PbSO4 or Ca5(PO4)3F.")
    var formula: String

    @OptionGroup var illumination: IlluminationOptions

    @OptionGroup var known: KnownPhaseOptions

    @Option(help: ArgumentHelp("The cell, where it is known.", valueName: "a,b,c[,α,β,γ]"))
    var cell: String?

    @Option(
        help: "Its Bravais type, such as oP or hR. (default: the highest that the numbers allow)",
        completion: CompletedValues.lattices)
    var lattice: String?

    @Option(help: "The group, where it is known, in the setting of the cell; with --cell.")
    var spaceGroup: String?

    @Option(name: .customLong("z"), help: "Formula units in the conventional cell, where they are known.")
    var units: Int?

    @Option(
        help: ArgumentHelp(
            "Lets energies decide between structures that fit about as well: " + PotentialCatalogue.help),
        completion: CompletedValues.potentials)
    var potential: String?

    @OptionGroup var texture: OrientationOption

    @Option(
        help: "Structure to compare the result with; it takes no part in the solution.", completion: .file())
    var reference: String?

    @Option(
        help: ArgumentHelp(
            "Structure types that are tried first: none, or a table. (default: the program's own)",
            valueName: "none|file"), completion: .file())
    var types: String?

    @Option(help: ArgumentHelp("After so long it ends with what it has.", valueName: "seconds"))
    var timeLimit = 600.0

    @Option(help: "The same seed gives the same result.")
    var seed: UInt64 = 1

    @Option(help: "Threads of indexing.")
    var jobs: Int?

    @Option(
        name: .shortAndLong, help: "Directory for the results; made if it is not there.",
        completion: .directory)
    var output: String?

    @Flag(help: "Print summary.json on standard output instead of a table.")
    var json = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs takes a whole number above 0") }
        guard spaceGroup == nil || cell != nil else {
            throw ValidationError("--space-group needs its axes; give --cell as well")
        }
        guard lattice == nil || cell != nil else { throw ValidationError("--lattice goes with --cell") }
        if let units, units < 1 { throw ValidationError("--z takes a whole number above 0") }
        guard timeLimit > 0, timeLimit.isFinite else {
            throw ValidationError("--time-limit takes seconds above 0")
        }
        try MeantName.checkPotential(potential)
        try texture.check(potential: potential)
        _ = try composition()
        if let cell { _ = try CellOption(cell, lattice: lattice) }
    }

    private func composition() throws -> Formula {
        do {
            return try Formula(parsing: formula)
        } catch {
            throw ValidationError("--formula: \(error)")
        }
    }

    var resultFolder: String? { output }

    func run() async throws {
        if let output { try OutputPlace.probe(folder: output) }
        let job = try job()
        let isQuiet = quiet
        var outcome = try await naming(pattern) { [job] in
            try await job.run { if !isQuiet { Terminal.error($0.text) } }
        }
        outcome.seconds = CampaignTaskSide.seconds(outcome.seconds)
        outcome.recovery?.seconds = outcome.seconds
        let report = SolutionReport(
            outcome, pattern: pattern, formula: formula, version: WyckoffCommand.configuration.version,
            command: Invocation.text)
        try Terminal.print(json ? try report.summary.json() : report.text) {
            guard let output else { return }
            let folder = URL(fileURLWithPath: output, isDirectory: true)
            for trouble in try report.write(to: folder) {
                Terminal.warning("the fit is not drawn: \(trouble)")
            }
        }
        if !outcome.isSolved { throw NegativeAnswer() }
    }

    private func structureTypes() throws -> StructureTypes {
        guard let types else { return try StructureTypes.embedded() }
        if types == "none" { return .none }
        guard let data = FileManager.default.contents(atPath: types) else {
            throw CrystalFileError(
                file: types, problem: "cannot be read",
                remedy: "give none, or a table of Scripts/structure-types.py")
        }
        return try FileProblem.naming(types) {
            try StructureTypes(parsing: String(decoding: data, as: UTF8.self))
        }
    }

    private func job() throws -> SolutionJob {
        var job = SolutionJob(try illumination.measurement(of: pattern), formula: try composition())
        job.assumesShares = SolutionJob.assumesShares(formula)
        if let cell { job.cell = try CellOption(cell, lattice: lattice).axes }
        job.spaceGroup = try spaceGroup.map { try SpaceGroup.named($0) }
        if let group = job.spaceGroup, let axes = job.cell, !group.allows(axes.cell) {
            throw ValidationError(
                "--space-group \(group.symbol) does not have the cell \(cell ?? ""); give its axes")
        }
        (job.units, job.timeLimit, job.seed, job.indexing.jobs) = (units, timeLimit, seed, jobs)
        job.also = try known.records()
        job.orientation = try texture.question(usual: potential == nil ? OrientationQuestion() : nil)
        job.types = try structureTypes()
        job.reference = try reference.map { NamedRecord(name: $0, try CrystalFile.readFirst($0)) }
        guard let potential else { return job }
        let model = try PotentialCatalogue.potential(named: potential)
        guard model.takesAnyCell else {
            throw ValidationError("--potential \(potential) knows one list of atoms only; give chgnet")
        }
        job.energy = EnergyDecision(model, weight: .automatic)
        return job
    }
}

extension SpaceGroup {
    /// Whether a cell has the metric that the group asks for, within the rounding of its numbers.
    fileprivate func allows(_ cell: Lattice) -> Bool {
        let ideal = LatticeParameters(of: cell, in: self).lattice
        let lengths = (0..<3).allSatisfy { abs(ideal.lengths[$0] / cell.lengths[$0] - 1) < 2e-3 }
        return lengths && (0..<3).allSatisfy { abs(ideal.angles[$0] - cell.angles[$0]) < 0.2 }
    }
}
