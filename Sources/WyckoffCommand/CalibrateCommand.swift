import ArgumentParser
import Foundation
import Jobs
import Publishing
import Reports
import Wyckoff

struct CalibrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Finds a diffractometer's widths, asymmetry and zero from the pattern of a standard.",
        discussion: """
            The standard is LaB6 (NIST SRM 660c), Si (640f) or CeO2 (674b), its certified cell held, or a file with \
            another one. Every reflection has an intensity of its own. Where the fit begins is given as to wyckoff \
            pattern; --axial says that there is asymmetry. What is refined: zero and the sample's displacement, then \
            W X, Y and S/L, U V, or what --free names; the wavelength only with --refine-wavelength.

            --output takes the instrument as JSON, for --instrument of pattern, compare, refine, recover, solve and index. \
            Those take GSAS-II's .instprm, GSAS's .prm and FullProf's .irf as well.

            Examples:
              wyckoff calibrate lab6.xrdml --standard LaB6 --axial 0.02,0.02 -o lab.json
              wyckoff calibrate silicon.raw --standard Si --wavelength CuKa-emission --background-terms 10 -o lab.json
              wyckoff refine sample.xrdml phase.cif --instrument lab.json
            """)

    @Argument(help: "The measured pattern of the standard.", completion: .file())
    var pattern: String

    @Option(
        help: ArgumentHelp("LaB6, Si, CeO2, or a structure whose cell is known.", valueName: "name|file"),
        completion: CompletedValues.standards)
    var standard: String

    @OptionGroup var options: PatternOptions

    @OptionGroup var fitting: FittingOptions

    @Option(
        help: ArgumentHelp(
            "Parameters, freed together between commas, one stage after the other between slashes. (default: zero,displacement/W,X/Y,SL/U,V)",
            valueName: "names"))
    var free: String?

    @Flag(help: "Refine the wavelength too; the cell tells it.")
    var refineWavelength = false

    @Option(name: .shortAndLong, help: "Where to write the instrument (.json).", completion: .file())
    var output: String?

    @Flag(help: "Print one JSON object instead of a table.")
    var json = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
        try fitting.check(files: 1)
        _ = try options.range.map { try AngleRange.parse($0, option: "--range") }
        if let output, URL(fileURLWithPath: output).pathExtension.lowercased() != "json" {
            throw ValidationError("--output ends in .json, not '\(output)'")
        }
    }

    func run() throws {
        if let output {
            try OutputPlace.probe(file: output, besides: [pattern, options.instrument].compactMap(\.self))
        }
        let item = try fitting.item(of: pattern, options, files: 1)
        var job = try calibration(item)
        job.refinesWavelength = refineWavelength
        job.stages = free.map { Self.stages($0) }
        let isQuiet = quiet
        let outcome = try named(pattern) { try job.run { if !isQuiet { Terminal.error($0.text) } } }
        let summary = CalibrationSummary(outcome, version: WyckoffCommand.configuration.version)
        try Terminal.print(json ? try summary.json() : summary.text) {
            if let output { try AtomicFile.write(try summary.file(), to: URL(fileURLWithPath: output)) }
        }
        if !outcome.clauses.hold { throw NegativeAnswer() }
    }

    private func calibration(_ item: RefinementJob.Item) throws -> CalibrationJob {
        if let known = CalibrationStandard(name: standard) {
            return CalibrationJob(
                item, try known.crystal(), standard: "\(known.rawValue), \(known.certificate)")
        }
        guard FileManager.default.fileExists(atPath: standard) else {
            let names = CalibrationStandard.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--standard takes \(names) or a structure's file, not '\(standard)'")
        }
        return CalibrationJob(
            item, try options.crystal(standard), standard: URL(fileURLWithPath: standard).lastPathComponent)
    }

    private static func stages(_ text: String) -> [[String]] {
        text.split(separator: "/").map { stage in
            stage.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }
}
