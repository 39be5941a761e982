import ArgumentParser
import Foundation
import Jobs
import Publishing
import Reports
import Wyckoff

struct RefineCommand: ParsableCommand, FolderWriting {
    static let configuration = CommandConfiguration(
        commandName: "refine",
        abstract: "Fits a measured pattern with structures that are known (Rietveld).",
        discussion: """
            Instrument and radiation are given as to wyckoff pattern and are where the fit begins; the wavelength is \
            the pattern file's own where it has one and --wavelength is not given. Scales and background are free from \
            the beginning; --free names what else moves, stage by stage: names of parameters (zero, displacement, \
            transparency, U, V, W, X, Y, eta, SL, HL, march, S400, C4.1, a, O1.x, O1.B, Pb.B …; fluorite.a of several phases), \
            or lattice, coordinates, adps, microstrain, texture for all of their kind. Phases are called phase1, phase2 … where there are several.

            Weights are 1/σ² where the file gives σ, else 1/counts. Exit status 1 where the fit has not converged, the \
            structure does not explain what free intensities would, or cell and coordinates are not determined: the \
            clauses stand under the table (Docs/Verdicts.md).

            Examples:
              wyckoff refine FAP.XRA fluorapatite.cif
              wyckoff refine pattern.xye quartz.cif --monochromator 26.6 --range 15:120 --background-terms 12
              wyckoff refine pattern.xye rutile.cif anatase.cif --free lattice,zero/X,W/adps -o fit.svg
              wyckoff refine pattern.xye rutile.cif anatase.cif -o result
              wyckoff refine pattern.xye anglesite.cif --restrain S-O=1.48:0.02 --restrain O-S-O=109.5:2
              wyckoff refine pattern.xye anglesite.cif --rigid SO4=S1,O1,O2,O3
              wyckoff refine pattern.xye zincite.cif --microstrain 0.001 --free lattice,zero/U,W/microstrain

            Of several phases the weight fractions follow from scales and densities (Hill & Howard 1987), with their \
            standard uncertainties; --particle-size corrects them for what coarse particles absorb (Brindley 1945). A \
            folder as --output gets report.html, refined.json, a CIF of each phase, the fit, and refined.cif: the powder \
            CIF of all that a journal asks for.

            A --series is one pattern after the other, by temperature say: each begins with the structure, widths and \
            shifts that the one before ended with. The folder gets series.tsv with every parameter, a page that draws \
            them, and a folder for each pattern.
              wyckoff refine 300K.xye quartz.cif --series 320K.xye 340K.xye --series-name 'T (K)' -o series

            Further patterns of the same sample are fitted with the first by --with, a file and the options of this \
            command that tell how it was measured. Cell, coordinates, displacements and occupancies are common; all \
            else is each pattern's own and called after it, in the order given: pattern1.zero, pattern2.scale. In \
            --free, zero means that of all patterns, pattern2.zero that of one; wavelength those given as numbers, \
            beside an emission line's. Of several pictures the second is called after the first: fit-2.svg.
              wyckoff refine x.dat PbSO4.cif --range 15:120 \\
                --with "n.dat --radiation neutron --wavelength 1.909 --geometry debye-scherrer"
            """)

    @Argument(help: "The measured pattern, any format that wyckoff reads.", completion: .file())
    var pattern: String

    @Argument(
        help: "Structures: CIF, POSCAR, extended XYZ or JSON; several are phases of a mixture.",
        completion: .file())
    var files: [String]

    @OptionGroup var options: PatternOptions

    @OptionGroup var fitting: FittingOptions

