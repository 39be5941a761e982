import Foundation
import Studies

/// The eight structures of paper A, where they are at hand.
enum LandscapeStructures {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/data/landscape-paper")
    static let areThere = FileManager.default.fileExists(atPath: folder.path)

    static func all() throws -> [RecoveryReference] { try RecoveryReference.read([folder.path]) }

    static func named(_ start: String) throws -> RecoveryReference? {
        try all().first { $0.name.hasPrefix(start) }
    }
}
