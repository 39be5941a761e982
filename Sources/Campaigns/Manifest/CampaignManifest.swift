import CrystalFiles
import Foundation
import LearnedModels

/// The tasks of a campaign, in their order.
package struct CampaignManifest: Sendable {
    package let tasks: [CampaignTask]

    /// What makes it this campaign and no other: every task's command, options and relative inputs.
    package var identity: String {
        let lines = tasks.map { ([String($0.index), $0.name] + $0.words).joined(separator: "\u{1F}") }
        return SHA256.hexDigest(Array(lines.joined(separator: "\u{1E}").utf8))
    }
}

/// Reads manifests: tables, folders, patterns of names, files.
package struct ManifestReading {
    package var grammars: [CarriedCommand: CommandGrammar]
    /// For the tasks that name none.
    package var command: CarriedCommand?
    /// For every task whose command has them; what a row says itself goes before.
    package var common: [String] = []
    /// Throws where the words are none that the command takes; files need not be there.
    package var check: (CarriedCommand, [String]) throws -> Void

    package init(
        grammars: [CarriedCommand: CommandGrammar], command: CarriedCommand? = nil, common: [String] = [],
        check: @escaping (CarriedCommand, [String]) throws -> Void
    ) {
        (self.grammars, self.command, self.common, self.check) = (grammars, command, common, check)
    }

    /// - Parameter sources: tables (.csv), folders, patterns of names and files.
    /// - Throws: `CampaignError`, `CrystalFileError`: with file and line.
    package func read(_ sources: [String]) throws -> CampaignManifest {
        var tasks: [CampaignTask] = []
        var checked: Set<[String]> = []
        let options = try CommonOptions(common, grammars)
        for source in sources {
            for row in try rows(source) {
                tasks.append(try task(row, index: tasks.count, options, &checked))
            }
        }
        guard !tasks.isEmpty else {
            throw CampaignError(
                sources.first, "holds no task",
                remedy: "give a table with a row for each, a folder, or files")
        }
        if let stranger = options.unused(by: Set(tasks.map(\.command)), grammars) {
            throw CampaignError(
                nil, "no command of this campaign has the option --\(stranger)",
                remedy: "see wyckoff \(tasks[0].command.rawValue) --help")
        }
        return CampaignManifest(tasks: tasks)
    }

    private func rows(_ source: String) throws -> [ManifestRow] {
        if PathPattern.isPattern(source), !InputPath.isThere(source) {
            let files = PathPattern.matches(source)
            guard !files.isEmpty else {
                throw CampaignError(source, "no file has such a name", remedy: "check the pattern")
            }
            return files.map { ManifestRow(file: $0, base: ".") }
        }
        guard InputPath.isThere(source) else {
            throw CampaignError(source, "is not there", remedy: "give a table, a folder or files")
        }
        if PathPattern.isFolder(source) {
            return PathPattern.files(in: source).map { ManifestRow(file: $0, base: ".") }
        }
        return source.lowercased().hasSuffix(".csv")
            ? try ManifestRow.all(in: source) : [ManifestRow(file: source, base: ".")]
    }

    private func task(
        _ row: ManifestRow, index: Int, _ options: CommonOptions, _ checked: inout Set<[String]>
    ) throws -> CampaignTask {
        let carried = try carried(row)
        guard let grammar = grammars[carried] else {
            throw CampaignError(row.place, "\(carried.rawValue) is not carried", remedy: "leave it out")
        }
        var words = TaskWords(carried, grammar, place: row.place, paths: InputPath(base: row.base))
        for (column, value) in row.cells { try words.add(column, value) }
        for (option, value) in options.pairs where grammar.option(named: option) != nil {
            guard !words.holds(option) else { continue }
            try words.add(option, value, relativeTo: FileManager.default.currentDirectoryPath)
        }
        let all = try words.words()
        // Tasks that differ in their files alone are looked at once.
        let files = Set(words.inputs.map(\.word))
        if checked.insert(all.map { files.contains($0) ? "\u{1}" : $0 }).inserted {
            do {
                try check(carried, all)
            } catch let error as CampaignError {
                throw CampaignError(
                    row.place, error.explanation.problem, remedy: error.explanation.remedy ?? "")
            }
        }
        let name = row.name ?? words.firstFile.map(Self.stem) ?? carried.words.joined(separator: "-")
        return CampaignTask(
            index: index, name: name, command: carried, words: all, inputs: words.inputs,
            seed: words.seed, place: row.place)
    }

    private func carried(_ row: ManifestRow) throws -> CarriedCommand {
        let names = CarriedCommand.allCases.map(\.rawValue).joined(separator: ", ")
        guard let text = row.command else {
            guard let command else {
                throw CampaignError(
                    row.place, "no command is named",
                    remedy: "give --command, or a table with a column command: \(names)")
            }
            return command
        }
        let parts = text.split(separator: " ").joined(separator: " ")
        guard let command = CarriedCommand(rawValue: parts) else {
            throw CampaignError(row.place, "a campaign carries no '\(text)'", remedy: "name one of \(names)")
        }
        return command
    }

    private static func stem(_ path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let stem = name.split(separator: ".", omittingEmptySubsequences: false).first.map(String.init) ?? name
        return stem.isEmpty ? name : stem
    }
}
