import ArgumentParser
import Publishing
import Reports
import Wyckoff

struct ShakeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shake",
        abstract: "Moves a structure at random inside its symmetry.",
        discussion: """
            Free coordinates move by up to AMPLITUDE Å along their direction, free lengths by up to the share \
            LATTICE. The group and the occupied positions stay; the result is in the group's first setting.

            Example: wyckoff shake PbSO4.cif --amplitude 0.05 --lattice 0.02 --seed 1 -o shaken.cif
            """)

    @Argument(help: "CIF, POSCAR, extended XYZ or JSON; the first structure.", completion: .file())
    var file: String

    @Option(help: "Å, 0 to 1.")
    var amplitude = 0.05

    @Option(help: "Share of the lengths, radians of the angles, 0 to 0.3.")
    var lattice = 0.0

    @Option(help: "Å: how far atoms may be from the symmetry, what rounding leaves.")
    var tolerance = 0.01

    @Option(help: "The same seed gives the same move.")
    var seed: UInt64 = 1

    @Option(name: .shortAndLong, help: "Where to write; the suffix says the format.", completion: .file())
    var output: String

    @Flag(help: "Print the parameters before and after as one JSON object.")
    var json = false

    func validate() throws {
        guard (0...1).contains(amplitude), (0...0.3).contains(lattice) else {
            throw ValidationError("--amplitude takes a number from 0 to 1, --lattice one from 0 to 0.3")
        }
        guard tolerance > 0, tolerance < 10 else {
            throw ValidationError("--tolerance takes Å above 0 and below 10")
        }
    }

    func run() throws {
        try OutputPlace.probe(file: output, besides: [file])
        let before = try reduced(file, tolerance: tolerance)
        let after = Shake(amplitude: amplitude, lattice: lattice).applied(to: before, seed: seed)
        tell(try CrystalFile.write(after, to: output), of: output)
        let summary = ShakeSummary(file: file, output: output, seed: seed, from: before, to: after)
        try Terminal.print(json ? try JSONDialect.line(summary) : summary.text, beside: output)
    }
}
