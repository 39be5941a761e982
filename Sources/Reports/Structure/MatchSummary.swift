import Crystallography
import Foundation
import Matching
import Publishing

/// Whether two structures are the same: what `wyckoff match` prints.
package struct MatchSummary: Codable, Sendable {
    package struct Tolerances: Codable, Sendable {
        package var length: Double
        /// In units of (V/N)^⅓.
        package var site: Double
        /// Degrees.
        package var angle: Double
        package var scalesVolume: Bool
        /// Å, within which atoms are merged when the primitive cell is sought.
        package var primitive: Double
        /// What decides beside them.
        package var search: MatchSettings

        package init(_ tolerances: MatchTolerances) {
            (length, site, angle) = (tolerances.length, tolerances.site, tolerances.angle)
            (scalesVolume, primitive) = (tolerances.scalesVolume, tolerances.primitive)
            search = tolerances.search
        }
    }

    package var files: [String]
    package var isMatch: Bool
    package var tolerances: Tolerances
    /// Whether the two cells agree within the tolerances; null where no pairing exists, as
    /// are the fields that follow.
    @ExplicitNull package var cellsAgree: Bool?
    /// Å; `rms` is its older name.
    @ExplicitNull package var rmsDisplacement: Double?
    @ExplicitNull package var rms: Double?
    @ExplicitNull package var maxDisplacement: Double?
    /// In units of (V/N)^⅓.
    @ExplicitNull package var normalizedRMS: Double?
    @ExplicitNull package var normalizedMaximum: Double?
    /// Atoms of the cell that the two have in common, of all of which the displacements are.
    @ExplicitNull package var atoms: Int?

    package init(files: [String], _ match: StructureMatch?, tolerances: MatchTolerances) {
        self.files = files
        self.tolerances = Tolerances(tolerances)
        isMatch = match?.isMatch ?? false
        cellsAgree = match?.cellsAgree
        (rmsDisplacement, rms) = (match?.rmsDisplacement, match?.rmsDisplacement)
        maxDisplacement = match?.maximumDisplacement
        normalizedRMS = match?.normalizedRMS
        normalizedMaximum = match?.normalizedMaximum
        atoms = match?.atomCount
    }

    /// One line, keys sorted.
    package func json() throws -> String { try JSONDialect.line(self) }

    package var text: String { "\(files.joined(separator: ", ")): \(verdict)" }

    /// Without the files.
    package var verdict: String {
        guard let rmsDisplacement, let maxDisplacement, let normalizedRMS, let normalizedMaximum, let atoms,
            let cellsAgree
        else { return "no match; the compositions differ, or no cell of up to 1,000 atoms is common to both" }
        let distances = String(
            format: "rms %.4f Å (%.4f), largest %.4f Å (%.4f of (V/N)^1/3)", rmsDisplacement,
            normalizedRMS,
            maxDisplacement, normalizedMaximum)
        let cells = cellsAgree ? "" : "; cells differ beyond the tolerances"
        return
            "\(isMatch ? "match" : "no match"); \(atoms) atom\(atoms == 1 ? "" : "s") in the common cell, \(distances)\(cells)"
    }
}
