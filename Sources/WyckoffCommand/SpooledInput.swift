import Foundation

/// Standard input, and a shell's `<(…)`, as files that readers may open by their names, look at and read again: what comes
/// through a pipe is put into a file that has no name and ends with the program.
enum SpooledInput {
    /// What stands before the number of a descriptor in a file's name.
    private static let folders = ["/dev/fd/", "/proc/self/fd/"]

    /// - Parameter words: of the command line.
    /// - Throws: where there is no room for it.
    static func prepare(_ words: [String]) throws {
        for descriptor in descriptors(in: words) { try spool(descriptor) }
    }

    /// Those that the words name, also behind an option's `=` or inside an option's own list of options.
    static func descriptors(in words: [String]) -> [Int32] {
        var found: Set<Int32> = words.contains("/dev/stdin") ? [STDIN_FILENO] : []
        for word in words {
            for folder in folders {
                for part in word.components(separatedBy: folder).dropFirst() {
                    if let number = Int32(part.prefix { $0.isNumber }) { found.insert(number) }
                }
            }
        }
        return found.sorted()
    }

    private static func spool(_ descriptor: Int32) throws {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { return }
        // A descriptor that is open for writing only is no input.
        guard fcntl(descriptor, F_GETFL) & O_ACCMODE != O_WRONLY else { return }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(
            "wyckoff-\(UUID().uuidString)")
        let bytes = try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).readToEnd() ?? Data()
        try bytes.write(to: file)
        let handle = try FileHandle(forReadingFrom: file)
        unlink(file.path)
        dup2(handle.fileDescriptor, descriptor)
    }
}
