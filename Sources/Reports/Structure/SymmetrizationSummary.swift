import Crystallography
import Foundation
import Jobs
import Parameterization
import Publishing
import Symmetry

/// What enforcing a symmetry did to a structure.
///
/// `number`, `hallNumber`, `international`, `choice` and `rms` are what `spaceGroup` and `rmsDisplacement` say, under
/// their older names.
package struct SymmetrizationSummary: Encodable, Sendable {
    package var file: String
    package var output: String
    package private(set) var spaceGroup: SpaceGroupRow
    package private(set) var number: Int
    package private(set) var hallNumber: Int
    package private(set) var international: String
    package private(set) var choice: String
    /// keep, standard, primitive, or subgroup.
    package var cell: String
    /// Å; the largest and the root mean square.
    package var maxDisplacement: Double
    package var rmsDisplacement: Double
    package var rms: Double
    /// The largest principal strain of the lattice; null where only a subgroup was enforced.
    @ExplicitNull package var strain: Double?
    package var atoms: Int
    @ExplicitNull package var degreesOfFreedom: Int?
    /// Of a subgroup: translationengleiche or klassengleiche, its index, and how many ways there are.
    @ExplicitNull package var kind: String?
    @ExplicitNull package var index: Int?
    @ExplicitNull package var ways: Int?
    /// The group whose subgroup was taken, where that was not asked for: the rung of the ladder.
    @ExplicitNull package var fromSpaceGroup: SpaceGroupRow?
    /// The symbol of `fromSpaceGroup`.
    @ExplicitNull package var from: String?

    private init(
        file: String, output: String, cell: String, _ result: StandardizedStructure, degreesOfFreedom: Int?
    ) {
        self.init(
            file: file, output: output, group: result.spaceGroup, cell: cell,
            displacement: (result.maxDisplacement, result.rmsDisplacement),
            atoms: result.structure.sites.count)
        strain = result.strain
        self.degreesOfFreedom = degreesOfFreedom
    }

    private init(
        file: String, output: String, _ way: EnforcedSubgroup, ways: Int, from group: SpaceGroup? = nil
    ) {
        self.init(
            file: file, output: output, group: way.structure.spaceGroup, cell: "subgroup",
            displacement: (way.maxDisplacement, way.rmsDisplacement), atoms: way.structure.atoms.count)
        fromSpaceGroup = group.map(SpaceGroupRow.init)
        from = group?.symbol
        degreesOfFreedom = way.structure.degreesOfFreedom
        kind = way.subgroup.kind.rawValue
        index = way.subgroup.index
        self.ways = ways
    }

    private init(
        file: String, output: String, group: SpaceGroup, cell: String,
        displacement: (largest: Double, rms: Double), atoms: Int
    ) {
        (self.file, self.output, self.cell, self.atoms) = (file, output, cell, atoms)
        spaceGroup = SpaceGroupRow(group)
        (number, hallNumber) = (group.number, group.hallNumber)
        (international, choice) = (group.symbol, group.choice)
        maxDisplacement = displacement.largest
        (rmsDisplacement, rms) = (displacement.rms, displacement.rms)
    }

    /// The same in another setting of the group.
    private mutating func name(_ group: SpaceGroup) {
        spaceGroup = SpaceGroupRow(group)
        (number, hallNumber) = (group.number, group.hallNumber)
        (international, choice) = (group.symbol, group.choice)
    }

    package init(_ outcome: SymmetrizationJob.Outcome, file: String, output: String) {
        switch outcome.result {
        case .group(let result, _, _, let degreesOfFreedom):
            self.init(
                file: file, output: output, cell: outcome.cell.rawValue, result,
                degreesOfFreedom: degreesOfFreedom)
        case .subgroup(let way, let ways, let group):
            self.init(file: file, output: output, way, ways: ways, from: group)
        }
        guard let other = outcome.redescribed else { return }
        atoms = other.structure.structure.sites.count
        name(other.group)
    }

    package var text: String {
        func number(_ value: Double) -> String { String(format: "%.5f", value) }
        var lines = [
            "\(output): \(international) (\(self.number)), \(choice.isEmpty ? "" : "choice \(choice), ")\(atoms) atoms, "
                + (cell == "subgroup" ? "subgroup" : "cell \(cell)"),
            "  atoms moved by up to \(number(maxDisplacement)) Å (rms \(number(rmsDisplacement)) Å)"
                + (strain.map { ", strain \(number($0))" } ?? ""),
        ]
        if let degreesOfFreedom { lines.append("  \(degreesOfFreedom) free parameters") }
        if let kind, let index, let ways {
            lines.append(
                "  \(kind), index \(index)\(from.map { ", of \($0) on the ladder" } ?? "")"
                    + (ways > 1 ? "; \(ways) ways to this group, --way takes another" : ""))
        }
        return lines.joined(separator: "\n")
    }
}
