import Publishing
import Refinement

/// A rigid group of a refinement.
package struct RigidRow: Codable, Sendable {
    package var name: String
    /// Labels of its orbits.
    package var atoms: [String]
    /// Atoms, images of its orbits included.
    package var count: Int
    /// Free coordinates of its centre, and turns.
    package var shifts: Int
    package var turns: Int

    init(_ body: RigidBody) {
        (name, atoms, count) = (body.group.name, body.group.labels, body.atomCount)
        shifts = body.shiftCount
        turns = body.parameterNames.count - body.shiftCount
    }

    /// A line that begins with a line's end; empty where nothing is rigid.
    static func text(_ rows: [RigidRow]) -> String {
        guard !rows.isEmpty else { return "" }
        return "\n" + table(rows).aligned.joined(separator: "\n")
    }

    static func table(_ rows: [RigidRow]) -> TextTable {
        TextTable(
            columns: [
                .init("rigid group"), .init("orbits"), .init("atoms", alignment: .number),
                .init("shifts", alignment: .number), .init("turns", alignment: .number),
            ],
            rows: rows.map {
                [
                    $0.name, $0.atoms.joined(separator: " "), "\($0.count)", "\($0.shifts) of 3",
                    "\($0.turns) of 3",
                ]
            })
    }
}
