import Foundation
import Publishing
import Testing

@Suite struct AtomicFileTests {
    @Test func filesAreReplacedWholeAndNothingElseIsLeft() throws {
        try withFolder { folder in
            let url = folder.appendingPathComponent("a.txt")
            try AtomicFile.write("one", to: url)
            try AtomicFile.write("two", to: url)
            #expect(try String(contentsOf: url, encoding: .utf8) == "two")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.txt"])
        }
    }

    @Test func aFolderThatIsMissingIsNamed() throws {
        try withFolder { folder in
            let url = folder.appendingPathComponent("none/a.txt")
            let error = #expect(throws: WriteError.self) { try AtomicFile.write("x", to: url) }
            #expect(error?.description.hasPrefix(url.path) == true)
        }
    }

    @Test func aProbeLeavesNothing() throws {
        try withFolder { url in
            let folder = url.path
            try AtomicFile.probe(folder: folder + "/a/b/c")
            try AtomicFile.probe(folder: folder)
            try AtomicFile.probe(folder: folder + "//d//")
            try AtomicFile.probe(file: folder + "/x.cif")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test func whatCannotBeWrittenIsFound() throws {
        try withFolder { url in
            let folder = url.path
            try AtomicFile.write("x", to: URL(fileURLWithPath: folder + "/file"))
            #expect(throws: WriteError.self) { try AtomicFile.probe(folder: folder + "/file") }
            #expect(throws: WriteError.self) { try AtomicFile.probe(folder: folder + "/file/sub") }
            #expect(throws: WriteError.self) { try AtomicFile.probe(file: folder) }
            #expect(throws: WriteError.self) { try AtomicFile.probe(file: folder + "/none/x.cif") }
            #expect(throws: WriteError.self) { try AtomicFile.probe(folder: "/proc/wyckoff/result") }
        }
    }

    /// /dev/full takes no bytes; it must not be replaced by a file either.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
    func aFullDeviceIsNamedAndStaysADevice() throws {
        let full = URL(fileURLWithPath: "/dev/full")
        let error = #expect(throws: WriteError.self) { try AtomicFile.write("x", to: full) }
        #expect(error?.description.contains("/dev/full: cannot be written: no space is left") == true)
        let type = try FileManager.default.attributesOfItem(atPath: "/dev/full")[.type] as? FileAttributeType
        #expect(type == .typeCharacterSpecial)
        try AtomicFile.write("x", to: URL(fileURLWithPath: "/dev/null"))
    }

    @Test func aLinkStaysALinkAndModesAreKept() throws {
        try withFolder { url in
            let folder = url.path
            let (file, link) = (folder + "/file", folder + "/link")
            try AtomicFile.write("one", to: URL(fileURLWithPath: file))
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
            try AtomicFile.write("two", to: URL(fileURLWithPath: link))
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "two")
            let linked = try FileManager.default.attributesOfItem(atPath: link)[.type] as? FileAttributeType
            #expect(linked == .typeSymbolicLink)
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o640)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
        }
    }

    @Test func aFolderIsMadeWithAllAboveIt() throws {
        try withFolder { folder in
            let made = try AtomicFile.directory(folder.path + "/a/b")
            try AtomicFile.write("x", to: made.appendingPathComponent("c"))
            try AtomicFile.write("x", to: folder.appendingPathComponent("file"))
            let error = #expect(throws: WriteError.self) {
                try AtomicFile.directory(folder.path + "/file/sub")
            }
            #expect(error?.reason == "part of the path is a file; name a folder")
        }
    }

    @Test func whatAReaderHasLeftIsNotWritten() throws {
        #expect("\(StandardOutput.Failure.closed)" == "standard output: its reader has gone")
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        StandardOutput.prepare()
        #expect(AtomicFile.put([1], to: pipe.fileHandleForWriting.fileDescriptor) == EPIPE)
    }
}
