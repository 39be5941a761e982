import Foundation
import Testing

/// The code of README.md and of the articles is compiled as a stranger's code: outside of the package, so that what is not
/// public is not seen.
@Suite("Code in README and articles")
struct ArticleTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let catalogue = root.appendingPathComponent("Sources/Wyckoff/Wyckoff.docc")

    /// The blocks of Swift in a text, one program each.
    private static func programs(in url: URL) throws -> [String] {
        let text = try String(contentsOf: url, encoding: .utf8)
        return text.components(separatedBy: "```swift\n").dropFirst().compactMap {
            $0.components(separatedBy: "\n```").first
        }
    }

    private static let texts: [String] = {
        let articles = try? FileManager.default.contentsOfDirectory(atPath: catalogue.path)
        let pages = (articles ?? []).filter { $0.hasSuffix(".md") }.sorted()
        return ["README.md"] + pages.map { "Sources/Wyckoff/Wyckoff.docc/\($0)" }
    }()

    @Test("every article of the issue's list stands in the catalogue")
    func articles() {
        let names = Set(Self.texts.map { URL(fileURLWithPath: $0).lastPathComponent })
        for wanted in [
            "Getting-started", "Reduce-a-structure", "Calculate-a-pattern", "Refine", "Recover",
            "Scan-a-landscape", "Relax", "Design", "Conventions", "Errors", "How-the-house-is-built",
        ] { #expect(names.contains("\(wanted).md")) }
    }

    @Test("a stranger's program compiles", arguments: texts)
    func compiles(text: String) throws {
        for program in try Self.programs(in: Self.root.appendingPathComponent(text)) {
            let messages = try Self.messages(compiling: program)
            #expect(messages.isEmpty, "\(text):\n\(messages)")
        }
    }

    @Test("what is not public is refused to a stranger")
    func refusesWhatIsNotPublic() throws {
        let messages = try Self.messages(compiling: "import Wyckoff\nlet x = thereIsNoSuchThing()\n")
        #expect(messages.contains("error:"))
    }

    /// What the compiler says; empty where it is content.
    private static func messages(compiling program: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("main.swift")
        try program.write(to: file, atomically: true, encoding: .utf8)
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let products = try #require(CommandRun.binary).deletingLastPathComponent()
        let modules = products.appendingPathComponent("Modules").path
        let headers = "-I\(root.path)/Sources/CStructureFactors"
        process.arguments =
            ["swiftc", "-typecheck", "-swift-version", "6", "-I", modules, "-Xcc", headers]
            + moduleMaps(products) + [file.path]
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: output, as: UTF8.self)
        return process.terminationStatus == 0 ? "" : text.isEmpty ? "error: swiftc failed" : text
    }

    /// One map for each C module that the libraries rest on.
    private static func moduleMaps(_ products: URL) -> [String] {
        var seen: Set<String> = []
        var arguments: [String] = []
        for folder in ["Sources", "Data", "SpaceGroups"].map(root.appendingPathComponent) + [products] {
            let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
            for case let url as URL in files ?? .init() where url.lastPathComponent == "module.modulemap" {
                guard let text = try? String(contentsOf: url, encoding: .utf8),
                    let name = text.firstMatch(of: /module (\w+)/)?.output.1,
                    seen.insert(String(name)).inserted
                else { continue }
                arguments += ["-Xcc", "-fmodule-map-file=\(url.path)"]
            }
        }
        return arguments
    }
}
