import ArgumentParser
import Wyckoff

/// Where the symmetry of a structure is taken from.
struct SymmetrySourceOptions: ParsableArguments {
    @Option(
        help:
            "file: the symmetry that the file states; find: what spglib finds at --tolerance; none: P 1. Where a file states none, it is found.",
        completion: .list(["file", "find", "none"]))
    var symmetry = "file"

    @Option(
        parsing: .unconditional,
        help: "Å; of finding symmetry. (default: the largest of 1e-3, 1e-4, 1e-5 that changes no line)")
    var tolerance: Double?

    func validate() throws {
        guard SymmetrySource(rawValue: symmetry) != nil else {
            throw ValidationError("--symmetry takes file, find or none, not '\(symmetry)'")
        }
        guard (tolerance ?? 1) > 0, (tolerance ?? 1) < 10 else {
            throw ValidationError("--tolerance takes Å above 0 and below 10")
        }
    }

    var symmetrySource: SymmetrySource { SymmetrySource(rawValue: symmetry) ?? .file }
}
