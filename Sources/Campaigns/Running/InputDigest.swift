import Foundation
import LearnedModels

/// SHA-256 of what tasks read; a file that many of them read is read again only where the system says it is another.
package final class InputDigest: Sendable {
    /// What tells a file that was touched since from one that was not.
    private struct Identity: Hashable {
        var device, inode, size, changed, changedNanoseconds: Int
    }

    private let known = LockedTable<Identity, TaskFile>()

    package init() {}

    static func hex(_ bytes: [UInt8]) -> String { SHA256.hexDigest(bytes) }

    /// - Throws: `CampaignError` where it cannot be read.
    package func digest(of input: CampaignTask.Input) throws -> TaskFile {
        guard InputPath.isThere(input.source) else {
            throw CampaignError(
                input.source, "is not there any more", remedy: "put it back, or begin a new store")
        }
        guard PathPattern.isFolder(input.source) else { return try file(input.source, named: input.word) }
        // Names and digests of all that lies in it.
        var lines: [String] = []
        var size = 0
        for path in PathPattern.files(in: input.source) {
            let one = try file(path, named: String(path.dropFirst(input.source.count)))
            lines.append("\(one.path) \(one.sha256)")
            size += one.bytes
        }
        return TaskFile(
            path: input.word, sha256: Self.hex(Array(lines.joined(separator: "\n").utf8)), bytes: size)
    }

    private func file(_ path: String, named name: String) throws -> TaskFile {
        let identity = Self.identity(path)
        if let identity, let found = known[identity] {
            return TaskFile(path: name, sha256: found.sha256, bytes: found.bytes)
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CampaignError(path, "cannot be read", remedy: "check its permissions")
        }
        let result = TaskFile(path: name, sha256: Self.hex([UInt8](data)), bytes: data.count)
        // What was written to meanwhile is read again.
        if let identity, identity == Self.identity(path) { known[identity] = result }
        return result
    }

    private static func identity(_ path: String) -> Identity? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if os(Linux)
            let change = status.st_ctim
        #else
            let change = status.st_ctimespec
        #endif
        return Identity(
            device: Int(status.st_dev), inode: Int(status.st_ino), size: Int(status.st_size),
            changed: change.tv_sec, changedNanoseconds: change.tv_nsec)
    }

    /// - Throws: where an input is not what it was.
    static func compare(_ task: CampaignTask, _ found: [TaskFile], _ before: [String: String]) throws {
        for file in found where before[file.path] != file.sha256 {
            throw CampaignError(
                file.path,
                "has changed since the campaign began (SHA-256 \(before[file.path]?.prefix(12) ?? "unknown")… then, "
                    + "\(file.sha256.prefix(12))… now; task \(task.index), \(task.name))",
                remedy: "put the old file back, or begin a new store")
        }
    }
}
