import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// That a process is alive, as the kernel knows it: it holds a lock on a file until it ends, however it ends.
///
/// No clock takes part, so that none that jumps can take a task from a process that works or leave it with one that is
/// gone; and no process number, which may come again.
final class RunnerLock: Sendable {
    /// What a store calls the process: when and where it began plays no part.
    let runner: String
    /// Where its tasks work; goes with it.
    let folder: String
    private let descriptor: Int32

    /// - Parameter store: beside which the folder is made.
    init(store: String) throws {
        let machine = ProcessInfo.processInfo.hostName
        runner = "\(machine):\(ProcessInfo.processInfo.processIdentifier):\(UUID().uuidString)"
        folder = Self.folder(of: runner, store)
        descriptor = try Self.locked(folder)
    }

    /// Makes the folder and locks the file in it.
    private static func locked(_ folder: String) throws -> Int32 {
        var code: Int32 = 0
        // Another process may clean away a folder between its making and its locking: it is made again then.
        for _ in 0..<20 {
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            } catch {
                continue
            }
            let descriptor = open(file(folder), O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            code = errno
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0, isStillThere(descriptor, file(folder)) {
                return descriptor
            }
            code = errno
            close(descriptor)
        }
        throw CampaignError(
            folder, "cannot be made and locked (\(String(cString: strerror(code))))",
            remedy: "name a store in a folder that is writable, on a file system that has locks")
    }

    private static func isStillThere(_ descriptor: Int32, _ path: String) -> Bool {
        var (own, named) = (stat(), stat())
        return fstat(descriptor, &own) == 0 && stat(path, &named) == 0 && own.st_ino == named.st_ino
            && own.st_dev == named.st_dev
    }

    /// Nothing of the process is left.
    func end() {
        // What cannot be removed is removed by the next run.
        try? FileManager.default.removeItem(atPath: folder)
    }

    deinit { close(descriptor) }

    static func work(_ store: String) -> String { store + ".work" }

    private static func folder(of runner: String, _ store: String) -> String {
        let name = runner.split(separator: ":").last.map(String.init) ?? runner
        return work(store) + "/" + name
    }

    private static func file(_ folder: String) -> String { folder + "/alive" }

    /// Whether the process has not ended.
    static func isAlive(_ runner: String, store: String) -> Bool {
        isLocked(folder(of: runner, store))
    }

    private static func isLocked(_ folder: String) -> Bool {
        let descriptor = open(file(folder), O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0
    }

    /// Removes what processes that have ended left behind.
    static func clean(store: String) {
        let work = work(store)
        // None is there where nobody worked yet.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: work)) ?? [] {
            let folder = work + "/" + name
            // Another process may be between making its folder and its lock.
            guard FileManager.default.fileExists(atPath: file(folder)), !isLocked(folder) else { continue }
            try? FileManager.default.removeItem(atPath: folder)
        }
        rmdir(work)
    }

    /// The process in words: `node1, process 4711`.
    package static func text(_ runner: String) -> String {
        let parts = runner.split(separator: ":")
        return parts.count == 3 ? "\(parts[0]), process \(parts[1])" : runner
    }
}
