import Crystallography
import Foundation
import Publishing
import Validation

/// The verdict on a record: what `wyckoff validate` prints of each.
///
/// `number`, `hallNumber` and `international` are parts of `spaceGroup` under their older names.
public struct ValidationRow: Encodable, Sendable {
    /// A group, the tolerances in which it holds (Å, from and to), and what enforcing it displaces (Å).
    public struct Rung: Encodable, Sendable {
        public var spaceGroup: SpaceGroupRow
        public var number: Int
        public var international: String
        public var tolerances: [Double]
        public var maxDisplacement: Double
    }

    /// Two atoms of the cell, which are the same where an atom meets its own image.
    public struct Pair: Encodable, Sendable {
        /// Indices from 0.
        public var atoms: [Int]
        public var labels: [String]
        /// Å.
        public var distance: Double
        /// Of the sum of the covalent radii.
        public var share: Double
    }

    public var file: String
    /// The record's place in its file, from 0.
    public var index: Int
    @ExplicitNull public var line: Int?
    @ExplicitNull public var name: String?
    /// ITA number that the file or the user claims.
    @ExplicitNull public var claimed: Int?
    @ExplicitNull public var spaceGroup: SpaceGroupRow?
    @ExplicitNull public var number: Int?
    @ExplicitNull public var hallNumber: Int?
    @ExplicitNull public var international: String?
    @ExplicitNull public var degreesOfFreedom: Int?
    /// Å, between two atoms, periodic images included.
    @ExplicitNull public var shortestDistance: Double?
    /// The smallest distance as a share of the sum of the covalent radii.
    @ExplicitNull public var shortestContact: Double?
    @ExplicitNull public var closestPair: Pair?
    /// g/cm³.
    @ExplicitNull public var density: Double?
    /// Null unless asked for.
    @ExplicitNull public var ladder: [Rung]?
    public var clauses: [VerdictClause]
    public var passed: Bool
    /// Why it failed; empty where it passed.
    public var reason: String
    public var warnings: [String]

    public init(_ record: ValidatedRecord) {
        (file, index, clauses) = (record.file, record.index, record.clauses)
        (passed, reason, warnings) = (record.passed, record.reason, record.warnings)
        (line, name, claimed) = (record.line, record.name, record.claimed)
        let group = record.spaceGroup.map { SpaceGroupRow($0) }
        spaceGroup = group
        (number, hallNumber, international) = (group?.number, group?.hallNumber, group?.symbol)
        degreesOfFreedom = record.degreesOfFreedom
        (shortestDistance, shortestContact) = (record.closestDistance, record.closestShare)
        closestPair = record.closestPair.map {
            Pair(atoms: $0.atoms, labels: $0.labels, distance: $0.distance, share: $0.share)
        }
        density = record.density
        ladder = record.ladder?.map { rung in
            let group = SpaceGroupRow(rung.spaceGroup)
            return Rung(
                spaceGroup: group, number: group.number, international: group.symbol,
                tolerances: [rung.tolerances.lowerBound, rung.tolerances.upperBound],
                maxDisplacement: rung.maxDisplacement)
        }
    }

    /// One line for the verdict, one for each warning and each rung of the ladder.
    public var text: String {
        let place = "\(file) record \(index + 1)"
        let group = spaceGroup.map { "\($0.symbol) (\($0.number))" } ?? "no group"
        var lines = [passed ? "pass \(place): \(group)" : "FAIL \(place): \(reason)"]
        lines += warnings.map { "  warning: \($0)" }
        for rung in ladder ?? [] {
            let ends = rung.tolerances.map { String(format: "%.2g", $0) }.joined(separator: " to ")
            let move = String(format: "%.4f", rung.maxDisplacement)
            lines.append(
                "  \(rung.international) (\(rung.number)) from \(ends) Å, moves atoms by up to \(move) Å")
        }
        return lines.joined(separator: "\n")
    }
}
