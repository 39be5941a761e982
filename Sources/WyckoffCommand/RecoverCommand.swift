import ArgumentParser
import Foundation
import Jobs
import Publishing
import Reports
import Wyckoff

struct RecoverCommand: ParsableCommand, FolderWriting {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Recovers a structure from a powder pattern and a distorted start, and proves it.",
        discussion: """
            The start may be distorted and without symmetry: cell a few per cent off, atoms moved. What is known \
            beforehand is said in one of four ways: --symmetry-from takes the space group, its setting and the \
            occupied Wyckoff positions of another structure (never its coordinates or its cell); --space-group \
            takes the group only; --family takes the crystal family only: the group and what is occupied are found, \
            for a start on the family's conventional axes; with none of them, every group that the start nearly has \
            is tried.

            First the cell is found from the positions of the lines, then the free Wyckoff coordinates from their \
            intensities, then everything is refined together. The directory holds recovered.cif, summary.json, \
            parameters.tsv, the fit as fit.svg and fit.png with its data and script, and report.html.

            Example:
              wyckoff distort PbSO4.cif --lattice 0.03 --coordinates 0.02 --seed 1 -o start.cif
              wyckoff recover --pattern pbso4-x.dat --start start.cif --symmetry-from PbSO4.cif -o result
              wyckoff recover --pattern p.xy --start start.cif --space-group Pnma --potential chgnet -o result
              wyckoff recover --pattern p.xy --start start.cif --family orthorhombic -o result

            Several patterns of one sample are refined together, each with its own scale, background, zero and widths: \
            --pattern is repeated, and what is said of a pattern is said for each, in their order. The cell is found \
            from the first one's lines, the candidates for the structure from its intensities; they are ranked by the \
            joint fit. A wavelength given as a number is refined beside an emission line's (--hold-wavelengths: not).
              wyckoff recover --pattern x.dat --pattern n.dat --radiation xray --radiation neutron \
                --wavelength CuKa --wavelength 1.909 --start start.cif --space-group Pnma -o result

            Several starts (a generator's candidates, entries of a database, structures of isotypic compounds) are recovered \
            one after the other: --start is repeated, the best proven result is taken, and all are tabled. Where two of \
            them prove different structures, neither is proven.
              wyckoff recover --pattern p.xy --start a.cif --start b.cif -o result
            """)

    @Option(
        help: "The measured pattern: columns, FullProf or GSAS blocks, FXYE, powder CIF; may be repeated.",
        completion: .file())
    var pattern: [String]

    @OptionGroup var known: StartOptions

    @OptionGroup var phases: KnownPhaseOptions

    @OptionGroup var conditions: MeasurementListOptions

    @Option(help: "Structure to compare the result with.", completion: .file())
    var reference: String?

    @OptionGroup var energy: EnergyDecisionOptions

    @OptionGroup var texture: OrientationOption

    @Option(help: "The same seed gives the same result.")
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "After so long it ends with what it has; starts share it. (default: no limit)",
            valueName: "seconds"))
    var timeLimit: Double?

    @Option(
        name: .shortAndLong, help: "Directory for the results; made if it is not there.",
        completion: .directory)
    var output: String

    @Flag(help: "Print summary.json on standard output instead of a table.")
    var json = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
        try energy.check(patterns: pattern.count)
        try texture.check(potential: energy.potential)
        if let timeLimit {
            guard timeLimit > 0, timeLimit.isFinite else {
                throw ValidationError("--time-limit takes seconds above 0")
            }
        }
        _ = try conditions.options(of: pattern)
    }

    var resultFolder: String? { output }

    func run() throws {
        try OutputPlace.probe(folder: output)
        let job = try job()
        let isQuiet = quiet
        var outcome: RecoveryOutcome
        do {
            outcome = try job.run { if !isQuiet { Terminal.error($0.text) } }
        } catch let error as StartsJob.TimeIsUp {
            Terminal.error("\(error)")
            throw NegativeAnswer()
        }
        outcome.seconds = CampaignTaskSide.seconds(outcome.seconds)
        let report = RecoveryReport(
            outcome, version: WyckoffCommand.configuration.version, command: Invocation.text)
        let table = RecoveryTable(outcome, report.summary, folder: output)
        try Terminal.print(json ? try report.summary.json() : table.text) {
            let folder = URL(fileURLWithPath: output, isDirectory: true)
            let troubles = try report.write(outcome, to: folder)
            for trouble in troubles { Terminal.warning("the fit is not drawn: \(trouble)") }
        }
        if !json { try Terminal.print(table.place) }
        if !outcome.isProven { throw NegativeAnswer() }
    }

    private func job() throws -> StartsJob {
        func named(_ file: String) throws -> NamedRecord {
            NamedRecord(name: file, try CrystalFile.readFirst(file))
        }
        var job = RecoveryJob(
            try conditions.options(of: pattern).map { try $0.measurement() }, start: try named(known.start[0])
        )
        job.knowledge = try known.knowledge()
        job.reference = try reference.map(named)
        job.holdsWavelengths = conditions.holdWavelengths
        job.seed = seed
        job.also = try phases.records()
        job.energy = try energy.decision()
        job.isRestrained = energy.restrain
        job.orientation = try texture.question()
        var starts = StartsJob(job, others: try known.start.dropFirst().map(named))
        starts.timeLimit = timeLimit
        return starts
    }
}
