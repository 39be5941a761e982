import ArgumentParser
import Publishing
import Reports

/// The command as it was typed.
enum Invocation {
    /// To be pasted into a shell.
    static var text: String {
        ShellQuoting.command(["wyckoff"] + CommandLine.arguments.dropFirst())
    }

    /// Whether results are asked for as JSON, so that errors are told so too.
    static var wantsJSON: Bool { CommandLine.arguments.contains("--json") }

    /// For the foot of a page.
    static func footer(seed: UInt64) -> String {
        "wyckoff \(WyckoffCommand.configuration.version) · seed \(seed) · \(text)"
    }

    /// The same where nothing is drawn by lot.
    static var footer: String { "wyckoff \(WyckoffCommand.configuration.version) · \(text)" }

    /// `--tolerance -1` as `--tolerance=-1`, so that the option's own check answers and not "missing value".
    static func attachingNegatives(_ words: [String]) -> [String] {
        var result: [String] = []
        for word in words {
            if word.hasPrefix("-"), Double(word) != nil, let option = result.last, option.hasPrefix("--"),
                option.count > 2, !option.contains("=")
            {
                result[result.count - 1] = "\(option)=\(word)"
            } else {
                result.append(word)
            }
        }
        return result
    }

    /// `-` as the standard input that it means, or, behind an option that writes, standard output.
    static func namingStreams(_ words: [String]) -> [String] {
        words.indices.map { k in
            guard words[k] == "-" else { return words[k] }
            let before = k > 0 ? words[k - 1] : ""
            return ["-o", "--output", "--structure"].contains(before) ? "/dev/stdout" : "/dev/stdin"
        }
    }

    /// Whether the result itself goes to standard output: it ends with its reader then, as filters do. Beside `--structure -` other
    /// files are written, and those are not for the reader to end.
    static func isFilter(_ words: [String]) -> Bool {
        words.indices.contains { words[$0] == "/dev/stdout" && ($0 == 0 || words[$0 - 1] != "--structure") }
    }

    /// The command that words name, as it is typed: `wyckoff study recovery`.
    static func command(of words: [String]) -> String {
        var path = "wyckoff"
        var command: any ParsableCommand.Type = WyckoffCommand.self
        for word in words {
            let next = command.configuration.subcommands.first { $0.configuration.commandName == word }
            guard let next else { break }
            command = next
            path += " \(word)"
        }
        return path
    }

    /// Refuses a subcommand that is none, with the one that was probably meant.
    static func checkSubcommand(_ words: [String]) throws {
        var command: any ParsableCommand.Type = WyckoffCommand.self
        for word in words {
            let known = command.configuration.subcommands
            if known.isEmpty || word.hasPrefix("-") || word == "help" { return }
            let names = known.map { $0.configuration.commandName ?? "\($0)".lowercased() }
            if let place = names.firstIndex(of: word) {
                command = known[place]
                continue
            }
            let nearest = names.map { (name: $0, distance: editDistance($0, word)) }
                .min { $0.distance < $1.distance }
            let meant = nearest.flatMap { $0.distance <= max(1, word.count / 3) ? $0.name : nil }
            let path = command == WyckoffCommand.self ? "" : " \(command.configuration.commandName ?? "")"
            throw ValidationError(
                "wyckoff\(path) has no command '\(word)'; "
                    + (meant.map { "did you mean '\($0)'?" } ?? "it has \(names.joined(separator: ", "))"))
        }
    }

    /// Letters that are put in, left out or changed (Levenshtein), two neighbours exchanged counting once.
    static func editDistance(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a.lowercased()), Array(b.lowercased()))
        var rows = [Array(0...b.count)]
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var least = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    least = min(least, rows[i - 1][j - 1] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
