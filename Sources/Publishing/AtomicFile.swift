import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files that appear whole or not at all, and the question beforehand whether they could.
package enum AtomicFile {
    /// Writes beside the target, waits until the disk has it, and renames: a reader never sees half a file, and a full
    /// disk leaves the old one.
    ///
    /// What is no regular file (a terminal, a pipe, /dev/null) is written to, never replaced.
    package static func write(_ bytes: [UInt8], to path: String) throws(WriteError) {
        var status = stat()
        let isThere = stat(path, &status) == 0
        if isThere, status.st_mode & S_IFMT == S_IFDIR { throw WriteError(path: path, code: EISDIR) }
        if isThere, status.st_mode & S_IFMT != S_IFREG {
            return try write(bytes, to: path, opened: open(path, O_WRONLY), waits: false)
        }
        // Through a symbolic link to what it names.
        let target = isThere ? resolved(path) : path
        let temporary = hiddenName(beside: target)
        let mode = isThere ? status.st_mode & 0o777 : 0o666
        do throws(WriteError) {
            try write(
                bytes, to: path, opened: open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode), waits: true)
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, target) == 0 else {
            let code = errno
            unlink(temporary)
            throw WriteError(path: path, code: code)
        }
    }

    package static func write(_ bytes: Data, to url: URL) throws(WriteError) {
        try write([UInt8](bytes), to: url.path)
    }

    /// In UTF-8.
    package static func write(_ text: String, to url: URL) throws(WriteError) {
        try write(Array(text.utf8), to: url.path)
    }

    /// A folder to write into, made if it is not there.
    package static func directory(_ path: String) throws(WriteError) -> URL {
        try probe(folder: path)
        let url = URL(fileURLWithPath: path, isDirectory: true)
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw WriteError(path: path, reason: "a folder cannot be made there")
        }
        return url
    }

    /// All bytes to a descriptor, interruptions and short writes seen to.
    ///
    /// - Returns: `errno` of the first failure, nil for none.
    package static func put(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = systemWrite(
                    descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return count < 0 ? errno : EIO }
                done += count
            }
            return nil
        }
    }

    /// Whether a file could be written at the path now; nothing is left there.
    package static func probe(file path: String) throws(WriteError) {
        var status = stat()
        if stat(path, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR { throw WriteError(path: path, code: EISDIR) }
            guard access(path, W_OK) == 0 || status.st_mode & S_IFMT == S_IFREG else {
                throw WriteError(path: path, code: errno)
            }
            if status.st_mode & S_IFMT != S_IFREG { return }
        }
        try probe(beside: resolved(path), for: path)
    }

    /// Whether a folder is there or could be made, and could take files; nothing is left there.
    package static func probe(folder path: String) throws(WriteError) {
        var missing: [String] = []
        var place = path
        var status = stat()
        while stat(place, &status) != 0 {
            guard errno == ENOENT else { throw WriteError(path: path, code: errno) }
            missing.append(place)
            place = Self.folder(of: place)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw WriteError(path: path, code: ENOTDIR) }
        var made: [String] = []
        defer { for folder in made.reversed() { rmdir(folder) } }
        for folder in missing.reversed() {
            guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
                throw WriteError(path: path, code: errno)
            }
            made.append(folder)
        }
        try probe(beside: path + "/x", for: path)
    }

    /// Writes a block, because a full disk takes names but no bytes.
    private static func probe(beside target: String, for path: String) throws(WriteError) {
        let temporary = hiddenName(beside: target)
        defer { unlink(temporary) }
        try write(
            [UInt8](repeating: 0, count: 4096), to: path,
            opened: open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0o666), waits: false)
    }

    private static func write(
        _ bytes: [UInt8], to path: String, opened descriptor: Int32, waits: Bool
    ) throws(WriteError) {
        guard descriptor >= 0 else { throw WriteError(path: path, code: errno) }
        var failure = put(bytes, to: descriptor)
        if failure == nil, waits, fsync(descriptor) != 0 { failure = errno }
        if close(descriptor) != 0, failure == nil { failure = errno }
        if let failure { throw WriteError(path: path, code: failure) }
    }

    private static func hiddenName(beside target: String) -> String {
        "\(folder(of: target))/.wyckoff-\(UUID().uuidString)"
    }

    /// What stands before the last name of a path; `.` where nothing does. (Foundation's own traps on a path of one
    /// letter.)
    private static func folder(of path: String) -> String {
        var rest = Substring(path)
        while rest.count > 1, rest.last == "/" { rest.removeLast() }
        guard let slash = rest.lastIndex(of: "/") else { return "." }
        let folder = rest[..<slash]
        return folder.isEmpty ? "/" : String(folder)
    }

    private static func resolved(_ path: String) -> String {
        guard let name = realpath(path, nil) else { return path }
        defer { free(name) }
        return String(cString: name)
    }

    private static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes, count)
        #else
            Darwin.write(descriptor, bytes, count)
        #endif
    }
}
