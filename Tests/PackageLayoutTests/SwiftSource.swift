import Foundation

/// A Swift file of a target as far as the layout tests read it: relies on the formatter's indentation.
struct SwiftSource {
    /// Of the target.
    let folder: String
    let name: String
    /// With comments and texts.
    let text: String
    /// Without them, but with what texts interpolate; lines stay lines.
    let code: String

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every file below a folder of the package, `Sources/Design`.
    static func all(in folder: String) throws -> [SwiftSource] {
        let url = root.appendingPathComponent(folder)
        let files =
            FileManager.default.enumerator(at: url, includingPropertiesForKeys: nil)?.allObjects as? [URL]
        return try (files ?? []).filter { $0.pathExtension == "swift" }
            .sorted { $0.path < $1.path }.map { try SwiftSource($0, folder: folder) }
    }

    /// `Sources/Design` and its siblings.
    static func targets() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("Sources").path)
            .sorted().map { "Sources/" + $0 }
    }

    init(_ url: URL, folder: String) throws {
        self.folder = folder
        name = url.lastPathComponent
        text = try String(contentsOf: url, encoding: .utf8)
        var scanner = CodeScanner(text)
        code = scanner.code()
    }

    // MARK: What it declares

    static let kinds: Set<String> = ["struct", "class", "enum", "protocol", "actor", "typealias"]
    private static let modifiers: Set<String> = [
        "public", "package", "internal", "final", "indirect", "nonisolated", "private", "fileprivate",
    ]

    /// Types that other files may name, at the top (`Orbit`) or in another type (`Orbit.Part`), and the types it extends.
    func declarations() -> (types: Set<String>, extended: Set<String>) {
        var (types, extended): (Set<String>, Set<String>) = ([], [])
        var outer = ""
        for line in code.split(separator: "\n") {
            let indentation = line.prefix { $0 == " " }.count
            guard indentation == 0 || indentation == 4 else { continue }
            let words = line.split(whereSeparator: { " \t".contains($0) }).drop { $0.hasPrefix("@") }
            let rest = words.drop { Self.modifiers.contains(String($0)) }
            guard let kind = rest.first.map(String.init), rest.count > 1 else { continue }
            let name = String(rest[rest.startIndex + 1].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
            let isHidden = words.prefix(3).contains { $0 == "private" || $0 == "fileprivate" }
            if indentation == 4 {
                if Self.kinds.contains(kind), !isHidden { types.insert(outer + "." + name) }
            } else if kind == "extension" {
                outer = name
                extended.insert(name)
            } else if Self.kinds.contains(kind) {
                outer = name
                if !isHidden { types.insert(name) }
            }
        }
        return (types, extended)
    }

    /// Names that begin with a capital, with those after their points: `ReducedStructure.CoordinateIndex`.
    func namesUsed() -> Set<String> {
        var result: Set<String> = []
        var chain = ""
        var word = ""
        var followsPoint = false
        func isPart(_ c: Character) -> Bool { c.isLetter || c.isNumber || c == "_" }
        func endWord() {
            defer { word = "" }
            guard let first = word.first else { return }
            if followsPoint, !chain.isEmpty, first.isUppercase {
                chain += "." + word
            } else {
                if !chain.isEmpty { result.insert(chain) }
                chain = !followsPoint && first.isUppercase ? word : ""
            }
            followsPoint = false
        }
        for character in code {
            if isPart(character) {
                word.append(character)
                continue
            }
            endWord()
            if character == "." {
                followsPoint = true
            } else if !character.isWhitespace {
                if !chain.isEmpty { result.insert(chain) }
                (chain, followsPoint) = ("", false)
            }
        }
        endWord()
        if !chain.isEmpty { result.insert(chain) }
        return result
    }

    // MARK: What it documents

    /// Public declarations without a line of documentation before them, `line: text`. Requirements of the standard
    /// library's protocols say what they are by their names.
    func undocumented() -> [String] {
        let known = [
            "var description: String", "func hash(into", "static func ==", "static func ==", "func encode(to",
            "init(from decoder", "static func <", "var errorDescription", "var explanation: Explanation",
        ]
        var isDocumented = false
        var result: [String] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let body = line.drop { $0 == " " }
            if body.hasPrefix("///") {
                isDocumented = true
                continue
            }
            if body.hasPrefix("@"), !body.contains(" func "), !body.contains(" struct ") { continue }
            defer { isDocumented = false }
            let words = body.split(separator: " ").prefix(3)
            guard words.contains("public"), !words.contains("import"), !words.contains("extension"),
                !isDocumented, !known.contains(where: { body.contains($0) })
            else { continue }
            result.append("\(number + 1): \(body)")
        }
        return result
    }
}

/// Takes comments and texts out of Swift code.
private struct CodeScanner {
    private let bytes: [UInt8]
    private var place = 0
    private var result: [UInt8] = []

    init(_ text: String) { bytes = Array(text.utf8) }

    private func starts(_ text: StaticString) -> Bool {
        place + text.utf8CodeUnitCount <= bytes.count
            && text.withUTF8Buffer { buffer in buffer.enumerated().allSatisfy { bytes[place + $0] == $1 } }
    }

    mutating func code() -> String {
        copy(untilClosed: false)
        return String(decoding: result, as: UTF8.self)
    }

    /// - Parameter untilClosed: ends behind the parenthesis that closes an interpolation.
    private mutating func copy(untilClosed: Bool) {
        var depth = 0
        while place < bytes.count {
            if starts("//") {
                while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
            } else if starts("\"\"\"") {
                place += 3
                skipText(isBlock: true)
            } else if starts("\"") {
                place += 1
                skipText(isBlock: false)
            } else {
                if starts("(") { depth += 1 }
                if starts(")") {
                    if untilClosed, depth == 0 {
                        place += 1
                        return
                    }
                    depth -= 1
                }
                result.append(bytes[place])
                place += 1
            }
        }
    }

    private mutating func skipText(isBlock: Bool) {
        while place < bytes.count {
            if starts("\\(") {
                place += 2
                result.append(UInt8(ascii: " "))
                copy(untilClosed: true)
                result.append(UInt8(ascii: " "))
            } else if starts("\\") {
                place += 2
            } else if isBlock ? starts("\"\"\"") : (starts("\"") || starts("\n")) {
                if !starts("\n") { place += isBlock ? 3 : 1 }
                return
            } else {
                if starts("\n") { result.append(bytes[place]) }
                place += 1
            }
        }
    }
}
