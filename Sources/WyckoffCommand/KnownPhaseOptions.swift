import ArgumentParser
import Jobs
import Wyckoff

/// Phases of the sample that are known beforehand.
struct KnownPhaseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A known phase of the sample (impurity, standard, pressure medium): its scale and cell are fitted along, its lines are no "
                + "evidence; may be repeated.", valueName: "file"), completion: .file())
    var also: [String] = []

    /// - Throws: an error of one line that names the file and the remedy.
    func records() throws -> [NamedRecord] {
        try also.map { NamedRecord(name: $0, try CrystalFile.readFirst($0)) }
    }
}
