import ArgumentParser
import Wyckoff

/// Structures that are asked one after the other what symmetry they have.
struct SymmetryOptions: ParsableArguments {
    @Argument(help: "Structures: CIF, POSCAR, extended XYZ or JSON; or folders of them.", completion: .file())
    var files: [String]

    @Option(
        help:
            "Å; atoms and lattice may deviate so far from the symmetry: what the rounding of published coordinates leaves. Relaxed structures may need 0.1 (wyckoff symmetry --ladder shows)."
    )
    var tolerance = 0.01

    @Flag(help: "One JSON object a line for each file.")
    var json = false

    func validate() throws {
        guard tolerance > 0, tolerance < 10 else {
            throw ValidationError("--tolerance takes Å above 0 and below 10")
        }
    }

    /// Prints an answer for the first structure of every file; what was assumed on reading goes to standard error.
    func answer(_ body: (String, CrystalStructure) throws -> String) throws {
        try eachFile(files) { file in
            let record = try CrystalFile.readFirst(file)
            let text = try body(file, record.structure)
            for warning in record.warnings { Terminal.error("\(file): \(warning)") }
            try Terminal.print(text)
        }
    }
}
