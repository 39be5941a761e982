import Crystallography
import Foundation
import Matching
import Publishing

/// Whether two structures are the same: what `wyckoff match` prints.
public struct MatchSummary: Codable, Sendable {
    public struct Tolerances: Codable, Sendable {
        public var length: Double
        /// In units of (V/N)^⅓.
        public var site: Double
        /// Degrees.
        public var angle: Double
        public var scalesVolume: Bool

        public init(_ tolerances: MatchTolerances) {
            (length, site, angle) = (tolerances.length, tolerances.site, tolerances.angle)
            scalesVolume = tolerances.scalesVolume
        }
    }

    public var files: [String]
    public var isMatch: Bool
    public var tolerances: Tolerances
    /// Whether the two cells agree within the tolerances; null where no pairing exists, as
    /// are the fields that follow.
    @ExplicitNull public var cellsAgree: Bool?
    /// Å; `rms` is its older name.
    @ExplicitNull public var rmsDisplacement: Double?
    @ExplicitNull public var rms: Double?
    @ExplicitNull public var maxDisplacement: Double?
    /// In units of (V/N)^⅓.
    @ExplicitNull public var normalizedRMS: Double?
    @ExplicitNull public var normalizedMaximum: Double?
    /// Atoms of the cell that the two have in common, of all of which the displacements are.
    @ExplicitNull public var atoms: Int?

    public init(files: [String], _ match: StructureMatch?, tolerances: MatchTolerances) {
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
    public func json() throws -> String { try JSONDialect.line(self) }

    public var text: String { "\(files.joined(separator: ", ")): \(verdict)" }

    /// Without the files.
    public var verdict: String {
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
