import Campaigns
import Foundation
import Testing

/// How a task names what it reads, and how what it reads is recognised. Reaches `CampaignTask`.
@Suite struct InputPathTests {
    private func inFolder<R>(_ body: (String) throws -> R) throws -> R {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "paths-\(UUID().uuidString)")
        for name in ["deep/er", "empty", ".hidden"] {
            try FileManager.default.createDirectory(
                at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
        }
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["b.cif", "a.cif", "deep/c.cif", "deep/er/d.cif", ".hidden/e.cif", ".f.cif"] {
            try Data(name.utf8).write(to: folder.appendingPathComponent(name))
        }
        return try body(folder.path)
    }

    @Test("a path loses its . and .., none of which leads above the root")
    func absolute() {
        #expect(InputPath.absolute("a/./b/../c", in: "/x/y") == "/x/y/a/c")
        #expect(InputPath.absolute("/a//b/", in: "/x") == "/a/b")
        #expect(InputPath.absolute("../../..", in: "/x/y") == "/")
        #expect(InputPath.absolute(".", in: "/x/y/") == "/x/y")
    }

    @Test("what lies below the base is relative to it, its neighbour of a like name and all else is absolute")
    func words() {
        let paths = InputPath(base: "/lab/set")
        #expect(paths.input("a.cif").word == "a.cif")
        #expect(paths.input("../set/deep/a.cif").word == "deep/a.cif")
        #expect(paths.input("../settled/a.cif").word == "/lab/settled/a.cif")
        #expect(paths.input("..").word == "/lab" && paths.input(".").word == "/lab/set")
        let other = paths.input("a.cif", relativeTo: "/lab/set/deep")
        #expect(other.word == "deep/a.cif" && other.source == "/lab/set/deep/a.cif")
    }

    @Test("two names of one file are the same, and a file that is not there is no other's")
    func same() throws {
        try inFolder { folder in
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link.cif", withDestinationPath: folder + "/a.cif")
            #expect(InputPath.isSame(folder + "/link.cif", folder + "/deep/../a.cif"))
            #expect(!InputPath.isSame(folder + "/a.cif", folder + "/b.cif"))
            #expect(!InputPath.isSame(folder + "/none", folder + "/none"))
        }
    }

    @Test(
        "a pattern stands for its files by name; a folder for what lies in it at any depth, hidden files left out"
    )
    func patterns() throws {
        try inFolder { folder in
            #expect(PathPattern.isPattern("a*.cif") && !PathPattern.isPattern("a.cif"))
            #expect(PathPattern.matches(folder + "/?.cif") == ["a.cif", "b.cif"].map { folder + "/" + $0 })
            #expect(PathPattern.matches(folder + "/z*").isEmpty)
            let all = ["a.cif", "b.cif", "deep/c.cif", "deep/er/d.cif"].map { folder + "/" + $0 }
            #expect(PathPattern.files(in: folder) == all)
            #expect(PathPattern.files(in: folder + "/empty").isEmpty)
        }
    }

    @Test("a digest follows the bytes of a file, and of a folder its names too; what is gone is refused")
    func digests() throws {
        try inFolder { folder in
            let (digests, paths) = (InputDigest(), InputPath(base: folder))
            let (file, deep) = (paths.input("a.cif"), paths.input("deep"))
            let (first, whole) = (try digests.digest(of: file), try digests.digest(of: deep))
            #expect(try digests.digest(of: file).sha256 == first.sha256)
            #expect(first.bytes == 5 && whole.bytes == 10 + 13)
            let place = URL(fileURLWithPath: folder)
            try Data("another".utf8).write(to: place.appendingPathComponent("a.cif"))
            #expect(try digests.digest(of: file).sha256 != first.sha256)
            try FileManager.default.moveItem(
                atPath: folder + "/deep/c.cif", toPath: folder + "/deep/x.cif")
            #expect(try digests.digest(of: deep).sha256 != whole.sha256)
            try FileManager.default.removeItem(atPath: folder + "/a.cif")
            #expect(throws: CampaignError.self) { try digests.digest(of: file) }
        }
    }
}
