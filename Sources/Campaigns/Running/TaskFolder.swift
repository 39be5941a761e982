import Foundation

/// Where a task works: what it reads is lent to it under its relative name, what it writes is taken out again.
struct TaskFolder {
    /// Bytes of one file that a store takes; SQLite's own limit lies at 10⁹.
    static let largestFile = 512 << 20

    let path: String
    private var lent: Set<String> = []

    /// Made anew.
    init(_ path: String, inputs: [CampaignTask.Input]) throws {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            for input in inputs where input.isLent { try lend(input) }
        } catch {
            throw CampaignError(
                path, "a task's folder cannot be made (\(error.localizedDescription))",
                remedy: "free some space and run the campaign again, which goes on")
        }
    }

    /// A folder is lent file by file: who looks for files in a folder does not follow a link to it.
    private mutating func lend(_ input: CampaignTask.Input) throws {
        guard PathPattern.isFolder(input.source) else { return try lend(input.source, as: input.word) }
        try FileManager.default.createDirectory(
            atPath: path + "/" + input.word, withIntermediateDirectories: true)
        for file in PathPattern.files(in: input.source) {
            try lend(file, as: input.word + file.dropFirst(input.source.count))
        }
    }

    private mutating func lend(_ file: String, as name: String) throws {
        // It may lie in a folder that is lent too.
        guard lent.insert(name).inserted else { return }
        let place = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: file)
    }

    /// As the task itself is told where it is.
    var absolutePath: String {
        guard let name = realpath(path, nil) else { return path }
        defer { free(name) }
        return String(cString: name)
    }

    /// What the task wrote, by path.
    ///
    /// - Throws: `CampaignError` for a file that cannot be read or kept.
    func results() throws -> [(path: String, content: [UInt8])] {
        var result: [(path: String, content: [UInt8])] = []
        for name in Self.names(in: path, besides: lent) {
            let file = path + "/" + name
            var status = stat()
            guard lstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            guard status.st_size <= Self.largestFile else {
                throw CampaignError(
                    name, "is larger than \(Self.largestFile >> 20) MiB, more than a store takes",
                    remedy: "ask for less output")
            }
            guard let data = FileManager.default.contents(atPath: file) else {
                throw CampaignError(name, "cannot be read", remedy: "check the disk")
            }
            result.append((name, [UInt8](data)))
        }
        return result
    }

    /// Of files and folders, sorted.
    private static func names(in folder: String, besides lent: Set<String>) -> [String] {
        let found = FileManager.default.enumerator(atPath: folder)
        var names: [String] = []
        while let name = found?.nextObject() as? String {
            if !lent.contains(name) { names.append(name) }
        }
        return names.sorted()
    }

    func remove() {
        // What stays is removed with the runner's folder.
        try? FileManager.default.removeItem(atPath: path)
    }
}
