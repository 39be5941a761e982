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
            for input in inputs where input.isLent {
                let place = path + "/" + input.word
                try FileManager.default.createDirectory(
                    atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
                try FileManager.default.createSymbolicLink(
                    atPath: place, withDestinationPath: input.source)
                lent.insert(input.word)
            }
        } catch {
            throw CampaignError(
                path, "a task's folder cannot be made (\(error.localizedDescription))",
                remedy: "free some space and run the campaign again, which goes on")
        }
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

    /// Of files, sorted; folders that are lent are not looked into.
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
