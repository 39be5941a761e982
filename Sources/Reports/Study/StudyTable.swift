import Studies

extension StudySummary {
    package static let columns = [
        "structure", "crystalSystem", "freeCoordinates", "arm", "prior", "noise", "level", "sample",
        "matched", "matchedFixedScale", "exact", "ambiguous", "cosine", "rwp", "cellError", "volumeError",
        "rmsDisplacement", "structuralDistance", "seconds",
    ]

    /// One line a run; numbers that do not exist are empty.
    package var csv: String {
        func text(_ value: Double?) -> String { value.map { $0.isFinite ? "\($0)" : "" } ?? "" }
        func quoted(_ value: String) -> String {
            value.contains { $0 == "," || $0 == "\"" || $0.isNewline }
                ? "\"\(value.replacing("\"", with: "\"\""))\"" : value
        }
        let lines = runs.map { run -> String in
            let m = run.measures
            let fields = [
                quoted(run.structure), run.crystalSystem, "\(run.freeCoordinates)", run.armName, run.prior,
                run.noise, "\(run.level)", "\(run.sample)", "\(m?.matched ?? false)",
                "\(m?.matchedFixedScale ?? false)", "\(m?.exact ?? false)", "\(m?.ambiguous ?? false)",
                text(m?.cosine), text(m?.rwp), text(m?.cellError), text(m?.volumeError),
                text(m?.rmsDisplacement), text(m?.structuralDistance), text(run.seconds),
            ]
            return fields.joined(separator: ",")
        }
        return ([Self.columns.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
    }
}
