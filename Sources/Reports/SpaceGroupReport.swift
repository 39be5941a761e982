import Foundation
import Symmetry

/// The table of a space group, as `wyckoff spacegroup` prints it.
public struct SpaceGroupReport: Sendable, Codable {
    public struct Position: Sendable, Codable {
        public var letter: String
        public var multiplicity: Int
        public var siteSymmetry: String
        public var coordinates: [String]
    }

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

    public init(_ group: SpaceGroup) {
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
    }

    public var text: String {
        let setting = choice.isEmpty ? "" : ", choice \(choice)"
        return """
            \(international)  No. \(number)\(setting)  \(fullSymbol)  \(schoenflies)
            Hall \(hallNumber): \(hallSymbol); \(crystalFamily), point group \(pointGroup), Laue class \(laueClass)

            Operations
            \(operations.enumerated().map { "(\($0 + 1)) \($1)" }.joined(separator: "\n"))

            Wyckoff positions

            """
                + TextTable.text(
                    ["position", "site symmetry", "coordinates"],
                    wyckoffPositions.map {
                        [
                            "\($0.multiplicity)\($0.letter)", $0.siteSymmetry,
                            $0.coordinates.joined(separator: "  "),
                        ]
                    })
    }
}

/// One JSON object on one line, keys sorted.
public enum JSONLine {
    public static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
