import Crystallography
import Foundation
import Publishing
import Validation

/// The verdict on a record: what `wyckoff validate` prints of each.
///
/// `number`, `hallNumber` and `international` are parts of `spaceGroup` under their older names.
package struct ValidationRow: Encodable, Sendable {
    /// A group, the tolerances in which it holds (Å, from and to), and what enforcing it displaces (Å).
    package struct Rung: Encodable, Sendable {
        package var spaceGroup: SpaceGroupRow
        package var number: Int
        package var international: String
        package var tolerances: [Double]
        package var maxDisplacement: Double
    }

    /// Two atoms of the cell, which are the same where an atom meets its own image.
    package struct Pair: Encodable, Sendable {
        /// Indices from 0.
        package var atoms: [Int]
        package var labels: [String]
        /// Å.
        package var distance: Double
        /// Of the sum of the covalent radii.
        package var share: Double
    }

    package var file: String
    /// The record's place in its file, from 0.
    package var index: Int
    @ExplicitNull package var line: Int?
    @ExplicitNull package var name: String?
    /// ITA number that the file or the user claims.
    @ExplicitNull package var claimed: Int?
    @ExplicitNull package var spaceGroup: SpaceGroupRow?
    @ExplicitNull package var number: Int?
    @ExplicitNull package var hallNumber: Int?
    @ExplicitNull package var international: String?
    @ExplicitNull package var degreesOfFreedom: Int?
    /// Å, between two atoms, periodic images included.
    @ExplicitNull package var shortestDistance: Double?
    /// The smallest distance as a share of the sum of the covalent radii.
    @ExplicitNull package var shortestContact: Double?
    @ExplicitNull package var closestPair: Pair?
    /// g/cm³.
    @ExplicitNull package var density: Double?
    /// Null unless asked for.
    @ExplicitNull package var ladder: [Rung]?
    package var clauses: [VerdictClause]
    package var passed: Bool
    /// Why it failed; empty where it passed.
    package var reason: String
    package var warnings: [String]

    package init(_ record: ValidatedRecord) {
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
    package var text: String {
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