    @OptionGroup var series: SeriesOptions

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
        help:
            "Where to draw the fit (.svg or .png), write 2θ, observed, calculated, background (.tsv), or a folder for everything.",
        completion: .file())
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Diameters of the phases' particles, in the order of the files, 0 for no correction: Brindley's for weight fractions.",
            valueName: "μm,μm…"))
    var particleSize: String?

    @Option(
        name: .customLong("restrain"),
        help: ArgumentHelp(
            "What is known beside the pattern, with its uncertainty: bonds S-O=1.48:0.02 (Å), angles O-S-O=109.5:2 (degrees), valence(Pb1)=2:0.1, equal parameters O1.B=O2.B:0.1; atoms by label or element; may be repeated.",
            valueName: "what=value:σ"))
    var restraints: [String] = []

    @Option(
        name: .customLong("rigid"),
        help: ArgumentHelp(
            "Atoms that keep their distances, by labels, from the first along bonds: SO4=S1,O1,O2,O3. Free are what the group's site leaves of SO4.x, SO4.y, SO4.z (its centre) and SO4.rx, SO4.ry, SO4.rz (turns, degrees), by these names, by SO4, or with coordinates; may be repeated.",
            valueName: "name=labels"))
    var rigid: [String] = []

    @Option(
        help: ArgumentHelp("Where to write the refined structure, one phase only.", valueName: "file"),
        completion: .file())
    var structure: String?

    @Flag(help: "Print one JSON object instead of a table.")
    var json = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
        try fitting.check(files: files.count)
        try series.check()
        guard series.series.isEmpty || (with.isEmpty && !freeIntensities && structure == nil) else {
            throw ValidationError("--series goes without --with, --free-intensities and --structure")
        }
        if !series.series.isEmpty, let output, isPicture(output) {
            throw ValidationError("--output of a series is a folder, not '\(output)'")
        }
        _ = try options.range.map { try AngleRange.parse($0, option: "--range") }
        guard with.isEmpty || !freeIntensities else {
            throw ValidationError("--free-intensities fits one pattern; leave out --with")
        }
        for further in try further() { try further.check(files: files.count) }
        if let output, !isPicture(output), !isFolder(output) {
            throw ValidationError("--output ends in .svg, .png or .tsv, or is a folder, not '\(output)'")
        }
        _ = try diameters()
        guard restraints.isEmpty || !freeIntensities else {
            throw ValidationError(
                "--restrain goes with a structure's intensities; leave out --free-intensities")
        }
        _ = try held()
        guard rigid.isEmpty || (with.isEmpty && series.series.isEmpty && !freeIntensities) else {
            throw ValidationError("--rigid goes with one pattern and a structure's intensities")
        }
        _ = try groups()
        guard structure == nil || files.count == 1 else {
            throw ValidationError("--structure writes one phase; give one structure to refine")
        }
    }

    private func isPicture(_ path: String) -> Bool {
        ["svg", "png", "tsv"].contains(URL(fileURLWithPath: path).pathExtension.lowercased())
    }

    /// One that is there, or a name without an ending.
    private func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) {
            return isDirectory.boolValue
        }
        return path.hasSuffix("/") || URL(fileURLWithPath: path).pathExtension.isEmpty
    }

    private func diameters() throws -> [Double] {
        guard particleSize != nil else { return [] }
        let values =
            try NumberList.parse(particleSize, option: "--particle-size", counts: files.count...files.count)
            ?? []
        guard values.allSatisfy({ (0...1000).contains($0) }) else {
            throw ValidationError("--particle-size takes μm from 0 to 1000, one for each structure")
        }
        return values
    }

    private func held() throws -> [Restraint] {
        try restraints.map { text in
            do {
                return try Restraint(parsing: text)
            } catch {
                throw ValidationError("--restrain: \(error)")
            }
        }
    }

    private func groups() throws -> [RigidGroup] {
        try rigid.map { text in
            do {
                return try RigidGroup(parsing: text)
            } catch {
                throw ValidationError("--rigid: \(error)")
            }
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

    var resultFolder: String? { output.flatMap { isPicture($0) ? nil : $0 } }

    func run() throws {
        try probeOutputs()
        guard series.series.isEmpty else { return try runSeries() }
        let job = try job()
        let isQuiet = quiet
        let outcome = try named(files.joined(separator: ", ")) {
            try job.run { if !isQuiet { Terminal.error($0.text) } }
        }
        let report = RefinementReport(
            outcome, files: files, version: WyckoffCommand.configuration.version, command: Invocation.text)
        try Terminal.print(json ? try report.json() : report.text) {
            if let structure {
                tell(try CrystalFile.write(outcome.structure(ofPhase: 0), to: structure), of: structure)
            }
            guard let output else { return }
            guard isPicture(output) else {
                let folder = URL(fileURLWithPath: output, isDirectory: true)
                for trouble in try report.write(to: folder, date: Self.today) {
                    Terminal.warning("the fit is not drawn: \(trouble)")
                }
                return
            }
            let failures = report.draw(to: output)
            for failure in failures.dropLast() { Terminal.failure(failure) }
            if let last = failures.last { throw last }
        }
        if !outcome.verdict.clauses.hold { throw NegativeAnswer() }
    }

    /// One refinement after the other; what is wrong with one pattern does not end the series.
    private func runSeries() throws {
        let patterns = [pattern] + series.series
        let (values, name) = try series.values(first: pattern)
        let crystals = try crystals()
        var steps: [RefinementSeriesJob.Step] = []
        for (file, value) in zip(patterns, values) {
            var item = try fitting.item(of: file, options, files: files.count)
            item.refinement.restraints = try held()
            steps.append(RefinementSeriesJob.Step(item, value: value))
        }
        var job = RefinementSeriesJob(steps, crystals)
        (job.stages, job.particleDiameters) = (stages, try diameters())
        let isQuiet = quiet
        let outcomes = try job.run { if !isQuiet || $0.kind == .remark { Terminal.error($0.text) } }
        let report = SeriesReport(
            outcomes, files: files, quantity: name, version: WyckoffCommand.configuration.version,
            command: Invocation.text)
        try Terminal.print(json ? try report.json() : report.text) {
            guard let output else { return }
            for trouble in try report.write(
                to: URL(fileURLWithPath: output, isDirectory: true), date: Self.today)
            { Terminal.warning("the fits are not drawn: \(trouble)") }
        }
        if !report.holds { throw NegativeAnswer() }
    }

    /// In UTC, as CIF writes dates.
    private static var today: String { String(Date.now.formatted(.iso8601).prefix(10)) }

    private func job() throws -> RefinementJob {
        var items = [try fitting.item(of: pattern, options, files: files.count)]
        items += try further().map { try $0.fitting.item(of: $0.pattern, $0.options, files: files.count) }
        let crystals = try crystals()
        items[0].refinement.restraints = try held()
        items[0].refinement.rigid = try groups()
        var job = RefinementJob(items, crystals)
        job.stages = stages
        job.freeIntensities = freeIntensities
        job.particleDiameters = try diameters()
        return job
    }

    private func crystals() throws -> [PatternCrystal] {
        let crystals = try files.map { try options.crystal($0) }
        for crystal in crystals {
            for warning in crystal.warnings { Terminal.error("\(crystal.file): \(warning)") }
        }
        return crystals
    }

    /// The usual ones, with texture before what it would be mistaken for, and microstrain by invariants in the place of Y,
    /// which widens all lines alike; nil where neither is asked for.
    private var ownStages: [[String]]? {
        func isAskedFor(_ texts: [String]) -> Bool { texts.contains { $0 != "none" } }
        let isTextured = isAskedFor(fitting.texture)
        let isStrained = isAskedFor(fitting.microstrain)
        guard isTextured || isStrained, !freeIntensities else { return nil }
        return [["lattice", "displacement"], ["W", "X"]] + (isTextured ? [["texture"]] : [])
            + [["coordinates", "adps"]]
            + (isStrained ? [["U", "V"], ["microstrain"]] : [["U", "V", "Y"]])
    }

    private var stages: [[String]]? {
        guard let free else { return ownStages }
        return free.split(separator: "/").map { stage in
            stage.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    private func probeOutputs() throws {
        let inputs = [pattern] + series.series + files + (try further()).map(\.pattern)
        for path in [output.flatMap { isPicture($0) ? $0 : nil }, structure].compactMap(\.self) {
            try OutputPlace.probe(file: path, besides: inputs)
        }
        if let output, !isPicture(output) { try OutputPlace.probe(folder: output) }
        guard let structure, CrystalFile.format(ofName: structure) == nil else { return }
        throw ValidationError(
            "--structure ends in no format; end it in .cif, .vasp, .extxyz, .json or .jsonl")
    }
}
