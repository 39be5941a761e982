import Foundation

/// Runs gnuplot on a script that stands beside its data and its pictures, so that anyone can change it and
/// run it again.
public enum Gnuplot {
    /// Where gnuplot is; nil where the PATH has none.
    public static func executable() -> URL? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: ":").lazy
            .map { URL(fileURLWithPath: String($0)).appendingPathComponent("gnuplot") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    /// Feeds the script to gnuplot through a pipe, in the script's folder.
    ///
    /// - Parameter prelude: commands ahead of the script (the terminal and the output of one picture).
    public static func run(script: URL, prelude: String = "") throws {
        guard let executable = executable() else { throw ReportError.gnuplotMissing }
        let text = try String(contentsOf: script, encoding: .utf8)
        let process = Process()
        process.executableURL = executable
        process.currentDirectoryURL = script.deletingLastPathComponent()
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        // gnuplot prints nothing before it has read its input, so writing all of it first cannot block.
        try? input.fileHandleForWriting.write(contentsOf: Data((prelude + "\n" + text + "\nexit\n").utf8))
        try? input.fileHandleForWriting.close()
        let message = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let lines = String(decoding: message, as: UTF8.self).split(separator: "\n").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            let summary = lines.filter { !$0.isEmpty && $0 != "^" }.suffix(2).joined(separator: " ")
            throw ReportError.gnuplotFailed(script: script.path, message: summary)
        }
    }

    /// A gnuplot string that shows `text` as it is.
    ///
    /// In single quotes, because gnuplot runs what stands between backquotes in a double-quoted string as a
    /// command; what enhanced text would read as mark-up is escaped.
    public static func quoted(_ text: String) -> String {
        var result = "'"
        for character in text {
            switch character {
            case "\n", "\r", "\r\n": result += " "
            case "'": result += "''"
            case "\\", "{", "}", "^", "_", "@", "&", "~": result += "\\" + String(character)
            default: result.append(character)
            }
        }
        return result + "'"
    }
}

/// Colours that stay apart for every kind of colour vision (Okabe & Ito 2008).
public enum PlotColor {
    public static let observed = "#404040"
    public static let calculated = "#D55E00"
    public static let difference = "#0072B2"
    public static let background = "#009E73"
    /// One a phase, in turn.
    public static let phases = ["#CC79A7", "#56B4E9", "#E69F00", "#009E73", "#0072B2", "#000000"]
    /// Apart from each other and from every colour of the map below them.
    public static let paths = ["#D55E00", "#56B4E9", "#CC79A7", "#009E73", "#E69F00", "#000000"]
    /// A scale of even steps in lightness that reads the same for every kind of colour vision (cividis: Nuñez,
    /// Anderton & Renslow, PLoS ONE 13 (2018) e0199239), as gnuplot's `set palette defined` takes it.
    public static let cividis =
        "0 '#00224E', 0.125 '#123570', 0.25 '#3B496C', 0.375 '#575D6D', 0.5 '#707173', 0.625 '#8A8678', 0.75 '#A59C74', 0.875 '#C3B369', 1 '#FEE838'"
}
