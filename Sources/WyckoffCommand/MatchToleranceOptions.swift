import ArgumentParser
import Wyckoff

/// How far two structures may be apart and still be the same.
struct MatchToleranceOptions: ParsableArguments {
    @Option(
        parsing: .unconditional, help: "Lengths of the primitive cells may differ by the factor 1 + this.")
    var ltol = 0.2

    @Option(parsing: .unconditional, help: "The largest displacement allowed, in units of (V/N)^⅓.")
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
    }

    var tolerances: MatchTolerances {
        MatchTolerances(length: ltol, site: stol, angle: angleTol, scalesVolume: !fixedScale)
    }
}
