import Foundation
import Testing

@Suite("standard streams", .enabled(if: CommandRun.binary != nil, "build the product wyckoff first"))
struct StandardStreamTests {
    private let structure = CommandRun.data("structures/pbso4.cif")

    @Test("convert writes to standard output where - stands, in the format that is named")
    func converts() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(["convert", structure, "-", "--format", "vasp"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let unnamed = try CommandRun(["convert", structure, "-"], in: folder)
            #expect(unnamed.status == 2 && unnamed.errors.contains("--format"))
            let unknown = try CommandRun(["convert", structure, "x.cif", "--format", "pdb"], in: folder)
            #expect(unknown.status == 2 && unknown.errors.contains("pdb"))
        }
    }

    @Test("a structure or a profile that goes to standard output stands there alone, and is read again")
    func streamed() throws {
        try CommandRun.inFolder { folder in
            for (words, reader) in [
                (["distort", structure, "--seed", "2"], ["symmetry"]), (["shake", structure], ["symmetry"]),
                (["symmetrize", structure], ["symmetry"]),
                (["pattern", structure, "--range", "20:40:0.05"], ["compare", structure]),
            ] {
                let run = try CommandRun(words + ["-o", "-"], in: folder)
                #expect(run.status == 0, "\(run.errors)")
                let name = reader[0] == "symmetry" ? "read.cif" : "read.xye"
                try Data(run.output.utf8).write(to: folder.appending(path: name))
                let read = try CommandRun(reader + [name], in: folder)
                #expect(read.status == 0 && read.errors.isEmpty, "\(words[0]): \(read.errors)")
            }
        }
    }

    @Test("what a shell's <( ) hands over is read like a file, structures and patterns")
    func substituted() throws {
        try CommandRun.inFolder { folder in
            try FileManager.default.copyItem(
                atPath: structure, toPath: folder.appending(path: "s.cif").path)
            let run = try OutputTests.shell(
                "w symmetry <(cat s.cif) > group && w compare <(w pattern s.cif -o -) <(cat s.cif) > likeness",
                in: folder)
            #expect(run.status == 0, "\(run.errors)")
            func text(_ name: String) throws -> String {
                try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            }
            #expect(try text("group").contains("P n m a (62)"))
            #expect(try text("likeness").contains(/cosine +1.0000/))
        }
    }

    @Test(
        "a result that goes to standard output ends with its reader, without a word",
        arguments: ["pattern s.cif -o -", "distort s.cif -o -", "convert s.cif - --format cif"])
    func readerGone(words: String) throws {
        try CommandRun.inFolder { folder in
            try FileManager.default.copyItem(
                atPath: structure, toPath: folder.appending(path: "s.cif").path)
            // The reader has closed before anything is written.
            let run = try OutputTests.shell(
                "w \(words) > >(exec <&-; sleep 1); echo status $? >&2", in: folder)
            #expect(!run.errors.contains("cannot be written"), "\(run.errors)")
        }
    }

    @Test("the summary of convert does not mix with the structure on standard output")
    func convertedJSON() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(["convert", structure, "-", "--format", "cif", "--json"], in: folder)
            #expect(run.status == 0 && run.errors.contains("\"structures\":1"), "\(run.errors)")
            #expect(!run.output.contains("\"structures\""))
        }
    }

    @Test("counting noise: whole numbers, the same for the same seed")
    func noise() throws {
        try CommandRun.inFolder { folder in
            func counts(_ seed: String, _ name: String) throws -> [Double] {
                let run = try CommandRun(
                    [
                        "pattern", structure, "--range", "20:30:0.05", "--noise", "1000", "--background",
                        "40",
                        "--seed", seed, "-o", name,
                    ], in: folder)
                #expect(run.status == 0, "\(run.errors)")
                return try String(contentsOf: folder.appending(path: name), encoding: .utf8)
                    .split(separator: "\n").filter { !$0.hasPrefix("#") }
                    .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
            }
            let (first, again, other) = (
                try counts("1", "a.xy"), try counts("1", "b.xy"), try counts("2", "c.xy")
            )
            #expect(first.count == 201 && first == again && first != other)
            #expect(first.allSatisfy { $0 == $0.rounded() && $0 >= 0 })
            let lonely = try CommandRun(["pattern", structure, "--noise", "1000"], in: folder)
            #expect(lonely.status == 2 && lonely.errors.contains("--noise"))
        }
    }
}
