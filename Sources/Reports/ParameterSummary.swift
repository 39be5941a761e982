import CrystalFiles
import Crystallography
import Foundation
import Parameterization
import Symmetry

/// The free parameters of a structure: what `wyckoff parameters` prints, one JSON object for each file.
public struct ParameterSummary: Codable, Sendable {
    public struct Row: Codable, Sendable {
        public var name: String
        public var value: Double
        public var unit: String
        public var lower: Double
        public var upper: Double
        public var formula: String
    }

    public var file: String
    public var degreesOfFreedom: Int
    public var parameters: [Row]
    /// Number and symbol of the group, and what is occupied; not part of the JSON that scripts rely on.
    private var heading: String

    private enum CodingKeys: String, CodingKey {
        case file, degreesOfFreedom, parameters
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        file = try container.decode(String.self, forKey: .file)
        degreesOfFreedom = try container.decode(Int.self, forKey: .degreesOfFreedom)
        parameters = try container.decode([Row].self, forKey: .parameters)
        heading = ""
    }

    /// The structure's own setting is kept where it is tabulated; in any other cell (super, primitive, sheared, about
    /// another origin) parameters are named in the conventional cell, and the heading says so.
    /// - Parameter representative: which atom of an orbit is named; other commands name the first.
    public init(
        file: String, structure: CrystalStructure, tolerance: Double,
        representative: OrbitRepresentative = .firstAtom
    ) throws {
        let reduced = try SymmetrySummary.naming(file) {
            let found = try SymmetryFinder.find(in: structure, tolerance: tolerance)
            return try ReducedStructure(reducing: structure, found, representative: representative)
        }
        self.file = file
        degreesOfFreedom = reduced.degreesOfFreedom
        parameters = reduced.parameters.map {
            Row(
                name: $0.name, value: $0.value, unit: $0.unit, lower: $0.bounds.lowerBound,
                upper: $0.bounds.upperBound, formula: $0.formula)
        }
        heading = "\(reduced.spaceGroup.symbol) (\(reduced.spaceGroup.number)), \(reduced.occupation)"
        if reduced.cell?.isOwnSetting == false {
            heading += "; the file's cell is in no table, so this is the conventional cell's"
        }
    }

    /// One line, keys sorted.
    public func json() throws -> String { try JSONLine.text(self) }

    public var text: String {
        var lines = ["\(file): \(heading)", "\(degreesOfFreedom) free parameters"]
        let widest = parameters.map(\.name.count).max() ?? 0
        for row in parameters {
            let name = row.name + String(repeating: " ", count: widest - row.name.count)
            lines.append(
                "  \(name)  \(String(format: "%10.5f", row.value)) \(row.unit.isEmpty ? " " : row.unit)  \(row.formula)"
            )
        }
        return lines.joined(separator: "\n")
    }
}
