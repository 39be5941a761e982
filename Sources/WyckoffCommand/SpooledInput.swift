import Foundation

/// Standard input as a file that readers may open by its name, look at and read again: what comes through a pipe is
/// put into one that has no name and ends with the program.
enum SpooledInput {
    /// - Throws: where there is no room for it.
    static func prepare() throws {
        var status = stat()
        guard fstat(STDIN_FILENO, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { return }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(
            "wyckoff-\(UUID().uuidString)")
        let bytes = try FileHandle.standardInput.readToEnd() ?? Data()
        try bytes.write(to: file)
        let handle = try FileHandle(forReadingFrom: file)
        unlink(file.path)
        dup2(handle.fileDescriptor, STDIN_FILENO)
    }
}
