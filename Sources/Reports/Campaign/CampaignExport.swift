import Campaigns
import Foundation
import Publishing

/// A folder with all results of a campaign: results.csv, results.jsonl and the files of each task, which are the same
/// bytes whoever ran it in how many pieces; and timings.csv, which is not.
package struct CampaignExport {
    private let store: CampaignStore

    package init(_ store: CampaignStore) { self.store = store }

    /// - Returns: how many tasks and files were written.
    package func write(to folder: URL) throws -> (tasks: Int, files: Int) {
        let table = try CampaignTable(store)
        var lines: [String] = []
        var count = 0
        try table.forEach { row in
            lines.append(try row.json() + "\n")
            for file in row.files {
                let name = "tasks/\(Self.folder(of: row))/\(file.path)"
                let place = folder.appendingPathComponent(name)
                _ = try AtomicFile.directory(place.deletingLastPathComponent().path)
                try AtomicFile.write(try store.content(file.path, of: row.index), to: place.path)
                count += 1
            }
        }
        try AtomicFile.write(table.csv(), to: folder.appendingPathComponent("results.csv"))
        try AtomicFile.write(lines.joined(), to: folder.appendingPathComponent("results.jsonl"))
        try AtomicFile.write(table.costs(), to: folder.appendingPathComponent("timings.csv"))
        return (lines.count, count)
    }

    /// `000012-quartz`.
    private static func folder(of row: CampaignRow) -> String {
        let name = row.name.map { $0.isLetter || $0.isNumber || "-_.+".contains($0) ? $0 : "_" }
        return String(format: "%06d-", row.index) + String(name.prefix(60))
    }
}
