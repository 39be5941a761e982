import Campaigns
import Foundation
import Publishing

/// Tasks in rows: for a terminal, for programs that read tables, and what they took.
package struct CampaignTable {
    private let store: CampaignStore
    private let indices: [Int]

    /// - Parameter state: leaves out those that stand otherwise.
    package init(_ store: CampaignStore, only state: TaskState? = nil) throws {
        self.store = store
        indices = try state.map(store.indices) ?? store.indices()
    }

    /// Of all tasks, in the campaign's order.
    package func forEach(_ body: (CampaignRow) throws -> Void) throws {
        for index in indices { try body(try CampaignRow(index, in: store)) }
    }

    /// For a terminal: with the time of each.
    package func text() throws -> String {
        var rows: [[String]] = []
        for index in indices {
            guard let task = try store.task(index) else { continue }
            let row = try CampaignRow(index, in: store)
            let seconds = task.version == nil ? "" : String(format: "%.1f", task.cost.seconds)
            rows.append([
                "\(index)", task.name, task.command, task.state.rawValue, seconds,
                task.failure.map(\.onOneLine) ?? row.answer,
            ])
        }
        let table = TextTable(
            columns: [
                .init("task", alignment: .number), .init("name"), .init("command"), .init("state"),
                .init("time", unit: "s", alignment: .number), .init("answer"),
            ], rows: rows)
        return table.aligned.joined(separator: "\n")
    }

    /// A line a task; the columns `output.…` are those that any of them has, by the alphabet.
    package func csv() throws -> String {
        var keys: Set<String> = []
        try forEach { row in keys.formUnion(row.scalars.map(\.key)) }
        let columns = keys.sorted()
        let head = ["index", "name", "command", "state", "status", "seed", "version", "error"]
        var lines = [(head + columns).map(Self.quoted).joined(separator: ",")]
        try forEach { row in
            let task = try store.task(row.index)
            let found = Dictionary(row.scalars.map { ($0.key, $0.text) }, uniquingKeysWith: { a, _ in a })
            let fields =
                [
                    "\(row.index)", row.name, row.command, row.state.rawValue,
                    row.status.map { "\($0)" } ?? "", row.seed ?? "", row.version ?? "",
                    task?.failure.map(\.onOneLine) ?? "",
                ] + columns.map { found[$0] ?? "" }
            lines.append(fields.map(Self.quoted).joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What each took: differs from run to run.
    package func costs() throws -> String {
        var lines = ["index,name,command,seconds,processorSeconds,memoryBytes,attempts,host"]
        for index in indices {
            guard let task = try store.task(index), task.version != nil else { continue }
            let cost = task.cost
            let fields = [
                "\(index)", task.name, task.command, String(format: "%.3f", cost.seconds),
                String(format: "%.3f", cost.processorSeconds), "\(cost.memory)", "\(cost.attempts)",
                cost.host,
            ]
            lines.append(fields.map(Self.quoted).joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func quoted(_ text: String) -> String {
        text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
            ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
