import ArgumentParser
import Foundation
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
              wyckoff relax start.vasp --potential ipi:unix:lammps -o relaxed.vasp
            """)

    enum Symmetry: String, ExpressibleByArgument { case keep, none }

    @Argument(help: "CIF, POSCAR, extended XYZ or JSON; every structure of it.")
    var file: String

    @Option(help: ArgumentHelp(stringLiteral: PotentialCatalogue.help))
    var potential = "chgnet"

    @Option(help: "eV/Å: converged where no atom feels more.")
    var fmax = 0.01

    @Option(help: "GPa: converged where no component of stress, against the pressure, is larger.")
    var smax = 0.05

    @Flag(help: "Hold the cell.")
    var fixCell = false

    @Flag(help: "Hold the fractional coordinates.")
    var fixPositions = false

    @Option(help: "Hydrostatic pressure, GPa.")
    var pressure = 0.0

    @Option(help: "keep or none.")
    var symmetry = Symmetry.keep

    @Option(help: "Å within which the group is found.")
    var tolerance = 0.01

    @Option(help: "Evaluations at most.")
    var maxEvaluations = 1000

    @Flag(help: "Look for the softest mode that breaks the group; where it is soft, relax along it.")
    var checkSaddle = false

    @Option(name: .shortAndLong, help: "Write the relaxed structure; the suffix says the format.")
    var output: String?

    @Option(help: "Write every step with energy, forces and stress (extended XYZ).")
    var trajectory: String?

    @Option(
        help:
            "Threads for a cell of some fifty atoms and more; 0: one for each core. The numbers do not depend on it."
    )
    var threads = 0

    @Option(help: "Seconds that an ipi: client has to connect and for each answer.")
    var timeLimit = 600.0

    @Flag(help: "One JSON object for each structure, one a line.")
    var json = false

    func validate() throws {
        guard fmax > 0, smax > 0 else { throw ValidationError("--fmax and --smax take positive numbers") }
        guard tolerance > 0, tolerance < 1 else { throw ValidationError("--tolerance takes 0 to 1 Å") }
        guard pressure.isFinite, abs(pressure) < 10_000 else {
            throw ValidationError("--pressure takes GPa, at most 10000")
        }
        guard maxEvaluations > 0 else { throw ValidationError("--max-evaluations takes a positive number") }
        guard threads >= 0 else { throw ValidationError("--threads takes a number from 0") }
        guard timeLimit > 0, timeLimit.isFinite else { throw ValidationError("--time-limit takes seconds") }
        if fixCell && fixPositions {
            throw ValidationError("--fix-cell and --fix-positions leave nothing to relax; give one of them")
        }
        if fixCell && pressure != 0 { throw ValidationError("--pressure has no effect with --fix-cell") }
        if let output, CrystalFile.format(ofName: output) == nil {
            throw ValidationError(
                "--output ends in no format; end it in .cif, .vasp, .extxyz, .json or .jsonl")
        }
    }

    func run() throws {
        for path in [output, trajectory].compactMap({ $0 }) { try AtomicFile.probe(file: path) }
        let records = try CrystalFile.read(file)
        guard records.count == 1 || output.map({ CrystalFile.format(ofName: $0) != .poscar }) ?? true else {
            throw FileProblem(file: file, problem: "\(records.count) structures do not fit into a POSCAR")
        }
        let model = try PotentialCatalogue.potential(named: potential, timeLimit: timeLimit, threads: threads)
        var (results, frames) = ([(structure: ReducedStructure, name: String)](), ExtendedXYZTrajectory())
        func write() throws {
            if let trajectory, !frames.text.isEmpty {
                try AtomicFile.write(frames.text, to: URL(fileURLWithPath: trajectory))
            }
            if let output, !results.isEmpty { try self.write(results, to: output) }
        }
        var failures: [String] = []
        for record in records {
            let progress = ProgressLine(isShown: true)
            var last: Relaxation.Step?
            do {
                let start = try start(record.structure)
                var startEnergy: Double?
                let result = try relaxation.relax(start, model) { step in
                    last = step
                    startEnergy = startEnergy ?? step.evaluation.energy
                    progress.show(Self.line(step))
                    guard trajectory != nil else { return }
                    frames.append(
                        step.structure.expanded(), energy: step.evaluation.energy,
                        forces: step.evaluation.forces,
                        stress: (1 / EnergyEvaluation.gigapascal) * step.evaluation.stress)
                }
                progress.clear()
                var saddle: SaddleCheck.Finding?
                if checkSaddle {
                    guard model.takesAnyCell else {
                        throw FileProblem(
                            file: file, problem: "--check-saddle needs a potential that takes any cell")
                    }
                    var check = SaddleCheck()
                    check.relaxation = relaxation
                    saddle = try check.check(result.structure, model)
                }
                let summary = try RelaxationSummary(
                    result, from: start, startEnergy: startEnergy ?? .nan, file: file, name: record.name,
                    potential: model.name, pressure: pressure, saddle: saddle)
                results.append((result.structure, record.name))
                failures += summary.clauses.failures
                try Self.print(summary, json: json)
            } catch {
                progress.clear()
                var problem = records.count > 1 ? "\(record.name): \(error)" : "\(error)"
                if let last {
                    results.append((last.structure, record.name))
                    try write()
                    problem += "; the step of evaluation \(last.evaluations) is the last good one"
                    if let output { problem += ", written to \(output)" }
                }
                throw FileProblem(file: file, problem: problem)
            }
        }
        try write()
        guard failures.isEmpty else {
            throw NegativeAnswer(reason: "\(file): \(failures.joined(separator: "; "))")
        }
    }

    private var relaxation: Relaxation {
        var result = Relaxation()
        result.forceTolerance = fmax
        result.stressTolerance = smax
        result.relaxesCell = !fixCell
        result.relaxesPositions = !fixPositions
        result.pressure = pressure
        result.maximumEvaluations = maxEvaluations
        return result
    }

    private func start(_ structure: CrystalStructure) throws -> ReducedStructure {
        if symmetry == .none, let triclinic = SpaceGroup(hallNumber: 1) {
            return try ReducedStructure(reducing: structure, in: triclinic)
        }
        let found = try SymmetryFinder.find(in: structure, tolerance: tolerance)
        return try ReducedStructure(reducing: structure, found)
    }

    private func write(_ results: [(structure: ReducedStructure, name: String)], to path: String) throws {
        guard CrystalFile.format(ofName: path) == .cif else {
            let records = results.map { result in
                var record = CrystalRecord(result.structure.expanded())
                record.name = result.name
                return record
            }
            return tell(try CrystalFile.write(records, to: path), of: path)
        }
        let text = results.map { CIFFile.serialise(SymmetricCIF($0.structure, name: $0.name)) }
        try AtomicFile.write(text.joined(separator: "\n"), to: URL(fileURLWithPath: path))
    }

    private static func line(_ step: Relaxation.Step) -> String {
        String(
            format: "%d evaluations  %.6f eV  %.4f eV/Å  %.3f GPa", step.evaluations, step.enthalpy,
            step.largestForce, step.largestStress)
    }

    private static func print(_ summary: RelaxationSummary, json: Bool) throws {
        if json {
            return try Terminal.print(try JSONDialect.line(summary))
        }
        func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
        var group = "\(summary.spaceGroup) held"
        if !summary.groupHeld { group = "\(summary.spaceGroup) NOT held" }
        if summary.foundNumber != summary.number { group += ", found \(summary.foundSpaceGroup)" }
        var lines = [
            "\(summary.file)  \(summary.formula)  \(group)  \(summary.potential)",
            "  \(summary.outcome.rawValue) after \(summary.evaluations) evaluations",
            "  energy          \(number(summary.startEnergyPerAtom, 6)) → \(number(summary.energyPerAtom, 6)) eV/atom",
            "  largest force   \(number(summary.largestForce, 6)) eV/Å",
            "  largest stress  \(number(summary.largestStress, 4)) GPa",
            "  volume          \(number(summary.volume, 4)) Å³",
        ]
        for change in summary.parameters {
            lines.append(
                "  \(change.name)  \(number(change.before, 5)) → \(number(change.after, 5)) \(change.unit)")
        }
        if let saddle = summary.saddle {
            lines.append(
                "  softest of \(saddle.brokenDirections) directions that break the group: "
                    + "\(number(saddle.softestCurvature, 4)) eV/Å²")
            if let change = saddle.energyChangePerAtom, let group = saddle.lowerSpaceGroup {
                lines.append("  a saddle: \(number(change, 6)) eV/atom at the minimum beside it, \(group)")
            }
        }
        lines += summary.clauses.failures.map { "  NOT proven: \($0)" }
        try Terminal.print(lines.joined(separator: "\n"))
    }
}
