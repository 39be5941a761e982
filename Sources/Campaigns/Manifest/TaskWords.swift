import Foundation

/// From the options that a manifest names to the words of a command.
struct TaskWords {
    let command: CarriedCommand
    let grammar: CommandGrammar
    /// `tasks.csv:7`.
    let place: String
    let paths: InputPath
    private var given: [(option: CommandGrammar.Option, value: String)] = []
    private var files: [String] = []
    private var pattern: String?
    private(set) var inputs: [CampaignTask.Input] = []

    init(_ command: CarriedCommand, _ grammar: CommandGrammar, place: String, paths: InputPath) {
        (self.command, self.grammar, self.place, self.paths) = (command, grammar, place, paths)
    }

    /// - Parameter folder: the folder that paths are relative to where that is not the manifest's.
    mutating func add(_ column: String, _ value: String, relativeTo folder: String? = nil) throws {
        if column == "file" || column == "pattern" && command.takesPatternFirst {
            let input = try input(value, column, folder, mustBe: true)
            if column == "file" { files.append(input.word) } else { pattern = input.word }
            return
        }
        guard let option = grammar.option(named: column) else {
            throw CampaignError(
                place, "\(command.rawValue) has no option --\(column)",
                remedy: "leave that column empty in this row, or see wyckoff \(command.rawValue) --help")
        }
        if option.isFlag {
            if try isSet(value, column) { given.append((option, "")) }
            return
        }
        given.append((option, try word(value, option.names[0], folder)))
    }

    private func isSet(_ value: String, _ column: String) throws -> Bool {
        switch value.lowercased() {
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        default:
            throw CampaignError(
                place, "--\(column) is a flag, and '\(value)' is neither true nor false",
                remedy: "write true, false or nothing")
        }
    }

    private mutating func word(_ value: String, _ option: String, _ folder: String?) throws -> String {
        if command.outputs.contains(option) { return try output(value, option) }
        guard command.inputs.contains(option) else { return value }
        // The file comes first, its options after it.
        guard option == "with" else {
            return try input(value, option, folder, mustBe: option == "start" || option == "structures").word
        }
        let parts = value.split(separator: " ", maxSplits: 1).map(String.init)
        guard let file = parts.first else { return value }
        return ([try input(file, option, folder, mustBe: true).word] + parts.dropFirst())
            .joined(separator: " ")
    }

    /// A file that is read; a word that names none (`--against self`) stays as it is.
    private mutating func input(
        _ value: String, _ column: String, _ folder: String?, mustBe: Bool
    ) throws -> CampaignTask.Input {
        let input = paths.input(value, relativeTo: folder)
        guard InputPath.isThere(input.source) else {
            guard mustBe else { return CampaignTask.Input(word: value, source: "") }
            throw CampaignError(
                place, "\(column) \(value) is not there (\(input.source))",
                remedy: "paths of a manifest begin in its own folder")
        }
        if !inputs.contains(input) { inputs.append(input) }
        return input
    }

    private func output(_ value: String, _ option: String) throws -> String {
        let path = InputPath.absolute(value, in: "/task")
        guard !value.hasPrefix("/"), path.hasPrefix("/task/") else {
            throw CampaignError(
                place, "--\(option) \(value) leaves the task's folder",
                remedy: "name a file or folder without / before it and without ..")
        }
        return value
    }

    /// Everything after `wyckoff`.
    func words() throws -> [String] {
        if command.needsFile && files.isEmpty {
            throw CampaignError(
                place, "\(command.rawValue) has no file", remedy: "name it in the column file")
        }
        var all = given
        func adds(_ name: String, _ value: String) {
            guard let option = grammar.option(named: name),
                !all.contains(where: { $0.option.names[0] == option.names[0] })
            else { return }
            all.append((option, value))
        }
        for (name, value) in command.defaultOutputs { adds(name, value) }
        for (option, value) in all where command.outputs.contains(option.names[0]) {
            try check(value, option.names[0])
        }
        // As many tasks at a time as there are cores: each has one.
        adds("jobs", "1")
        adds("json", "")
        adds("quiet", "")
        let options = all.flatMap { option, value -> [String] in
            let name = option.names[0].count > 1 ? "--" + option.names[0] : "-" + option.names[0]
            if option.isFlag { return [name] }
            return value.hasPrefix("-") ? ["\(name)=\(value)"] : [name, value]
        }
        let positional = ([pattern].compactMap { $0 } + files).map { $0.hasPrefix("-") ? "./" + $0 : $0 }
        return command.words + positional + options
    }

    /// What is written is none of what is read, nor in it.
    private func check(_ output: String, _ option: String) throws {
        let path = InputPath.absolute(output, in: "/")
        for input in inputs where input.isLent {
            let read = "/" + input.word
            if path == read || path.hasPrefix(read + "/") || read.hasPrefix(path + "/") {
                throw CampaignError(
                    place, "--\(option) \(output) is where \(input.word) is read",
                    remedy: "name another place for what is written")
            }
        }
    }

    /// What its random choices come of.
    var seed: String? {
        guard let option = grammar.option(named: "seed") else { return nil }
        return given.last { $0.option.names[0] == option.names[0] }?.value
            ?? grammar.defaults[option.names[0]]
    }

    /// Whether the row itself says this option, so that one for all tasks gives way.
    func holds(_ column: String) -> Bool {
        if column == "pattern", command.takesPatternFirst { return pattern != nil }
        guard let option = grammar.option(named: column) else { return false }
        return !option.isRepeating && given.contains { $0.option.names[0] == option.names[0] }
    }

    var firstFile: String? { inputs.first?.word }
}
