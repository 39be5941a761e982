import ArgumentParser
import Foundation
import Jobs
import Publishing
import Reports
import Wyckoff

struct RefineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refine",
        abstract: "Fits a measured pattern with structures that are known (Rietveld).",
        discussion: """
            Instrument and radiation are given as to wyckoff pattern and are where the fit begins; the wavelength is \
            the pattern file's own where it has one and --wavelength is not given. Scales and background are free from \
            the beginning; --free names what else moves, stage by stage: names of parameters (zero, displacement, \
            transparency, U, V, W, X, Y, eta, SL, HL, march, a, O1.x, O1.B, Pb.B …; fluorite.a of several phases), or \
            lattice, coordinates, adps for all of their kind. Phases are called phase1, phase2 … where there are several.

            Weights are 1/σ² where the file gives σ, else 1/counts. Exit status 1 where the fit has not converged, the \
            structure does not explain what free intensities would, or cell and coordinates are not determined: the \
            clauses stand under the table (Docs/Verdicts.md).

            Examples:
              wyckoff refine FAP.XRA fluorapatite.cif
              wyckoff refine pattern.xye quartz.cif --monochromator 26.6 --range 15:120 --background-terms 12
              wyckoff refine pattern.xye rutile.cif anatase.cif --free lattice,zero/X,W/adps -o fit.svg

            Further patterns of the same sample are fitted with the first by --with, a file and the options of this \
            command that tell how it was measured. Cell, coordinates, displacements and occupancies are common; all \
            else is each pattern's own and called after it, in the order given: pattern1.zero, pattern2.scale. In \
            --free, zero means that of all patterns, pattern2.zero that of one; wavelength those given as numbers, \
            beside an emission line's. Of several pictures the second is called after the first: fit-2.svg.
              wyckoff refine x.dat PbSO4.cif --range 15:120 \\
                --with "n.dat --radiation neutron --wavelength 1.909 --geometry debye-scherrer"
            """)

    @Argument(help: "The measured pattern, any format that wyckoff reads.")
    var pattern: String

    @Argument(help: "Structures: CIF, POSCAR, extended XYZ or JSON; several are phases of a mixture.")
    var files: [String]

    @OptionGroup var options: PatternOptions

    @OptionGroup var fitting: FittingOptions

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Another pattern of the same structures; may be repeated.", valueName: "FILE OPTIONS"))
    var with: [String] = []

    @Option(
        help: ArgumentHelp(
            "Parameters, freed together between commas, one stage after the other between slashes. (default: lattice,displacement/W,X/coordinates,adps/U,V,Y)",
            valueName: "names"))
    var free: String?

    @Flag(
        help:
            "Every reflection has an intensity of its own (Pawley): the structure gives cell and group alone."
    )
    var freeIntensities = false

    @Option(
        name: .shortAndLong,
        help: "Where to draw the fit (.svg or .png) or write 2θ, observed, calculated, background (.tsv).")
    var output: String?

    @Option(help: ArgumentHelp("Where to write the refined structure, one phase only.", valueName: "file"))
    var structure: String?

    @Flag(help: "Print one JSON object instead of a table.")
    var json = false

    func validate() throws {
        try fitting.check(files: files.count)
        _ = try options.range.map { try AngleRange.parse($0, option: "--range") }
        guard with.isEmpty || !freeIntensities else {
            throw ValidationError("--free-intensities fits one pattern; leave out --with")
        }
        for further in try further() { try further.check(files: files.count) }
        if let output,
            !["svg", "png", "tsv"].contains(URL(fileURLWithPath: output).pathExtension.lowercased())
        {
            throw ValidationError("--output ends in .svg, .png or .tsv, not '\(output)'")
        }
        guard structure == nil || files.count == 1 else {
            throw ValidationError("--structure writes one phase; give one structure to refine")
        }
    }

    private func further() throws -> [FurtherPattern] {
        try with.map { text in
            do {
                return try FurtherPattern.parse(Invocation.attachingNegatives(ShellWords(text).words))
            } catch {
                throw ValidationError("--with '\(text)': \(FurtherPattern.message(for: error))")
            }
        }
    }

    func run() throws {
        try probeOutputs()
        let job = try job()
        let outcome = try named(files.joined(separator: ", ")) { try job.run { Terminal.error($0.text) } }
        let report = RefinementReport(outcome, files: files)
        try Terminal.print(json ? try report.json() : report.text) {
            if let structure {
                tell(try CrystalFile.write(outcome.structure(ofPhase: 0), to: structure), of: structure)
            }
            guard let output else { return }
            let failures = report.draw(to: output)
            for failure in failures.dropLast() { Terminal.error("error: \(failure)") }
            if let last = failures.last { throw last }
        }
        if !outcome.verdict.clauses.hold { throw NegativeAnswer() }
    }

    private func job() throws -> RefinementJob {
        var items = [try fitting.item(of: pattern, options, files: files.count)]
        items += try further().map { try $0.fitting.item(of: $0.pattern, $0.options, files: files.count) }
        let crystals = try files.map { try options.crystal($0) }
        for crystal in crystals {
            for warning in crystal.warnings { Terminal.error("\(crystal.file): \(warning)") }
        }
        var job = RefinementJob(items, crystals)
        job.stages = stages
        job.freeIntensities = freeIntensities
        return job
    }

    private var stages: [[String]]? {
        free?.split(separator: "/").map { stage in
            stage.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    private func probeOutputs() throws {
        let inputs = [pattern] + files + (try further()).map(\.pattern)
        for path in [output, structure].compactMap({ $0 }) {
            try OutputPlace.probe(file: path, besides: inputs)
        }
        guard let structure, CrystalFile.format(ofName: structure) == nil else { return }
        throw ValidationError(
            "--structure ends in no format; end it in .cif, .vasp, .extxyz, .json or .jsonl")
    }
}
