import Foundation
import Publishing

/// A command whose results go to a folder.
protocol FolderWriting {
    /// Where results go; nil where nothing is written, or a single file.
    var resultFolder: String? { get }
}

/// That while this run lasts no other run of wyckoff writes into its folder. The system keeps the claim and ends it with the
/// process, however that ends; nothing of it stays in the folder.
struct FolderClaim {
    private let descriptor: Int32
    /// Folders that are there for the claim only, the outermost first.
    private let made: [String]

    /// nil where a command writes no folder.
    ///
    /// - Throws: `WriteError` where another run has it, or it could not be written.
    init?(of command: Any) throws(WriteError) {
        guard let path = (command as? any FolderWriting)?.resultFolder else { return nil }
        try self.init(path)
    }

    init(_ path: String) throws(WriteError) {
        let missing = Self.missing(path)
        _ = try AtomicFile.directory(path)
        made = missing
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // Where a file system has no locks, nothing is claimed.
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
        close(descriptor)
        throw WriteError(
            path: path,
            reason: "another run of wyckoff writes its results there; wait for its end or name another folder"
        )
    }

    /// The folders of a path that are not there, the outermost first.
    private static func missing(_ path: String) -> [String] {
        var found: [String] = []
        var place = URL(fileURLWithPath: path, isDirectory: true)
        while place.path != "/", access(place.path, F_OK) != 0 {
            found.insert(place.path, at: 0)
            place.deleteLastPathComponent()
        }
        return found
    }

    /// Ends the claim; folders that were made for it go where nothing was written into them.
    func release() {
        for folder in made.reversed() { rmdir(folder) }
        if descriptor >= 0 { close(descriptor) }
    }
}
