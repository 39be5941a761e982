import ArgumentParser
import Publishing
import Reports
import Wyckoff

struct DistortCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "distort",
        abstract:
            "Makes a distorted start: random strain of the lattice, random moves of the atoms, no symmetry.",
        discussion: """
            The distortion of Segal et al. (2025): every entry of the strain is uniform within ±LATTICE, every \
            fractional coordinate moves by a normal deviate of standard deviation COORDINATES. The whole cell is \
            written without symmetry.

            Example: wyckoff distort PbSO4.cif --lattice 0.03 --coordinates 0.02 --seed 1 -o start.cif
            """)

    @Argument(help: "The structure: CIF, POSCAR, extended XYZ or JSON.", completion: .file())
    var file: String

    @Option(help: "Strength σ of the lattice distortion, 0 to 0.5.")
    var lattice = 0.05

    @Option(help: "Standard deviation of every fractional coordinate, 0 to 0.5.")
    var coordinates = 0.02

    @Option(help: "The same seed gives the same start.")
    var seed: UInt64 = 1

    @Option(name: .shortAndLong, help: "Where to write; the suffix says the format.", completion: .file())
    var output: String

    @Flag(help: "Print what was written as one JSON object.")
    var json = false

    func validate() throws {
        guard (0...0.5).contains(lattice), (0...0.5).contains(coordinates) else {
            throw ValidationError("--lattice and --coordinates take a number from 0 to 0.5")
        }
    }

    func run() throws {
        try OutputPlace.probe(file: output, besides: [file])
        let record = try firstRecord(file)
        var distorted = Distortion(lattice: lattice, coordinates: coordinates).applied(
            to: record.structure, seed: seed)
        distorted.title =
            "\(record.name) distorted, lattice \(lattice), coordinates \(coordinates), seed \(seed)"
        tell(try CrystalFile.write(distorted, to: output), of: output)
        guard json else { return }
        let summary = DistortionSummary(
            file: file, output: output, seed: seed, lattice: lattice, coordinates: coordinates,
            atoms: distorted.sites.count)
        try Terminal.print(try JSONDialect.line(summary))
    }
}
