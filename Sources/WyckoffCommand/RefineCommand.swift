import ArgumentParser
import Foundation
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

            Weights are 1/σ² where the file gives σ, else 1/counts. Exit status 1 where the fit has not converged.

            Examples:
              wyckoff refine FAP.XRA fluorapatite.cif
              wyckoff refine pattern.xye quartz.cif --monochromator 26.6 --range 15:120 --background-terms 12
              wyckoff refine pattern.xye rutile.cif anatase.cif --free lattice,zero/X,W/adps -o fit.svg
            """)

    @Argument(help: "The measured pattern, any format that wyckoff reads.")
    var pattern: String

    @Argument(help: "Structures: CIF, POSCAR, extended XYZ or JSON; several are phases of a mixture.")
    var files: [String]

    @OptionGroup var options: PatternOptions

    @Option(help: ArgumentHelp("Part of the pattern to leave out; may be repeated.", valueName: "from:to"))
    var exclude: [String] = []

    @Option(help: "chebyshev, or inverse-q: n!/Q^2n (GSAS's function 5), for what air scatters.")
    var backgroundFunction = "chebyshev"

    @Option(help: "Number of terms, 0 to 36.")
    var backgroundTerms = 6

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
        help: ArgumentHelp(
            "March–Dollase plane and ratio, in the order of the files; none for a file without.",
            valueName: "h,k,l:ratio"))
    var preferredOrientation: [String] = []

    @Option(
        name: .shortAndLong,
        help: "Where to draw the fit (.svg or .png) or write 2θ, observed, calculated, background (.tsv).")
    var output: String?

    @Option(help: ArgumentHelp("Where to write the refined structure, one phase only.", valueName: "file"))
    var structure: String?

    @Flag(help: "Print one JSON object instead of a table.")
    var json = false

    func validate() throws {
        guard BackgroundFunction(rawValue: backgroundFunction) != nil else {
            let known = BackgroundFunction.allCases.map(\.rawValue).joined(separator: " or ")
            throw ValidationError("--background-function takes \(known), not '\(backgroundFunction)'")
        }
        guard (0...36).contains(backgroundTerms) else {
            throw ValidationError("--background-terms takes a number from 0 to 36")
        }
        _ = try exclude.map { try AngleRange.parse($0, option: "--exclude") }
        _ = try options.range.map { try AngleRange.parse($0, option: "--range") }
        _ = try PreferredOrientationList.parse(preferredOrientation, files: files.count)
        if let output,
            !["svg", "png", "tsv"].contains(URL(fileURLWithPath: output).pathExtension.lowercased())
        {
            throw ValidationError("--output ends in .svg, .png or .tsv, not '\(output)'")
        }
        guard structure == nil || files.count == 1 else {
            throw ValidationError("--structure writes one phase; give one structure to refine")
        }
    }

    func run() throws {
        var measured = try PowderPatternFile.read(pattern)
        if let range = try options.range.map({ try AngleRange.parse($0, option: "--range") }) {
            measured = measured.restricted(to: range)
        }
        guard measured.twoTheta.count >= 10 else {
            throw CrystalFileError(
                file: pattern, problem: "only \(measured.twoTheta.count) points lie within --range",
                remedy: "widen the range")
        }
        let excluded = try exclude.map { try AngleRange.parse($0, option: "--exclude") }
        var simulation = try options.simulation()
        if options.wavelength == nil, let own = measured.radiation { simulation.instrument.radiation = own }
        simulation.preferredOrientations = try PreferredOrientationList.parse(
            preferredOrientation, files: files.count)
        var refinement = PatternRefinement(simulation: simulation)
        refinement.backgroundFunction = BackgroundFunction(rawValue: backgroundFunction) ?? .chebyshev
        refinement.backgroundTerms = backgroundTerms
        refinement.freeIntensities = freeIntensities
        if freeIntensities {
            refinement.stages = [["lattice", "displacement"], ["W", "X"], ["U", "V", "Y"]]
        }
        if let free {
            refinement.stages = free.split(separator: "/").map { stage in
                stage.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            }
        }
        let crystals = try files.map { try options.crystal($0) }
        for crystal in crystals {
            for warning in crystal.warnings { Terminal.error("\(crystal.file): \(warning)") }
        }
        let names = files.joined(separator: ", ")
        let result = try named(names) {
            try refinement(crystals, pattern: measured, weights: measured.weights(excluding: excluded)) {
                Terminal.error("stage \($0): Rwp \(String(format: "%.2f %%", 100 * $1))")
            }
        }
        if let output { try write(result, measured, excluded, to: URL(fileURLWithPath: output)) }
        if let structure { try CrystalFile.write(result.model.phases[0].structure, to: structure) }
        let summary = RefinementSummary(
            pattern: pattern, files: files, measured: measured, excluded: excluded, result)
        print(json ? try summary.json() : summary.text)
        if !result.converged { throw NegativeAnswer() }
    }

    private func write(
        _ result: RietveldRefinement.Result, _ measured: PowderPattern, _ excluded: [ClosedRange<Double>],
        to url: URL
    ) throws {
        let reflections = try PowderCalculation(result.model, twoTheta: measured.twoTheta).reflections
        let plot = FitPlot(
            title: measured.title.isEmpty ? pattern : measured.title, twoTheta: measured.twoTheta,
            observed: measured.intensity, calculated: result.calculated, background: result.background,
            phases: files.indices.map { phase in
                FitPlot.Phase(
                    name: URL(fileURLWithPath: files[phase]).deletingPathExtension().lastPathComponent,
                    positions: reflections.filter { $0.phase == phase }.compactMap(\.twoTheta))
            }, excluded: excluded)
        try plot.write(to: url)
    }
}
