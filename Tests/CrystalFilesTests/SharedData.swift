import Foundation

/// Data of the development machine beside the checkout; tests that need it are skipped elsewhere.
enum SharedData {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../shared/data").standardized.path

    static let isThere = FileManager.default.fileExists(atPath: folder)

    /// `make laws`: all records of every set instead of a sample.
    static let isWholeWanted = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] == "all"

    static func path(_ name: String) -> String { folder + "/" + name }

    static func files(in name: String, where isWanted: (String) -> Bool) -> [String] {
        let names = FileManager.default.enumerator(atPath: path(name))?.compactMap { $0 as? String } ?? []
        return names.filter(isWanted).sorted().map { path(name) + "/" + $0 }
    }
}
