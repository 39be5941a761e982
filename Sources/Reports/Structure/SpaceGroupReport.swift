import Foundation
import Symmetry

/// The table of a space group, as `wyckoff spacegroup` prints it.
///
/// `number`, `hallNumber`, `international` and `choice` are parts of `spaceGroup` under their older names.
public struct SpaceGroupReport: Sendable, Codable {
    public struct Position: Sendable, Codable {
        public var letter: String
        public var multiplicity: Int
        public var siteSymmetry: String
        public var coordinates: [String]
    }

    /// A zone of reflections and what holds there.
    public struct Condition: Sendable, Codable {
        public var zone: String
        public var condition: String
    }

    /// The Euclidean normalizer: what gives the same crystal another description.
    public struct Normalizer: Sendable, Codable {
        /// Directions along which the origin is free.
        public var continuousDirections: [[Int]]
        /// Generators beyond the group, as coordinate triplets.
        public var generators: [String]
        /// Its index over the group, continuous shifts left out.
        public var index: Int
    }

    /// A class of conjugate translationengleiche subgroups.
    public struct Subgroup: Sendable, Codable {
        public var spaceGroup: SpaceGroupRow
        public var number: Int
        public var international: String
        public var index: Int
    }

    public var spaceGroup: SpaceGroupRow
    public var number: Int
    public var hallNumber: Int
    public var hallSymbol: String
    public var international: String
    public var fullSymbol: String
    public var schoenflies: String
    public var choice: String
    public var crystalFamily: String
    public var pointGroup: String
    public var laueClass: String
    public var operations: [String]
    public var wyckoffPositions: [Position]
    /// General ones, in the order ITA prints them.
    public var reflectionConditions: [Condition]
    public var normalizer: Normalizer
    public var subgroups: [Subgroup]
    /// Hall number and symbol of every setting of the same type.
    public var settings: [String]

    public init(_ group: SpaceGroup) {
        spaceGroup = SpaceGroupRow(group)
        number = group.number
        hallNumber = group.hallNumber
        hallSymbol = group.hallSymbol
        international = group.symbol
        fullSymbol = group.fullSymbol
        schoenflies = group.schoenfliesSymbol
        choice = group.choice
        crystalFamily = group.crystalFamily.rawValue
        pointGroup = group.pointGroup
        laueClass = group.laueClass
        operations = group.operations.map(\.xyz)
        wyckoffPositions = group.wyckoffPositions.map {
            Position(
                letter: $0.letter, multiplicity: $0.multiplicity, siteSymmetry: $0.siteSymmetry,
                coordinates: $0.triplets)
        }
        reflectionConditions = ReflectionConditions.list(for: group).map {
            Condition(zone: $0.zone, condition: $0.condition)
        }
        let symmetries = group.normalizer
        normalizer = Normalizer(
            continuousDirections: symmetries.continuousDirections.map { [$0.x, $0.y, $0.z] },
            generators: symmetries.generators.map(\.xyz), index: symmetries.index)
        var seen: Set<Int> = []
        subgroups = group.translationengleicheSubgroups.filter { seen.insert($0.conjugacyClass).inserted }
            .map {
                Subgroup(
                    spaceGroup: SpaceGroupRow($0.spaceGroup), number: $0.spaceGroup.number,
                    international: $0.spaceGroup.symbol, index: $0.index)
            }
        settings = (1...530).compactMap { SpaceGroup(hallNumber: $0) }
            .filter { $0.number == group.number }
            .map { "\($0.hallNumber): \($0.symbol)" + ($0.choice.isEmpty ? "" : " (\($0.choice))") }
    }

    public var text: String {
        let setting = choice.isEmpty ? "" : ", choice \(choice)"
        return """
            \(international)  No. \(number)\(setting)  \(fullSymbol)  \(schoenflies)
            Hall \(hallNumber): \(hallSymbol); \(crystalFamily), point group \(pointGroup), Laue class \(laueClass)

            \(tables)

            \(further)
            """
    }

    /// Operations and positions as ITA prints them: modulo the centring, whose vectors stand above.
    private var tables: String {
        guard let group = SpaceGroup(hallNumber: hallNumber) else { return "" }
        let vectors = group.centring.vectors
        let shifts =
            vectors.count == 1
            ? ""
            : "  "
                + vectors.map { vector in
                    let parts = (0..<3).map {
                        Rational(vector[$0], SymmetryOperation.denominator).description
                    }
                    return "(\(parts.joined(separator: ",")))+"
                }.joined(separator: " ")
        let listed = operations.prefix(operations.count / vectors.count).enumerated()
            .map { "(\($0 + 1)) \($1)" }
        let positions = group.wyckoffPositions.map { position in
            let head = position.symbol.padding(toLength: 6, withPad: " ", startingAt: 0)
            let symbol = position.siteSymmetry.padding(toLength: 8, withPad: " ", startingAt: 0)
            let lines = Self.columns(position.triplets(modulo: group.centring), width: 90)
            return head + symbol + lines.joined(separator: "\n" + String(repeating: " ", count: 14))
        }
        return """
            Operations\(shifts)
            \(Self.columns(listed, width: 104).joined(separator: "\n"))

            Wyckoff positions: symmetry, coordinates\(shifts)
            \(positions.joined(separator: "\n"))
            """
    }

    /// At most four words of one width in a line.
    private static func columns(_ words: [String], width: Int) -> [String] {
        let column = (words.map(\.count).max() ?? 0) + 2
        let count = max(1, min(4, width / column))
        return stride(from: 0, to: words.count, by: count).map { start in
            words[start..<min(start + count, words.count)]
                .map { $0.padding(toLength: column, withPad: " ", startingAt: 0) }.joined()
                .trimmingCharacters(in: .whitespaces)
        }
    }

    private var further: String {
        let conditions =
            reflectionConditions.isEmpty
            ? "none" : reflectionConditions.map { "\($0.zone): \($0.condition)" }.joined(separator: "\n")
        let directions = normalizer.continuousDirections.map { "[\($0[0]) \($0[1]) \($0[2])]" }
        return """
            Reflection conditions
            \(conditions)

            Euclidean normalizer, beyond the group (index \(normalizer.index))
            \(normalizer.generators.isEmpty ? "nothing" : normalizer.generators.joined(separator: "  "))\
            \(directions.isEmpty ? "" : "\nany shift along " + directions.joined(separator: ", "))

            Translationengleiche subgroups, one of each class: symbol (number) [index]
            \(subgroups.map { "\($0.international) (\($0.number)) [\($0.index)]" }.joined(separator: ", "))

            Settings
            \(settings.joined(separator: ", "))
            """
    }
}
