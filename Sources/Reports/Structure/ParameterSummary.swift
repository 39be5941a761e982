import CrystalFiles
import Crystallography
import Foundation
import Parameterization
import Publishing
import Symmetry

/// The free parameters of a structure: what `wyckoff parameters` prints, one JSON object for each file.
///
/// `number`, `hallNumber`, `international` and `choice` are parts of `spaceGroup` under their older names.
package struct ParameterSummary: Codable, Sendable {
    package struct Row: Codable, Sendable {
        package var name: String
        package var value: Double
        package var unit: String
        package var lower: Double
        package var upper: Double
        package var formula: String

        package init(_ parameter: Parameter) {
            (name, value, unit) = (parameter.name, parameter.value, parameter.unit)
            (lower, upper) = (parameter.bounds.lowerBound, parameter.bounds.upperBound)
            formula = parameter.formula
        }
    }

    /// An occupied position.
    package struct Position: Codable, Sendable {
        /// As the parameters name it.
        package var site: String
        /// Multiplicity and letter, `4c`; without letter where the setting is in no table.
        package var position: String
        /// `Pb`, `Fe/Mg`.
        package var occupants: String
    }

    /// Whose the lengths, angles and coordinates are.
    package enum Cell: String, Codable, Sendable {
        /// The file's own, which is that of the setting `hallNumber`.
        case file
        /// That of the setting `hallNumber`, because the file's is in no table.
        case conventional
    }

    package var file: String
    package var spaceGroup: SpaceGroupRow
    package var number: Int
    package var hallNumber: Int
    package var international: String
    package var choice: String
    package var cell: Cell
    package var positions: [Position]
    /// Coordinates that are held where they are, one for each polar direction, because they only choose the origin.
    package var originCoordinates: [String]
    package var degreesOfFreedom: Int
    package var parameters: [Row]
    /// The positions by element, `Pb 4c, S 4c, O 4c 4c 8d`.
    package var occupation: String

    /// The structure's own setting is kept where it is tabulated; in any other cell (super, primitive, sheared, about
    /// another origin) parameters are named in the conventional cell, and `cell` says so.
    ///
    /// - Parameters:
    ///   - tolerance: Å, within which the group is found.
    ///   - representative: which atom of an orbit is named; other commands name the first.
    /// - Throws: `FileProblem` with the file's name.
    package static func found(
        in structure: CrystalStructure, of file: String, tolerance: Double,
        representative: OrbitRepresentative = .firstAtom
    ) throws -> ParameterSummary {
        try SymmetrySummary.naming(file) {
            let found = try SymmetryFinder.find(in: structure, tolerance: tolerance)
            return ParameterSummary(
                file: file,
                try ReducedStructure(reducing: structure, found, representative: representative))
        }
    }

    package init(file: String, _ reduced: ReducedStructure) {
        self.file = file
        let group = SpaceGroupRow(reduced.spaceGroup)
        spaceGroup = group
        (number, hallNumber) = (group.number, group.hallNumber)
        (international, choice) = (group.symbol, group.choice)
        cell = reduced.cell?.isOwnSetting == false ? .conventional : .file
        positions = reduced.orbits.map { orbit in
            Position(
                site: orbit.label, position: "\(orbit.multiplicity)\(orbit.letter)",
                occupants: orbit.occupants.map(\.species.element.symbol).joined(separator: "/"))
        }
        originCoordinates = reduced.originCoordinates.map { index in
            let orbit = reduced.orbits[index.orbit]
            return "\(orbit.label).\(orbit.siteSymmetry.coordinateNames[index.coordinate])"
        }
        degreesOfFreedom = reduced.degreesOfFreedom
        parameters = reduced.parameters.map { Row($0) }
        occupation = reduced.occupation
    }

    /// One line, keys sorted.
    package func json() throws -> String { try JSONDialect.line(self) }

    package var text: String {
        var heading =
            "\(file): \(international) (\(number)), \(choice.isEmpty ? "" : "choice \(choice), ")\(occupation)"
        if cell == .conventional {
            heading += "; the file's cell is in no table, so this is the conventional cell's"
        }
        var lines = [heading, "\(degreesOfFreedom) free parameters"]
        let widest = parameters.map(\.name.count).max() ?? 0
        for row in parameters {
            let name = row.name + String(repeating: " ", count: widest - row.name.count)
            lines.append(
                "  \(name)  \(String(format: "%10.5f", row.value)) \(row.unit.isEmpty ? " " : row.unit)  \(row.formula)"
            )
        }
        if !originCoordinates.isEmpty {
            lines.append(
                "\(originCoordinates.joined(separator: ", ")) held: "
                    + (originCoordinates.count == 1 ? "it chooses" : "they choose")
                    + " the origin along the group's polar directions")
        }
        return lines.joined(separator: "\n")
    }
}
