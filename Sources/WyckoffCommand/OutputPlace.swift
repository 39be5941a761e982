import ArgumentParser
import Foundation
import Publishing

/// Where results go, asked before the work. What is there already is replaced, and standard error says so; what the
/// command reads is never replaced by what comes of it.
enum OutputPlace {
    /// - Parameter inputs: the files that are read.
    static func probe(file path: String, besides inputs: [String]) throws {
        if inputs.contains(where: { isSame($0, path) }) {
            throw ValidationError("\(path) is a file that is read: name another file for what comes of it")
        }
        try AtomicFile.probe(file: path)
        if isFile(path) { Terminal.error("\(path): an older file is replaced") }
    }

    /// - Parameter mark: the file that tells an older result.
    static func probe(folder path: String, mark: String = "report.html") throws {
        try AtomicFile.probe(folder: path)
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        guard isFile(folder.appendingPathComponent(mark).path) else { return }
        Terminal.error("\(path): an older result is replaced; files that are not written again stay")
    }

    /// A regular file with something in it: nothing is lost of a pipe, a device or an empty file.
    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size > 0
    }

    /// Whether both names lead to one file that is there.
    private static func isSame(_ a: String, _ b: String) -> Bool {
        var (first, second) = (stat(), stat())
        return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_mode & S_IFMT == S_IFREG
            && first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }
}
