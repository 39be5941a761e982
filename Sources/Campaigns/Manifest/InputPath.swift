import Foundation

/// How a task names a file: what lies below the manifest's folder by its relative path, so that results do not depend on
/// where that folder is; everything else by its absolute one.
package struct InputPath {
    /// The folder that relative paths begin in, absolute.
    let base: String

    package init(base: String) {
        self.base = Self.absolute(base, in: FileManager.default.currentDirectoryPath)
    }

    /// - Parameter other: the folder that the path is relative to where that is not the base.
    package func input(_ path: String, relativeTo other: String? = nil) -> CampaignTask.Input {
        let source = Self.absolute(path, in: other ?? base)
        let prefix = base == "/" ? base : base + "/"
        let isBelow = source.hasPrefix(prefix) && source.count > prefix.count
        return CampaignTask.Input(
            word: isBelow ? String(source.dropFirst(prefix.count)) : source, source: source)
    }

    /// Without `.` and `..`; symbolic links stay as they are.
    package static func absolute(_ path: String, in folder: String) -> String {
        var parts: [Substring] = []
        for part in (path.hasPrefix("/") ? path : folder + "/" + path).split(separator: "/") {
            if part == ".." {
                if !parts.isEmpty { parts.removeLast() }
            } else if part != "." {
                parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }

    static func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Whether both names lead to one file that is there.
    package static func isSame(_ a: String, _ b: String) -> Bool {
        var (first, second) = (stat(), stat())
        return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev
            && first.st_ino == second.st_ino
    }
}
