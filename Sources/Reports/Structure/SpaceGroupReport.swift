import Foundation
import Symmetry

/// The table of a space group, as `wyckoff spacegroup` prints it.
///
/// `number`, `hallNumber`, `international` and `choice` are parts of `spaceGroup` under their older names.
package struct SpaceGroupReport: Sendable, Codable {
    package struct Position: Sendable, Codable {
        package var letter: String
        package var multiplicity: Int
        package var siteSymmetry: String
        package var coordinates: [String]
    }

    /// A zone of reflections and what holds there.
    package struct Condition: Sendable, Codable {
        package var zone: String
        package var condition: String
    }

    /// The Euclidean normalizer: what gives the same crystal another description.
    package struct Normalizer: Sendable, Codable {
        /// Directions along which the origin is free.
        package var continuousDirections: [[Int]]
        /// Generators beyond the group, as coordinate triplets.
        package var generators: [String]
        /// Its index over the group, continuous shifts left out.
        package var index: Int
    }

    /// A class of conjugate translationengleiche subgroups.
    package struct Subgroup: Sendable, Codable {
        package var spaceGroup: SpaceGroupRow
        package var number: Int
        package var international: String
        package var index: Int
    }

    package var spaceGroup: SpaceGroupRow
    package var number: Int
    package var hallNumber: Int
    package var hallSymbol: String
    package var international: String
    package var fullSymbol: String
    package var schoenflies: String
    package var choice: String
    package var crystalFamily: String
    package var pointGroup: String
    package var laueClass: String
    package var operations: [String]
    package var wyckoffPositions: [Position]
    /// General ones, in the order ITA prints them.
    package var reflectionConditions: [Condition]
    package var normalizer: Normalizer
    package var subgroups: [Subgroup]
    /// Every setting of the same type.
    package var spaceGroupSettings: [SpaceGroupRow]
    /// Hall number and symbol of each: what `spaceGroupSettings` says, in its older form.
    package var settings: [String]

    package init(_ group: SpaceGroup) {
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
        spaceGroupSettings = (1...530).compactMap { SpaceGroup(hallNumber: $0) }
            .filter { $0.number == group.number }.map(SpaceGroupRow.init)
        settings = spaceGroupSettings.map {
            "\($0.hallNumber): \($0.symbol)" + ($0.choice.isEmpty ? "" : " (\($0.choice))")
        }
    }

    package var text: String {
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
