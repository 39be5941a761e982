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
