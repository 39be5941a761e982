import Crystallography
import Evaluations
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

    /// Another record that this one is like.
    package struct Partner: Encodable, Sendable {
        package var file: String
        /// In its file, from 0.
        package var index: Int
        @ExplicitNull package var name: String?
        /// Å, over all atoms of the common cell.
        @ExplicitNull package var rmsDisplacement: Double?
        @ExplicitNull package var maxDisplacement: Double?

        init(_ partner: EvaluatedSet.Partner) {
            (file, index, name) = (partner.file, partner.index, partner.name)
            (rmsDisplacement, maxDisplacement) = (partner.rmsDisplacement, partner.maxDisplacement)
        }

        var text: String {
            let move = rmsDisplacement.map { String(format: ", rms %.4f Å", $0) } ?? ""
            return "\(file) record \(index + 1)\(name.map { " (\($0))" } ?? "")\(move)"
        }
    }

    /// Energies by one method, for the record and for the hull.
    package struct Stability: Encodable, Sendable {
        package struct Part: Encodable, Sendable {
            package var name: String
            /// Of the atoms.
            package var share: Double
        }

        package var method: String
        /// eV/atom.
        @ExplicitNull package var energyPerAtom: Double?
        /// eV/atom; below 0 where it would change the hull.
        @ExplicitNull package var energyAboveHull: Double?
        package var decomposition: [Part]
        /// Phases of the chemical system that have an energy.
        package var competitors: Int
        /// Why a number is missing, or what is to be said of it.
        package var note: String

        init(_ stability: RecordStability) {
            (method, energyPerAtom) = (stability.method, stability.energy)
            energyAboveHull = stability.aboveHull
            decomposition = stability.decomposition.map { Part(name: $0.name, share: $0.share) }
            (competitors, note) = (stability.competitors, stability.note)
        }

        var text: String {
            let energy = energyPerAtom.map { String(format: "%.4f eV/atom", $0) } ?? "no energy"
            let hull = energyAboveHull.map {
                String(format: ", %+.4f eV/atom from the hull of %d: ", $0, competitors)
                    + decomposition.map { String(format: "%.3f %@", $0.share, $0.name) }
                    .joined(separator: " + ")
            }
            return energy + (hull ?? "") + (note.isEmpty ? "" : " (\(note))")
        }
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
    /// Smallest whole numbers.
    @ExplicitNull package var formula: String?
    /// Sites of the cell.
    @ExplicitNull package var atoms: Int?
    /// Known states that leave nothing over; null where there are none.
    @ExplicitNull package var oxidationStates: String?
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
    /// Null where it was not asked for or the record cannot be read, as are those below.
    @ExplicitNull package var unique: Bool?
    @ExplicitNull package var duplicateOf: Partner?
    @ExplicitNull package var novel: Bool?
    @ExplicitNull package var known: Partner?
    @ExplicitNull package var stable: Bool?
    @ExplicitNull package var stability: Stability?

    package init(_ record: EvaluatedSet.Record) {
        self.init(record.verdict)
        (unique, novel, stable) = (record.isUnique, record.isNovel, record.isStable)
        (duplicateOf, known) = (record.duplicate.map(Partner.init), record.known.map(Partner.init))
        stability = record.stability.map(Stability.init)
    }

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
        (formula, atoms, oxidationStates) = (record.formula, record.atomCount, record.oxidationStates)
        ladder = record.ladder?.compactMap { rung in
            guard let group = rung.spaceGroup.map({ SpaceGroupRow($0) }) else { return nil }
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
        if let duplicateOf { lines.append("  the same as \(duplicateOf.text)") }
        if let known { lines.append("  known: \(known.text)") }
        if let stability { lines.append("  \(stability.text)") }
        for rung in ladder ?? [] {
            let ends = rung.tolerances.map { String(format: "%.2g", $0) }.joined(separator: " to ")
            let move = String(format: "%.4f", rung.maxDisplacement)
            lines.append(
                "  \(rung.international) (\(rung.number)) from \(ends) Å, moves atoms by up to \(move) Å")
        }
        return lines.joined(separator: "\n")
    }
}
