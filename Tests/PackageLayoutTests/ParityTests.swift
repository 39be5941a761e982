import Foundation
import Testing

/// A concept without a test that names it is tested by nobody who would miss it.
@Suite struct ParityTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardizedFileURL
    /// Targets whose concepts are seen from outside: through the command, its output and the benchmarks, and, of the C interface, by
    /// Python's tests (`make test` runs them).
    private static let fromOutside: Set<String> = [
        "WyckoffCommand", "Reports", "WyckoffInterface", "Benchmarks", "Wyckoff", "SpaceGroupTablesGenerator",
    ]

    private static func swiftFiles(in folder: String) throws -> [URL] {
        let place = root.appending(path: folder)
        let names = try FileManager.default.subpathsOfDirectory(atPath: place.path)
        return names.filter { $0.hasSuffix(".swift") }.sorted().map { place.appending(path: $0) }
    }

    private static func words(of text: String) throws -> Set<Substring> {
        Set(text.split { !$0.isLetter && !$0.isNumber && $0 != "_" })
    }

    @Test(
        "every concept file of the libraries is named by a test: its type, its function, or the suite that reaches it"
    )
    func everyConceptIsNamed() throws {
        var named: Set<Substring> = []
        let tests = try Self.swiftFiles(in: "Tests").map { try String(contentsOf: $0, encoding: .utf8) }
        for text in tests { named.formUnion(try Self.words(of: text)) }
        let type = try Regex(
            #"(?m)^(?:(?:public|package|final|indirect) )*(?:struct|enum|class|protocol|actor|typealias) (\w+)"#
        )
        // Of files that only extend types of others: what they add.
        let member = try Regex(
            #"(?m)^(?:    )?(?:(?:public|package|static|mutating|indirect|final) )*(?:struct|enum|func|typealias|var|let) (\w+)"#
        )
        var unnamed: [String] = []
        for file in try Self.swiftFiles(in: "Sources") {
            let path = file.path.dropFirst(Self.root.appending(path: "Sources").path.count + 1)
            guard let target = path.split(separator: "/").first, !Self.fromOutside.contains(String(target))
            else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            let stem = file.deletingPathExtension().lastPathComponent
            let types = text.matches(of: type).compactMap { $0.output[1].substring }
            let members = types.isEmpty ? text.matches(of: member).compactMap { $0.output[1].substring } : []
            let own = types + members + [Substring(stem)]
            let isNamed = own.contains { named.contains($0) || named.contains("\($0)Tests") }
            if !isNamed { unnamed.append(String(path)) }
        }
        #expect(unnamed.isEmpty, "no test names \(unnamed.joined(separator: ", "))")
    }
}
