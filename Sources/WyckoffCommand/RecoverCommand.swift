import ArgumentParser
import Foundation
import Jobs
import Publishing
import Reports
import Wyckoff

struct RecoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Recovers a structure from a powder pattern and a distorted start, and proves it.",
        discussion: """
            The start may be distorted and without symmetry: cell a few per cent off, atoms moved. What is known \
            beforehand is said in one of four ways: --symmetry-from takes the space group, its setting and the \
            occupied Wyckoff positions of another structure (never its coordinates or its cell); --space-group \
            takes the group only; --family takes the crystal family only: the group and what is occupied are found, \
            for a start on the family's conventional axes; with none of them, every group that the start nearly has \
            is tried.

            First the cell is found from the positions of the lines, then the free Wyckoff coordinates from their \
            intensities, then everything is refined together. The directory holds recovered.cif, summary.json, \
            parameters.tsv, the fit as fit.svg and fit.png with its data and script, and report.html.

            Example:
              wyckoff distort PbSO4.cif --lattice 0.03 --coordinates 0.02 --seed 1 -o start.cif
              wyckoff recover --pattern pbso4-x.dat --start start.cif --symmetry-from PbSO4.cif -o result
              wyckoff recover --pattern p.xy --start start.cif --space-group Pnma --potential chgnet -o result
              wyckoff recover --pattern p.xy --start start.cif --family orthorhombic -o result

            Several patterns of one sample are refined together, each with its own scale, background, zero and widths: \
            --pattern is repeated, and what is said of a pattern is said for each, in their order. The cell is found \
            from the first one's lines, the candidates for the structure from its intensities; they are ranked by the \
            joint fit. A wavelength given as a number is refined beside an emission line's (--hold-wavelengths: not).
              wyckoff recover --pattern x.dat --pattern n.dat --radiation xray --radiation neutron \
                --wavelength CuKa --wavelength 1.909 --start start.cif --space-group Pnma -o result
            """)

    @Option(
        help: "The measured pattern: columns, FullProf or GSAS blocks, FXYE, powder CIF; may be repeated.")
    var pattern: [String]

    @Option(help: "The structure to start from: CIF, POSCAR, extended XYZ or JSON.")
    var start: String

    @Option(help: "Space group: number, symbol, Hall symbol, or number:choice.")
    var spaceGroup: String?

    @Option(
        help:
            "Crystal family: triclinic, monoclinic (unique axis b), orthorhombic, tetragonal, hexagonal, cubic."
    )
    var family: String?

    @Option(help: "Structure whose group, setting and occupied Wyckoff positions are taken.")
    var symmetryFrom: String?

    @Option(
        help:
            "CuKa, CuKa1, MoKa, …, a number in Å, or file for the pattern file's own. (default: the file's, else CuKa)"
    )
    var wavelength: [String] = []

    @Option(help: "xray or neutron. (default: xray)")
    var radiation: [String] = []

    @Option(
        help: "K of (1 + K cos²2θ): 1 unpolarised, 0.8 behind graphite and Cu Kα, 0 synchrotron. (default: 1)"
    )
    var polarization: [Double] = []

    @Option(
        help: ArgumentHelp(
            "Part of the pattern to use, degrees 2θ: 15:120; all for the whole.", valueName: "from:to"))
    var range: [String] = []

    @Option(
        help: ArgumentHelp(
            "Part of the pattern to leave out; may be repeated. Of several patterns the second's: 2@30:32.",
            valueName: "from:to"))
    var exclude: [String] = []

    @Flag(help: "Wavelengths of several patterns stay as given.")
    var holdWavelengths = false

    @Option(help: "Structure to compare the result with.")
    var reference: String?

    @Option(
        help: ArgumentHelp(
            "Lets energies decide between structures that fit about as well, elements exchanged among them: "
                + PotentialCatalogue.help))
    var potential: String?

    @Option(help: "Rwp (a fraction) that an eV per atom outweighs, or auto: half of the best Rwp.")
    var energyWeight = "auto"

    @Flag(
        help: ArgumentHelp(
            "In the end, descend with the coordinates on Rwp + weight · (eV per atom): holds light atoms that the pattern hardly "
                + "sees. With --potential."))
    var restrain = false

    @Option(help: "The same seed gives the same result.")
    var seed: UInt64 = 1

    @Option(name: .shortAndLong, help: "Directory for the results; made if it is not there.")
    var output: String

    @Flag(help: "Print summary.json on standard output instead of a table.")
    var json = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
        if [spaceGroup, symmetryFrom, family].compactMap({ $0 }).count > 1 {
            throw ValidationError(
                "--space-group, --symmetry-from and --family exclude each other; give one of them")
        }
        if let family, CrystalFamily(rawValue: family) == nil {
            throw ValidationError(
                "--family takes \(CrystalFamily.allCases.map(\.rawValue).joined(separator: ", ")), not '\(family)'"
            )
        }
        guard potential == nil || pattern.count == 1 else {
            throw ValidationError(
                "--potential decides with one pattern only; give one --pattern or leave it out")
        }
        guard !holdWavelengths || pattern.count > 1 else {
            throw ValidationError("--hold-wavelengths is for several patterns; one pattern's is always held")
        }
        _ = try weight()
        guard potential != nil || !restrain else {
            throw ValidationError("--restrain needs an energy; give --potential chgnet as well")
        }
        _ = try measurements()
    }

    /// What is said of each pattern.
    private func measurements() throws -> [MeasurementOptions] {
        let list = MeasurementList(count: pattern.count)
        let wavelengths = try list.each(wavelength, option: "--wavelength", example: ["CuKa", "1.909"])
        let probes = try list.each(radiation, option: "--radiation", example: ["xray", "neutron"])
        let polarizations = try list.each(polarization, option: "--polarization", example: [1, 0])
        let ranges = try list.each(range, option: "--range", example: ["15:120", "all"])
        let excluded = try list.ranges(exclude, option: "--exclude")
        return try pattern.indices.map { index in
            var measurement = MeasurementOptions(file: pattern[index])
            if let wavelengths, wavelengths[index] != "file" { measurement.wavelength = wavelengths[index] }
            if let name = probes?[index] { measurement.probe = try MeasurementOptions.probe(name) }
            measurement.polarization = polarizations?[index] ?? 1
            guard (0...1).contains(measurement.polarization) else {
                throw ValidationError("--polarization takes a number from 0 to 1")
            }
            if let text = ranges?[index], text != "all" {
                measurement.range = try AngleRange.parse(text, option: "--range")
            }
            measurement.excluded = excluded[index]
            return measurement
        }
    }

    private func weight() throws -> EnergyDecision.Weight {
        if energyWeight == "auto" { return .automatic }
        guard let value = Double(energyWeight), value >= 0, value.isFinite else {
            throw ValidationError("--energy-weight takes auto or a number from 0, not '\(energyWeight)'")
        }
        return .fixed(value)
    }

    func run() throws {
        try OutputPlace.probe(folder: output)
        let job = try job()
        let isQuiet = quiet
        let outcome = try job.run { if !isQuiet { Terminal.error($0.text) } }
        let report = RecoveryReport(
            outcome, version: WyckoffCommand.configuration.version, command: Invocation.text)
        let table = RecoveryTable(outcome, report.summary, folder: output)
        try Terminal.print(json ? try report.summary.json() : table.text) {
            let folder = URL(fileURLWithPath: output, isDirectory: true)
            let troubles = try report.write(outcome, to: folder)
            for trouble in troubles { Terminal.warning("the fit is not drawn: \(trouble)") }
        }
        if !json { try Terminal.print(table.place) }
        if !outcome.isProven { throw NegativeAnswer() }
    }

    private func job() throws -> RecoveryJob {
        func named(_ file: String) throws -> NamedRecord {
            NamedRecord(name: file, try CrystalFile.readFirst(file))
        }
        var job = RecoveryJob(try measurements().map { try $0.measurement() }, start: try named(start))
        job.knowledge = try knowledge()
        job.reference = try reference.map(named)
        job.holdsWavelengths = holdWavelengths
        job.seed = seed
        guard let potential else { return job }
        let model = try PotentialCatalogue.potential(named: potential)
        guard model.takesAnyCell else {
            throw ValidationError("--potential \(potential) knows one list of atoms only; give chgnet")
        }
        job.energy = EnergyDecision(model, weight: try weight())
        job.isRestrained = restrain
        return job
    }

    private func knowledge() throws -> StartKnowledge {
        if let symmetryFrom {
            return try .takingPositions(of: CrystalFile.readFirst(symmetryFrom), named: symmetryFrom)
        }
        if let spaceGroup { return .spaceGroup(try SpaceGroup.find(spaceGroup)) }
        guard let family = family.flatMap(CrystalFamily.init(rawValue:)) else { return .nothing }
        return .family(family)
    }
}
