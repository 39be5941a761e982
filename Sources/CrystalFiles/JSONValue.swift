import Foundation

/// A JSON value (RFC 8259) whose parser keeps line numbers for its errors and takes `NaN` and `Infinity`,
/// which Python writes, as null.
package indirect enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    package typealias Member = JSONObject.Member

    static func object(_ members: [Member]) -> JSONValue { .object(JSONObject(members)) }

    package init(parsing bytes: [UInt8], file: String, firstLine: Int = 1) throws(CrystalFileError) {
        var parser = JSONParser(bytes: bytes, file: file, line: firstLine)
        self = try parser.document()
    }

    package subscript(key: String) -> JSONValue? {
        if case .object(let object) = self { object[key] } else { nil }
    }

    /// The first of these keys that is there and not null.
    func first(_ keys: String...) -> JSONValue? {
        for key in keys {
            if let value = self[key], value != .null { return value }
        }
        return nil
    }

    package var number: Double? {
        if case .number(let value) = self { value } else { nil }
    }

    var integer: Int? { number.flatMap { abs($0) < 1e15 ? Int(exactly: $0) : nil } }

    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    package var array: [JSONValue]? {
        if case .array(let values) = self { values } else { nil }
    }

    package var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    /// All numbers of a flat array; nil where one is not a number.
    var numbers: [Double]? {
        guard let array else { return nil }
        var result: [Double] = []
        result.reserveCapacity(array.count)
        for value in array {
            guard let number = value.number else { return nil }
            result.append(number)
        }
        return result
    }

    /// One line; numbers read back to the same bits.
    package var text: String {
        switch self {
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .number(let value):
            guard value.isFinite else { return "null" }
            return value == value.rounded() && abs(value) < 1e15 && !(value == 0 && value.sign == .minus)
                ? String(Int(value)) : "\(value)"
        case .string(let value): return Self.quoted(value)
        case .array(let values): return "[" + values.map(\.text).joined(separator: ", ") + "]"
        case .object(let object):
            return "{"
                + object.members.map { "\(Self.quoted($0.key)): \($0.value.text)" }.joined(separator: ", ")
                + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 {
                    result += String(format: "\\u%04x", scalar.value)
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}

/// The members of a JSON object in the file's order, found by key in a time that does not grow with their number.
package struct JSONObject: Sendable, Hashable {
    package struct Member: Sendable, Hashable {
        package var key: String
        package var value: JSONValue

        package init(key: String, value: JSONValue) { (self.key, self.value) = (key, value) }
    }

    package let members: [Member]
    /// Of the first member with the key; empty where a look through the few members is as fast.
    private let places: [String: Int]
    private static let fewMembers = 8

    package init(_ members: [Member]) {
        self.members = members
        let indexed = members.count > Self.fewMembers ? Array(members.enumerated()) : []
        places = Dictionary(indexed.map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// A key that more than one member has, of which RFC 8259 does not say which counts.
    var repeatedKey: String? {
        guard members.count > Self.fewMembers else {
            return members.indices.first { i in members[..<i].contains { $0.key == members[i].key } }
                .map { members[$0].key }
        }
        return members.indices.first { places[members[$0].key] != $0 }.map { members[$0].key }
    }

    package subscript(key: String) -> JSONValue? {
        guard members.count > Self.fewMembers else { return members.first { $0.key == key }?.value }
        return places[key].map { members[$0].value }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByIntegerLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(integerLiteral value: Int) { self = .number(Double(value)) }

    static func vector(_ v: SIMD3<Double>) -> JSONValue { .array([v.x, v.y, v.z].map { .number($0) }) }

    static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { Member(key: $0.key, value: $0.value) })
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    let file: String
    var line: Int
    var position = 0

    /// Deeper nesting is an attack on the stack, not a structure.
    static let maximumDepth = 128

    init(bytes: [UInt8], file: String, line: Int) {
        self.bytes = bytes
        self.file = file
        self.line = line
    }

    mutating func document() throws(CrystalFileError) -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        let value = try value(depth: 0)
        skipBlanks()
        guard position == bytes.count else { throw error("something follows the end of the value") }
        return value
    }

    private func error(_ problem: String) -> CrystalFileError {
        CrystalFileError(
            file: file, line: line, problem: "not valid JSON: \(problem)",
            remedy: "correct the syntax or write the file again")
    }

    private mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\n"): line += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
            default: return
            }
            position += 1
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func take(word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        for i in 0..<count where bytes[position + i] != word.utf8Start[i] { return false }
        position += count
        return true
    }

    private mutating func value(depth: Int) throws(CrystalFileError) -> JSONValue {
        guard depth < Self.maximumDepth else { throw error("nested too deeply") }
        skipBlanks()
        guard position < bytes.count else { throw error("it ends early") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        default: break
        }
        if take(word: "true") { return .bool(true) }
        if take(word: "false") { return .bool(false) }
        if take(word: "null") || take(word: "NaN") || take(word: "Infinity") || take(word: "-Infinity") {
            return .null
        }
        return .number(try number())
    }

    private mutating func object(depth: Int) throws(CrystalFileError) -> JSONValue {
        position += 1
        var members: [JSONValue.Member] = []
        skipBlanks()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipBlanks()
            guard position < bytes.count else { throw error("it ends early") }
            guard bytes[position] == UInt8(ascii: "\"") else { throw error("a key in quotes is expected") }
            let key = try string()
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw error("\":\" is expected") }
            members.append(.init(key: key, value: try value(depth: depth + 1)))
            skipBlanks()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw error("\",\" or \"}\" is expected") }
            let object = JSONObject(members)
            if let key = object.repeatedKey { throw error("the key \"\(key)\" stands twice in one object") }
            return .object(object)
        }
    }

    private mutating func array(depth: Int) throws(CrystalFileError) -> JSONValue {
        position += 1
        var values: [JSONValue] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return .array(values) }
        while true {
            values.append(try value(depth: depth + 1))
            skipBlanks()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "]")) else { throw error("\",\" or \"]\" is expected") }
            return .array(values)
        }
    }

    private mutating func number() throws(CrystalFileError) -> Double {
        let start = position
        while position < bytes.count, "+-.0123456789eE".utf8.contains(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = TextNumber.double(text) else {
            throw error(text.isEmpty ? "a value is expected" : "\"\(text)\" is not a finite number")
        }
        return value
    }

    private mutating func string() throws(CrystalFileError) -> String {
        position += 1
        var result: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: result, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &result)
            case UInt8(ascii: "\n"): throw error("a string is not closed")
            default: result.append(byte)
            }
        }
        throw error("a string is not closed")
    }

    private mutating func escape(into result: inout [UInt8]) throws(CrystalFileError) {
        guard position < bytes.count else { throw error("a string is not closed") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "n"): result.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "t"): result.append(UInt8(ascii: "\t"))
        case UInt8(ascii: "r"): result.append(UInt8(ascii: "\r"))
        case UInt8(ascii: "b"): result.append(8)
        case UInt8(ascii: "f"): result.append(12)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code), take(word: "\\u") {
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw error("half a character") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            result += Array(String(Character(Unicode.Scalar(code) ?? "\u{FFFD}")).utf8)
        default: throw error("an unknown escape in a string")
        }
    }

    private mutating func hexadecimal() throws(CrystalFileError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let code = UInt32(String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16)
        else { throw error("four hexadecimal digits are expected") }
        position += 4
        return code
    }
}
