import ArgumentParser
import Foundation
import Publishing
import Reports
import Wyckoff

struct PatternCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pattern",
        abstract: "Calculates the powder pattern of a structure, or of a mixture.",
        discussion: """
            Without -o the reflections are listed: h k l of the cell that stands above them, multiplicity, d, 2θ of \
            the first line, |F| in electrons (neutrons: fm) for that cell, intensity. -o writes the profile: .xye (2θ, \
            intensity, σ = √intensity), .xy or .dat (two columns), .svg or .png (a plot, by gnuplot).

            The file's own symmetry and cell are taken where it states them; else the symmetry is found, and h k l \
            belong to the conventional cell. Several files are the phases of a mixture, in the weights of --fraction.

            Examples:
              wyckoff pattern quartz.cif
              wyckoff pattern quartz.cif --wavelength CuKa1 --range 10:80 --reflections --json
              wyckoff pattern quartz.cif --fwhm 0.15 --profile pseudo-voigt --eta 0.7 -o quartz.xye
              wyckoff pattern quartz.cif --monochromator 26.6 --axial 0.03,0.03 -o quartz.svg
              wyckoff pattern nickel.cif --radiation neutron --wavelength 1.909
              wyckoff pattern rutile.cif anatase.cif --fraction 0.7 --fraction 0.3 -o mixture.png
              wyckoff pattern quartz.cif --noise 10000 --background 80,-20 --seed 3 -o counted.xye
              wyckoff pattern quartz.cif --form-factors pymatgen --no-dispersion --wavelength 1.5406
            """)

    @Argument(
        help: "Structures: CIF, POSCAR, extended XYZ or JSON; several are phases of a mixture.",
        completion: .file())
    var files: [String]

    @OptionGroup var options: PatternOptions

    @Option(
        parsing: .unconditionalSingleValue,
        help: "Weight fraction of a file, in their order; any sum. (default: equal parts)")
    var fraction: [Double] = []

    @Option(
        help: ArgumentHelp(
            "March–Dollase plane and ratio (below 1: plates in bragg-brentano), in the order of the files; none for a file without.",
            valueName: "h,k,l:ratio"))
    var preferredOrientation: [String] = []

    @Option(
        help: ArgumentHelp(
            "Texture of a sample that is spun, by harmonics of the Laue class: C2.1=0.4,C4.1=-0.2; in the order of the files.",
            valueName: "C…=value,…"))
    var texture: [String] = []

    @Option(
        help: ArgumentHelp(
            "Microstrain that differs with direction (Stephens 1999): S400=1.2,S004=0.4 in 10⁻⁸ Å⁻⁴ by the invariants of the Laue class, or a strain alike in all directions; in the order of the files.",
            valueName: "strain|S…=value,…"))
    var microstrain: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Coefficients of Chebyshev polynomials over the range, in the unit of --highest.",
            valueName: "c0,c1,…"))
    var background: String?

    @Option(parsing: .unconditional, help: "Height of the highest point of the profile, background left out.")
    var highest = 10_000.0

    @Option(
        help: ArgumentHelp(
            "Counting noise: so many counts in the highest point, --background in counts beside them; the profile is whole numbers.",
            valueName: "counts"))
    var noise: Double?

    @Option(help: "Of the noise: the same seed gives the same counts.")
    var seed: UInt64 = 1

    @Option(
        name: .shortAndLong, help: "Where to write the profile: .xye, .xy, .dat, .svg or .png.",
        completion: .file())
    var output: String?

    @Flag(help: "List the reflections, also beside -o.")
    var reflections = false

    @Flag(help: "Print one JSON object: with --reflections the reflections, else the profile.")
    var json = false

    func validate() throws {
        guard highest > 0, highest.isFinite else { throw ValidationError("--highest takes a number above 0") }
        if let noise {
            guard noise >= 1, noise <= 1e12 else {
                throw ValidationError("--noise takes counts from 1 to 1e12")
            }
            guard output != nil else { throw ValidationError("--noise is for a profile; give -o FILE") }
        }
        guard fraction.isEmpty || fraction.count == files.count else {
            throw ValidationError("give one --fraction for each file, \(files.count), or none")
        }
        _ = try NumberList.parse(background, option: "--background", counts: 1...36)
        _ = try PreferredOrientationList.parse(preferredOrientation, files: files.count)
        _ = try MicrostrainList.parse(microstrain, files: files.count)
        _ = try TextureList.parse(texture, files: files.count)
        if let output { _ = try Self.format(of: output) }
    }

    func run() throws {
        if let output { try OutputPlace.probe(file: output, besides: files) }
        let crystals = try files.map { try options.crystal($0) }
        var simulation = try options.simulation()
        simulation.fractions = fraction.isEmpty ? nil : fraction
        simulation.preferredOrientations = try PreferredOrientationList.parse(
            preferredOrientation, files: files.count)
        simulation.textures = try TextureList.parse(texture, files: files.count)
        simulation.microstrains = try MicrostrainList.parse(microstrain, files: files.count)
        simulation.background =
            try NumberList.parse(background, option: "--background", counts: 1...36) ?? []
        simulation.highest = noise ?? highest
        let grid = try options.grid()
        let result = try named(files.joined(separator: ", ")) {
            try simulation.simulate(crystals, twoTheta: grid)
        }
        for crystal in crystals {
            for warning in crystal.warnings { Terminal.error("\(crystal.file): \(warning)") }
        }
        for warning in result.warnings { Terminal.error(warning) }
        let summary = PatternSummary(
            crystals, result, fractions: simulation.fractions,
            withReflections: reflections || (!json && output == nil),
            withProfile: json && !reflections && output == nil)
        try Terminal.print(json ? try summary.json() : summary.text, beside: output) {
            if let output { try write(crystals, result, to: output) }
        }
    }

    private enum Format {
        case columns(withSigma: Bool)
        case plot(PatternPlot.Format)
    }

    private static func format(of path: String) throws -> Format {
        // Standard output has no name that tells.
        if path == "/dev/stdout" { return .columns(withSigma: true) }
        switch URL(fileURLWithPath: path).pathExtension.lowercased() {
        case "xye": return .columns(withSigma: true)
        case "xy", "dat": return .columns(withSigma: false)
        case "svg": return .plot(.svg)
        case "png": return .plot(.png)
        default: throw ValidationError("--output ends in .xye, .xy, .dat, .svg or .png, not '\(path)'")
        }
    }

    private func write(_ crystals: [PatternCrystal], _ result: PatternSimulation.Result, to path: String)
        throws
    {
        switch try Self.format(of: path) {
        case .columns(let withSigma):
            var pattern = noise == nil ? result.pattern : result.pattern.counted(seed: seed)
            let kind = noise == nil ? "calculated" : "calculated, with counting noise of seed \(seed)"
            pattern.title = "\(files.joined(separator: ", ")), \(kind)"
            if withSigma { pattern.sigma = pattern.intensity.map { max($0, 1).squareRoot() } }
            try PowderPatternFile.write(pattern, to: path)
        case .plot(let format):
            try PatternPlot(crystals, result).write(to: URL(fileURLWithPath: path), format: format)
        }
    }
}
