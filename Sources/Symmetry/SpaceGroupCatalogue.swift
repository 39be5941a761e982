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
}

/// A setting with all that follows from it; made once, then shared.
final class SpaceGroupRecord: Sendable {
    let setting: SpaceGroupSetting
    let operations: [SymmetryOperation]
    let centring: Centring
    let pointGroup: PointGroup

    init?(_ setting: SpaceGroupSetting) {
        guard let hall = try? HallSymbol(setting.hallSymbol), let operations = hall.operations,
            let pointGroup = PointGroup(rotations: operations.map(\.rotation)),
            let centring = Centring.allCases.first(where: { $0.vectors == hall.centringVectors })
        else { return nil }
        self.setting = setting
        self.operations = operations
        self.pointGroup = pointGroup
        self.centring = centring
    }
}

/// All settings; a record is made when it is first asked for.
final class SpaceGroupCatalogue: @unchecked Sendable {
    static let shared = SpaceGroupCatalogue()
    static let count = 530

    /// In the order of their Hall numbers.
    let settings: [SpaceGroupSetting]
    // Guarded by `lock`.
    private var records: [SpaceGroupRecord?]
    private var fingerprints: [Int: [Int]] = [:]
    private let lock = NSLock()

    private init() {
        var settings: [SpaceGroupSetting] = []
        for line in String(cString: wyckoff_table_settings()).split(separator: "\n")
        where !line.hasPrefix("#") {
            let field = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard field.count == 7, let hall = Int(field[0]), let number = Int(field[1]) else { continue }
            settings.append(
                SpaceGroupSetting(
                    hallNumber: hall, number: number, choice: field[2], hallSymbol: field[3],
                    symbol: field[4],
                    fullSymbol: field[5], schoenfliesSymbol: field[6]))
        }
        self.settings = settings
        records = [SpaceGroupRecord?](repeating: nil, count: settings.count)
    }

    func record(hallNumber: Int) -> SpaceGroupRecord? {
        guard settings.indices.contains(hallNumber - 1) else { return nil }
        lock.lock()
        defer { lock.unlock() }
        if let known = records[hallNumber - 1] { return known }
        let made = SpaceGroupRecord(settings[hallNumber - 1])
        records[hallNumber - 1] = made
        return made
    }

    /// The setting with this set of operations.
    func hallNumber(of operations: [SymmetryOperation]) -> Int? {
        let wanted = Set(operations.map(\.wrapped))
        if fingerprintsAreMissing {
            for setting in settings {
                guard let record = record(hallNumber: setting.hallNumber) else { continue }
                let key = Set(record.operations).hashValue
                lock.withLock { fingerprints[key, default: []].append(setting.hallNumber) }
            }
        }
        let candidates = lock.withLock { fingerprints[wanted.hashValue] ?? [] }
        return candidates.first { record(hallNumber: $0).map { Set($0.operations) } == wanted }
    }

    private var fingerprintsAreMissing: Bool { lock.withLock { fingerprints.isEmpty } }
}
