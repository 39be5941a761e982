import Foundation
import Parameterization
import Publishing

/// What a random move inside a structure's symmetry did.
///
/// `number` and `international` are parts of `spaceGroup` under their older names.
package struct ShakeSummary: Encodable, Sendable {
    package struct Row: Encodable, Sendable {
        package var name: String
        package var unit: String
        package var before: Double
        package var after: Double
    }

    package var file: String
    package var output: String
    package var seed: UInt64
    package var spaceGroup: SpaceGroupRow
    package var number: Int
    package var international: String
    /// The largest move of an atom at fixed lattice, Å.
    package var maxDisplacement: Double
    package var parameters: [Row]

    package init(
        file: String, output: String, seed: UInt64, from before: ReducedStructure, to after: ReducedStructure
    ) {
        (self.file, self.output, self.seed) = (file, output, seed)
        spaceGroup = SpaceGroupRow(before.spaceGroup)
        number = before.spaceGroup.number
        international = before.spaceGroup.symbol
        maxDisplacement =
            zip(before.expanded().sites, after.expanded().sites).map {
                before.lattice.length(($0.position - $1.position).nearestImage)
            }.max() ?? 0
        parameters = zip(before.parameters, after.parameters).map {
            Row(name: $0.name, unit: $0.unit, before: $0.value, after: $1.value)
        }
    }

    package var text: String {
        let rows = parameters.map {
            [$0.name, String(format: "%.5f", $0.before), String(format: "%.5f", $0.after), $0.unit]
        }
        return "\(output): \(international) (\(number)) kept, atoms moved by up to "
            + String(format: "%.4f Å\n", maxDisplacement)
            + TextTable.padded(["parameter", "before", "after", "unit"], rows)
    }
}
