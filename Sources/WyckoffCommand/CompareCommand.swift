import ArgumentParser
import Foundation
import Reports
import Wyckoff

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Says how alike two patterns or structures are, by every similarity measure.",
        discussion: """
            Each of the two is a pattern (columns, FXYE, powder CIF, XRDML, RAS, BRML, …) or a structure (CIF, POSCAR, \
            extended XYZ, JSON), told by content. A structure's pattern is calculated: beside a measured pattern on \
            that pattern's angles with its wavelength, beside a structure on --range. Two grids are brought to the \
            range that both cover, with the coarser of the two steps, each point the mean of the linear interpolant \
            over its step; the output says so. For two structures the match is given too.

            Measures: cosine, entropy, pearson, cross-correlation, variable-cell (1 is equal); mse, rwp, \
            jensen-shannon, wasserstein, cdf (0 is equal). mse compares patterns whose highest point is 1; rwp scales \
            the second by least squares; variable-cell lets the cell of a structure move by up to --strain.

            Examples:
              wyckoff compare measured.xye solution.cif
              wyckoff compare published.cif published.cif --measured
              wyckoff compare a.cif b.cif --metric cosine --metric variable-cell --json
            """)

    @Argument(help: "A pattern or a structure: the target.", completion: .file())
    var first: String

    @Argument(help: "What is compared with it.", completion: .file())
    var second: String

    @Option(
        help: ArgumentHelp("A measure, or all; may be repeated.", valueName: "name"),
        completion: CompletedValues.metrics)
    var metric: [String] = ["all"]

    @OptionGroup var options: PatternOptions

    @Option(help: ArgumentHelp("Part of the common range to compare, degrees 2θ.", valueName: "from:to"))
    var within: String?

    @Option(
        parsing: .unconditional, help: "variable-cell: the largest relative change of a lattice parameter.")
    var strain = 0.05

    @Flag(help: "Take an estimated background (SNIP) from measured patterns first.")
    var subtractBackground = false

    @Flag(help: "Take the measured profile of the first, which may hold a structure as well.")
    var measured = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard strain > 0, strain <= 0.3 else {
            throw ValidationError("--strain takes a number from 0 to 0.3")
        }
        _ = try within.map { try AngleRange.parse($0, option: "--within") }
    }

    func run() throws {
        let metrics = try ComparisonMetric.list(metric)
        let (a, b) = (try source(first, measured: measured), try source(second))
        var comparison = PatternComparison(
            simulation: try options.simulation(of: a.pattern ?? b.pattern), grid: try options.grid())
        comparison.overridesWavelength = options.wavelength != nil
        comparison.range = try within.map { try AngleRange.parse($0, option: "--within") }
        if subtractBackground { comparison.background = { PeakSearch()($0, radiation: $1).background } }
        comparison.strain = strain
        for (file, source) in [(first, a), (second, b)] {
            for remark in source.pattern?.remarks ?? [] { Terminal.error("\(file): \(remark)") }
        }
        let result = try named("\(first), \(second)") { try comparison.compare(a, b, metrics: metrics) }
        for warning in result.warnings { Terminal.error(warning) }
        let summary = ComparisonSummary(
            files: [first, second], result, tolerances: comparison.tolerances)
        try Terminal.print(json ? try summary.json() : summary.text)
    }

    private func source(_ file: String, measured: Bool = false) throws -> PatternSource {
        let source = try PatternSource.read(
            file, prefersPattern: measured, symmetry: options.source.symmetrySource,
            tolerance: options.source.tolerance)
        guard options.scattering.noDisplacements, case .crystal(let crystal, let structure) = source else {
            return source
        }
        return .crystal(crystal.atRest, structure)
    }
}
