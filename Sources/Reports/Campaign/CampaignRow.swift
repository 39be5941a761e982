import Campaigns
import Foundation
import Publishing

/// A task with its result: what `wyckoff campaign results` prints of each. Nothing in it depends on the run, the
/// process or the machine; `TaskCost` is told apart.
package struct CampaignRow: Encodable, Sendable {
    package var index: Int
    package var name: String
    package var command: String
    /// Everything after `wyckoff`.
    package var arguments: [String]
    @ExplicitNull package var seed: String?
    package var state: TaskState
    /// Exit status; null where there is none.
    @ExplicitNull package var status: Int32?
    @ExplicitNull package var signal: Int32?
    /// Of the program.
    @ExplicitNull package var version: String?
    package var inputs: [TaskFile]
    package var files: [TaskFile]
    /// Lines of standard error.
    package var errors: [String]
    /// What it printed where that is no JSON.
    @ExplicitNull package var text: String?
    /// Stands for the values that it printed.
    private var output: String
    /// As they were printed, each on one line.
    private let values: [String]

    private enum CodingKeys: String, CodingKey {
        case index, name, command, arguments, seed, state, status, signal, version, inputs, files, errors,
            text
        case output
    }

    package init(_ index: Int, in store: CampaignStore) throws {
        guard let task = try store.task(index) else {
            throw CampaignError(store.path, "has no task \(index)", remedy: "see wyckoff campaign results")
        }
        self.index = index
        (name, command, arguments, state) = (task.name, task.command, task.words, task.state)
        (inputs, files) = (task.inputs, try store.files(index))
        errors = task.errors.split(whereSeparator: \.isNewline).map(String.init)
        let printed = try store.output(index)
        let found = CompactJSON.values(in: printed)
        values = found ?? []
        output = "output-\(UUID().uuidString)"
        _seed = ExplicitNull(wrappedValue: task.seed)
        _status = ExplicitNull(wrappedValue: task.status)
        _signal = ExplicitNull(wrappedValue: task.signal)
        _version = ExplicitNull(wrappedValue: task.version)
        _text = ExplicitNull(wrappedValue: found == nil ? String(decoding: printed, as: UTF8.self) : nil)
    }

    /// Numbers are those that the command printed, to the last digit.
    package func json() throws -> String {
        try JSONDialect.line(self).replacing(
            "\"\(output)\"", with: "[" + values.joined(separator: ",") + "]")
    }

    /// Of the first value that was printed: `output.energyPerAtom`, `output.spaceGroup.number`.
    package var scalars: [(key: String, text: String)] {
        values.first.map { CompactJSON.scalars(of: $0) }?.map { ("output." + $0.key, $0.text) } ?? []
    }

    /// What a reader wants to know of the answer at one look.
    package var answer: String {
        let found = Dictionary(scalars.map { ($0.key, $0.text) }, uniquingKeysWith: { a, _ in a })
        return Self.telling.compactMap { key in found["output." + key].map { "\(key) \(Self.short($0))" } }
            .prefix(3).joined(separator: ", ")
    }

    private static let telling = [
        "solved", "passed", "outcome", "converged", "spaceGroup.symbol", "rwp", "energyPerAtom", "formula",
    ]

    /// Numbers of many digits with six.
    private static func short(_ text: String) -> String {
        guard text.count > 8, let number = Double(text) else { return text }
        return String(format: "%.6g", number)
    }
}
