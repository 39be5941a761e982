import Foundation
import NumericalMethods
import SpaceGroupTables

/// The facts of one setting, a line of SpaceGroups/settings.tsv.
struct SpaceGroupSetting: Sendable {
    let hallNumber: Int
    let number: Int
    let choice: String
    let hallSymbol: String
    let symbol: String
    let fullSymbol: String
    let schoenfliesSymbol: String

    /// From the first seven fields of a line.
    init?(fields: [String]) {
        guard fields.count >= 7, let hall = Int(fields[0]), let number = Int(fields[1]) else { return nil }
        hallNumber = hall
        self.number = number
        (choice, hallSymbol, symbol) = (fields[2], fields[3], fields[4])
        (fullSymbol, schoenfliesSymbol) = (fields[5], fields[6])
    }
}

/// A setting with all that the table says of it; read once, then shared.
final class SpaceGroupRecord: Sendable {
    let setting: SpaceGroupSetting
    let operations: [SymmetryOperation]
    let centring: Centring
    let pointGroup: PointGroup
    let wyckoffPositions: [WyckoffPosition]

    /// From a block of SpaceGroups/space-groups.tsv.
    init?(block: Substring) {
        var setting: SpaceGroupSetting?
        var centring = Centring.P
        var operations: [SymmetryOperation] = []
        var positions: [WyckoffPosition] = []
        for line in block.split(separator: "\n") {
            let field = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            switch field[0] {
            case "S":
                guard field.count >= 14 else { return nil }
                setting = SpaceGroupSetting(fields: Array(field[1...7]))
                centring = Centring(rawValue: field[12]) ?? .P
            case "O":
                let triplets = field[1].split(separator: " ")
                // A table with a line that cannot be read has no record: never a group without an operation.
                let primitive = triplets.compactMap { try? SymmetryOperation(xyz: $0) }
                guard primitive.count == triplets.count else { return nil }
                operations = centring.vectors.flatMap { vector in
                    primitive.map {
                        SymmetryOperation(rotation: $0.rotation, translation: $0.translation &+ vector)
                            .wrapped
                    }
                }
            case "W":
                guard field.count == 6, let multiplicity = Int(field[2]),
                    let triplet = try? CoordinateTriplet.parse(field[4])
                else { return nil }
                positions.append(
                    WyckoffPosition(
                        letter: field[1], multiplicity: multiplicity, siteSymmetry: field[3],
                        matrix: triplet.matrix, translation: triplet.translation,
                        images: Self.indices(field[5]).filter(operations.indices.contains).map {
                            operations[$0]
                        }
                    ))
            default: break
            }
        }
        guard let setting, let pointGroup = PointGroup(rotations: operations.map(\.rotation)) else {
            return nil
        }
        self.setting = setting
        self.operations = operations
        self.centring = centring
        self.pointGroup = pointGroup
        wyckoffPositions = positions
    }

    /// `0-3,8`
    private static func indices(_ ranges: String) -> [Int] {
        ranges.split(separator: ",").flatMap { range -> [Int] in
            let ends = range.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last else { return [] }
            return Array(first...last)
        }
    }
}

/// All settings; a record is read from the embedded table when it is first asked for.
///
/// Unchecked because the compiler cannot see that `records` is only touched under the lock and that the table is constant.
final class SpaceGroupCatalogue: @unchecked Sendable {
    static let shared = SpaceGroupCatalogue()
    static let count = 530

    private let table: UnsafeBufferPointer<UInt8>
    /// Where each setting's block begins in the table, and the table's end.
    private let offsets: [Int]
    // Guarded by `lock`.
    private var records = [SpaceGroupRecord?](repeating: nil, count: SpaceGroupCatalogue.count)
    private let lock = NSLock()

    private init() {
        let start = wyckoff_table_space_groups()
        let length = start.map { strlen($0) } ?? 0
        table = UnsafeBufferPointer(
            start: start.map { UnsafeRawPointer($0).assumingMemoryBound(to: UInt8.self) }, count: length)
        var offsets: [Int] = []
        let newline = UInt8(ascii: "\n")
        let mark = UInt8(ascii: "S")
        for index in 1..<max(length, 1) where table[index] == mark && table[index - 1] == newline {
            offsets.append(index)
        }
        self.offsets = offsets + [length]
    }

    func record(hallNumber: Int) -> SpaceGroupRecord? {
        guard (1..<offsets.count).contains(hallNumber), hallNumber <= Self.count else { return nil }
        return lock.withLock {
            if let known = records[hallNumber - 1] { return known }
            let bytes = UnsafeBufferPointer(rebasing: table[offsets[hallNumber - 1]..<offsets[hallNumber]])
            let made = SpaceGroupRecord(block: Substring(decoding: bytes, as: UTF8.self))
            records[hallNumber - 1] = made
            return made
        }
    }

    /// In the order of their Hall numbers, from settings.tsv: read when a symbol is looked up or the table is made.
    static let settings: [SpaceGroupSetting] = String(cString: wyckoff_table_settings())
        .split(separator: "\n").filter { !$0.hasPrefix("#") }
        .compactMap { line in
            SpaceGroupSetting(
                fields: line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init))
        }

    func setting(hallNumber: Int) -> SpaceGroupSetting? {
        Self.settings.indices.contains(hallNumber - 1) ? Self.settings[hallNumber - 1] : nil
    }

    /// The setting with this set of operations.
    func hallNumber(of operations: [SymmetryOperation]) -> Int? {
        let wanted = Set(operations.map(\.wrapped))
        let key = SymmetryGroup.fingerprint(Array(wanted))
        return Self.fingerprints[key]?.first { record(hallNumber: $0).map { Set($0.operations) } == wanted }
    }

    private static let fingerprints: [UInt64: [Int]] = {
        let (table, offsets) = (shared.table, shared.offsets)
        var result: [UInt64: [Int]] = [:]
        for hallNumber in 1..<offsets.count {
            let line = table[offsets[hallNumber - 1]...].prefix { $0 != UInt8(ascii: "\n") }
            guard let tab = line.lastIndex(of: UInt8(ascii: "\t")) else { continue }
            let text = String(decoding: line[(tab + 1)...], as: UTF8.self)
            if let key = UInt64(text, radix: 16) { result[key, default: []].append(hallNumber) }
        }
        return result
    }()
}
