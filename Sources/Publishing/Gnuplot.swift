import Foundation

/// Runs gnuplot on a script that stands beside its data and its pictures, so that anyone can change it and
/// run it again.
package enum Gnuplot {
    /// Where gnuplot is; nil where the PATH has none.
    package static func executable() -> URL? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: ":").lazy
            .map { URL(fileURLWithPath: String($0)).appendingPathComponent("gnuplot") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    /// Seconds after which a gnuplot that has not ended is ended: pictures take one at most.
    static let timeLimit = 120.0

    /// Gives the script to gnuplot, in the script's folder.
    ///
    /// Script and messages go through files: a gnuplot that ends early cannot break a pipe, one that says much cannot
    /// fill it.
    /// - Parameter prelude: commands ahead of the script (the terminal and the output of one picture).
    package static func run(script: URL, prelude: String = "") throws {
        guard let executable = executable() else { throw PictureError.gnuplotMissing }
        let text = try String(contentsOf: script, encoding: .utf8)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "wyckoff-gnuplot-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // A temporary folder that stays is no failure of the plot.
        defer { try? FileManager.default.removeItem(at: folder) }
        let (input, output) = (folder.appendingPathComponent("in"), folder.appendingPathComponent("out"))
        try AtomicFile.write(prelude + "\n" + text + "\nexit\n", to: input)
        try AtomicFile.write("", to: output)
        let process = Process()
        process.executableURL = executable
        process.currentDirectoryURL = script.deletingLastPathComponent()
        process.standardInput = try FileHandle(forReadingFrom: input)
        let messages = try FileHandle(forWritingTo: output)
        process.standardOutput = messages
        process.standardError = messages
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        do {
            try process.run()
        } catch {
            throw PictureError.gnuplotFailed(script: script.path, message: "it cannot be started")
        }
        guard ended.wait(timeout: .now() + timeLimit) == .success else {
            kill(process.processIdentifier, SIGKILL)
            throw PictureError.gnuplotFailed(
                script: script.path, message: "it had not ended after \(Int(timeLimit)) s")
        }
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            let lines = String(decoding: try Data(contentsOf: output), as: UTF8.self).split(separator: "\n")
                .map { $0.trimmingCharacters(in: .whitespaces) }
            let summary = lines.filter { !$0.isEmpty && $0 != "^" }.suffix(2).joined(separator: " ")
            throw PictureError.gnuplotFailed(
                script: script.path,
                message: summary.isEmpty ? "exit status \(process.terminationStatus)" : summary)
        }
    }

    /// Draws one picture by a script; it appears whole or not at all.
    ///
    /// - Parameters:
    ///   - terminal: gnuplot's, with its options.
    ///   - definitions: commands between terminal and script.
    ///   - picture: in the script's folder.
    package static func draw(script: URL, terminal: String, definitions: String = "", to picture: URL) throws
    {
        let name = ".\(UUID().uuidString).\(picture.pathExtension)"
        let temporary = script.deletingLastPathComponent().appendingPathComponent(name)
        // One of an earlier run beside new data would be a lie.
        unlink(picture.path)
        // What was renamed is not there any more.
        defer { try? FileManager.default.removeItem(at: temporary) }
        try run(
            script: script, prelude: "set terminal \(terminal)\nset output \"\(name)\"\n\(definitions)")
        guard isWhole(temporary) else {
            // gnuplot does not look whether its bytes arrive.
            throw PictureError.gnuplotFailed(
                script: script.path, message: "it left no whole picture; see whether the disk is full")
        }
        if picture.pathExtension.lowercased() == "svg" {
            let drawn = try String(contentsOf: temporary, encoding: .utf8)
            let name = picture.deletingPathExtension().lastPathComponent
            try AtomicFile.write(SVGTitles.replaced(in: drawn, by: name), to: temporary)
        }
        guard rename(temporary.path, picture.path) == 0 else {
            throw WriteError(path: picture.path, code: errno)
        }
    }

    /// Whether the picture ends as its format does.
    private static func isWhole(_ picture: URL) -> Bool {
        guard let data = FileManager.default.contents(atPath: picture.path) else { return false }
        switch picture.pathExtension.lowercased() {
        case "svg": return String(decoding: data.suffix(64), as: UTF8.self).contains("</svg>")
        case "png": return data.suffix(8).starts(with: Array("IEND".utf8))
        default: return !data.isEmpty
        }
    }

    /// A gnuplot string that shows `text` as it is.
    ///
    /// In single quotes, because gnuplot runs what stands between backquotes in a double-quoted string as a
    /// command; what enhanced text would read as mark-up is escaped.
    package static func quoted(_ text: String) -> String {
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
