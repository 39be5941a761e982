import Foundation

/// Slurm's own programs, found on the PATH.
struct SlurmProgram {
    let name: String
    private let executable: URL

    /// nil where there is none of that name.
    init?(_ name: String) {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        let found = path.split(separator: ":").lazy
            .map { URL(fileURLWithPath: String($0)).appendingPathComponent(name) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
        guard let found else { return nil }
        (self.name, executable) = (name, found)
    }

    /// - Returns: standard output; what it says on standard error is thrown where it fails.
    func run(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        let (output, errors) = (
            Pipe(),
            FileManager.default.temporaryDirectory.appendingPathComponent(
                "wyckoff-slurm-\(UUID().uuidString)")
        )
        try Data().write(to: errors)
        // A file that stays is no failure of the program.
        defer { try? FileManager.default.removeItem(at: errors) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        do {
            try process.run()
        } catch {
            throw CampaignError(executable.path, "cannot be started", remedy: "check Slurm's installation")
        }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            let said = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
                .split(whereSeparator: \.isNewline).joined(separator: " ")
            throw CampaignError(
                name, said.isEmpty ? "exit status \(process.terminationStatus)" : said,
                remedy: "see whether sinfo answers")
        }
        return text
    }
}
