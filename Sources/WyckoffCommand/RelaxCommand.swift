import ArgumentParser
import Foundation
import Jobs
import Publishing
import Reports
import Wyckoff

struct RelaxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relax",
        abstract: "Relaxes a structure inside its space group: the group holds exactly, step by step.",
        discussion: """
            Only what the group leaves free moves: free lattice parameters as a symmetric strain, free Wyckoff \
            coordinates. At the end every operation is verified again within 1e-5 Å. --symmetry none relaxes all \
            atoms and the whole cell. Cell, origin and order of \
            atoms stay those of the file; a CIF is written in the setting of the group.

            --potential ipi:unix:NAME or ipi:HOST:PORT waits for a client (ASE, LAMMPS, CP2K, …) that was started \
            with the same atoms in the same order. If the client dies or sends nonsense, the last good step is \
            written to -o and --trajectory; start from it again.

            Exit status 1 where a clause of the verdict fails (Docs/Verdicts.md); all is written then too:
            \(RelaxationClause.allCases.map { "  \($0.rawValue): \($0.question)" }.joined(separator: "\n"))

            Examples:
              wyckoff relax PbSO4.cif -o relaxed.cif
              wyckoff relax TiO2.cif --pressure 10 --json
              wyckoff relax cubic.cif --check-saddle --trajectory steps.extxyz
              wyckoff relax MgO.cif --elastic
              wyckoff relax start.vasp --potential ipi:unix:lammps -o relaxed.vasp
            """)

    @Argument(help: "CIF, POSCAR, extended XYZ or JSON; every structure of it.", completion: .file())
    var file: String

    @Option(
        help: ArgumentHelp(stringLiteral: PotentialCatalogue.help), completion: CompletedValues.potentials)
    var potential = "chgnet"

    @OptionGroup var options: RelaxationOptions

    @Option(
        name: .shortAndLong, help: "Write the relaxed structure; the suffix says the format.",
        completion: .file())
    var output: String?

    @Option(help: "Write every step with energy, forces and stress (extended XYZ).", completion: .file())
    var trajectory: String?

    @Option(
        name: [.long, .customLong("threads")],
        help:
            "Threads for a cell of some fifty atoms and more; 0: one for each core. The numbers do not depend on it."
    )
    var jobs = 0

    @Option(help: "Seconds that an ipi: client has to connect and for each answer.")
    var timeLimit = 600.0

    @Flag(help: "One JSON object for each structure, one a line.")
    var json = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
        try MeantName.checkPotential(potential)
        guard jobs >= 0 else { throw ValidationError("--jobs takes a number from 0") }
        guard timeLimit > 0, timeLimit.isFinite else { throw ValidationError("--time-limit takes seconds") }
        if let output, output == "/dev/stdout" || CrystalFile.format(ofName: output) == nil {
            throw ValidationError(
                "--output ends in no format; end it in .cif, .vasp, .extxyz, .json or .jsonl")
        }
    }

    func run() throws {
        for path in [output, trajectory].compactMap({ $0 }) {
            try OutputPlace.probe(file: path, besides: [file])
        }
        let records = try CrystalFile.read(file)
        guard records.count == 1 || output.map({ CrystalFile.format(ofName: $0) != .poscar }) ?? true else {
            throw FileProblem(file: file, problem: "\(records.count) structures do not fit into a POSCAR")
        }
        let job = options.job(
            records, try PotentialCatalogue.potential(named: potential, timeLimit: timeLimit, threads: jobs))
        let files = RelaxationFiles(structure: output, trajectory: trajectory)
        let interruption = InterruptCleanup()
        interruption.watch { [file] in Self.rescue(files, of: file) }
        defer { interruption.stop() }
        var failures: [String] = []
        let progress = ProgressLine(isShown: !quiet)
        var observer = RelaxationJob.Observer()
        observer.step = { files.add($1, of: $0) }
        observer.relaxed = { relaxed in
            progress.clear()
            files.finish(relaxed)
            let summary = RelaxationSummary(
                relaxed.result, from: relaxed.start, startEnergy: relaxed.startEnergy,
                verification: try GroupVerification.of(relaxed.result.structure), file: file,
                name: relaxed.name, potential: job.potential.name, pressure: options.pressure,
                saddle: relaxed.saddle,
                elasticity: relaxed.elasticity)
            failures += summary.clauses.failures
            try Terminal.print(json ? try JSONDialect.line(summary) : summary.text)
        }
        do {
            _ = try job.run(reporting: { progress.show($0) }, to: observer)
        } catch let failure as RelaxationJob.Failure {
            progress.clear()
            let written = try Self.write(files)
            throw FileProblem(file: file, problem: "\(failure)\(written.map { ", written to \($0)" } ?? "")")
        } catch {
            // What is done is not lost with standard output.
            try Self.write(files)
            throw error
        }
        try Self.write(files)
        guard failures.isEmpty else {
            throw NegativeAnswer(reason: "\(file): \(failures.joined(separator: "; "))")
        }
    }

    /// - Returns: where the structures are; nil where none is written.
    @discardableResult
    private static func write(_ files: RelaxationFiles) throws -> String? {
        let written = try files.write()
        if let place = written.place { tell(written.losses, of: place) }
        return written.place
    }

    /// What an interrupted command leaves; said in one line on standard error.
    private static func rescue(_ files: RelaxationFiles, of file: String) {
        do {
            let rescue = try files.rescue(of: file)
            if let place = rescue.written.place { tell(rescue.written.losses, of: place) }
            if let sentence = rescue.sentence { Terminal.error(sentence) }
        } catch {
            Terminal.failure(error)
        }
    }
}
