import ArgumentParser
import Wyckoff

/// Which records are unique, and which are novel beside a reference.
struct LikenessOptions: ParsableArguments {
    @Flag(help: "Say which records are the same as an earlier one of the set.")
    var unique = false

    @Flag(help: "Say which records are in --reference already.")
    var novel = false

    @Option(help: "A file, folder or set of what is known; may be repeated.")
    var reference: [String] = []

    @Option(
        parsing: .unconditional, help: "Lengths of the primitive cells may differ by the factor 1 + this.")
    var ltol = 0.2

    @Option(parsing: .unconditional, help: "The largest displacement of one structure, in units of (V/N)^⅓.")
    var stol = 0.3

    @Option(parsing: .unconditional, help: "Angles of the primitive cells may differ by this, degrees.")
    var angleTol = 5.0

    @Flag(help: "Do not bring both to the same volume per atom first.")
    var fixedScale = false

    func validate() throws {
        guard ltol >= 0, ltol.isFinite, stol >= 0, stol.isFinite, (0...90).contains(angleTol) else {
            throw ValidationError(
                "--ltol and --stol take numbers from 0 up, --angle-tol takes degrees from 0 to 90")
        }
        guard novel == !reference.isEmpty else {
            throw ValidationError(
                novel ? "--novel needs a --reference SET of what is known" : "--reference needs --novel")
        }
    }

    var tolerances: MatchTolerances {
        MatchTolerances(length: ltol, site: stol, angle: angleTol, scalesVolume: !fixedScale)
    }
}
