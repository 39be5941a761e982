import Campaigns
import Foundation
import Testing

/// Reaches `ManifestRow`, `TaskWords`, `CommonOptions`.
@Suite struct ManifestReadingTests {
    private static let grammars: [CarriedCommand: CommandGrammar] = [
        .recover: CommandGrammar(
            options: [
                .init(names: ["pattern"], isFlag: false, isRepeating: true),
                .init(names: ["start"], isFlag: false, isRepeating: true),
                .init(names: ["seed"], isFlag: false, isRepeating: false),
                .init(names: ["output", "o"], isFlag: false, isRepeating: false),
                .init(names: ["json"], isFlag: true, isRepeating: false),
            ], defaults: ["seed": "1"]),
        .refine: CommandGrammar(options: [
            .init(names: ["with"], isFlag: false, isRepeating: true),
            .init(names: ["zero"], isFlag: false, isRepeating: false),
            .init(names: ["no-dispersion"], isFlag: true, isRepeating: false),
        ]),
    ]

    private func inFolder<R>(_ body: (String) throws -> R) throws -> R {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "manifest-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["p.xy", "q.xy", "a.cif", "b.cif"] {
            try Data(name.utf8).write(to: folder.appendingPathComponent(name))
        }
        return try body(folder.path)
    }

    private func read(_ text: String, in folder: String, common: [String] = []) throws -> CampaignManifest {
        let table = folder + "/tasks.csv"
        try Data(text.utf8).write(to: URL(fileURLWithPath: table))
        return try ManifestReading(grammars: Self.grammars, common: common, check: { _, _ in }).read([table])
    }

    @Test("A column twice gives an option twice; what is missing gets its place, its form and its seed")
    func repeated() throws {
        try inFolder { folder in
            let text = "command,pattern,start,start,seed\nrecover,p.xy,a.cif,b.cif,\nrecover,q.xy,a.cif,,7\n"
            let tasks = try read(text, in: folder).tasks
            let first = "recover --pattern p.xy --start a.cif --start b.cif --output result --json"
            #expect(tasks[0].words == first.split(separator: " ").map(String.init))
            #expect(tasks.map(\.seed) == ["1", "7"])
            #expect(tasks[0].inputs.map(\.word) == ["p.xy", "a.cif", "b.cif"])
            #expect(tasks[0].inputs.map(\.source) == ["p.xy", "a.cif", "b.cif"].map { folder + "/" + $0 })
        }
    }

    @Test(
        "Patterns come before files, flags have no value, values that begin with a dash stay with their option"
    )
    func forms() throws {
        try inFolder { folder in
            let text =
                "command,file,pattern,zero,no-dispersion,with\nrefine,a.cif,p.xy,-0.02,true,q.xy --radiation neutron\n"
            let task = try #require(try read(text, in: folder).tasks.first)
            #expect(
                task.words == [
                    "refine", "p.xy", "a.cif", "--zero=-0.02", "--no-dispersion", "--with",
                    "q.xy --radiation neutron",
                ])
            #expect(task.seed == nil && task.inputs.map(\.word) == ["a.cif", "p.xy", "q.xy"])
        }
    }

    @Test("A row's own option goes before the one for all tasks, which goes only where it is known")
    func common() throws {
        try inFolder { folder in
            let text =
                "command,pattern,start,file,seed\nrecover,p.xy,a.cif,,7\nrecover,p.xy,a.cif,,\nrefine,p.xy,,a.cif,\n"
            let tasks = try read(text, in: folder, common: ["--seed", "9", "--zero=0.1"]).tasks
            #expect(tasks.map(\.seed) == ["7", "9", nil])
            #expect(tasks[2].words == ["refine", "p.xy", "a.cif", "--zero", "0.1"])
        }
    }

    @Test("A campaign is the same one wherever its folder stands, and another one with any other word")
    func identity() throws {
        let text = "command,pattern,start,seed\nrecover,p.xy,a.cif,\n"
        let here = try inFolder { try read(text, in: $0).identity }
        let there = try inFolder { try read(text, in: $0).identity }
        let other = try inFolder { try read(text, in: $0, common: ["--seed", "2"]).identity }
        #expect(here == there && here != other)
    }

    @Test("What lies outside of the table's folder is named by its absolute path")
    func outside() throws {
        try inFolder { folder in
            let inner = folder + "/inner"
            try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
            let task = try #require(
                try read("command,pattern,start\nrecover,../p.xy,\(folder)/a.cif\n", in: inner).tasks.first)
            #expect(
                task.words.prefix(5) == [
                    "recover", "--pattern", folder + "/p.xy", "--start", folder + "/a.cif",
                ])
        }
    }
}
