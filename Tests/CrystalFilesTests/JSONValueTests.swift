import CrystalFiles
import Foundation
import NumericalMethods
import Testing

@Suite("JSON of structure files") struct JSONValueTests {
    /// A tree of all kinds of values.
    private static func tree(_ random: inout RandomStream, depth: Int) -> JSONValue {
        let letters = Array("aZ9 \"\\/\n\t\u{1}é漢😀")
        func text() -> String {
            String((0..<random.index(below: 8)).map { _ in letters[random.index(below: letters.count)] })
        }
        switch random.index(below: depth > 0 ? 6 : 4) {
        case 0: return .null
        case 1: return .bool(random.uniform() < 0.5)
        case 2: return .number(random.uniform(-1, 1) * pow(10, Double(random.index(below: 40) - 20)))
        case 3: return .string(text())
        case 4: return .array((0..<random.index(below: 5)).map { _ in tree(&random, depth: depth - 1) })
        default:
            return .object(
                JSONObject(
                    (0..<random.index(below: 14)).map {
                        .init(key: "\($0)" + text(), value: tree(&random, depth: depth - 1))
                    }))
        }
    }

    private static func parsed(_ text: String) throws -> JSONValue {
        try JSONValue(parsing: Array(text.utf8), file: "x.json")
    }

    /// What Foundation reads, told apart as this type does.
    private static func foundation(_ value: Any) -> JSONValue {
        switch value {
        case is NSNull: return .null
        case let list as [Any]: return .array(list.map(foundation))
        case let object as [String: Any]:
            return .object(
                JSONObject(object.keys.sorted().map { .init(key: $0, value: foundation(object[$0] ?? 0)) }))
        case let text as String: return .string(text)
        case let number as NSNumber:
            return CFGetTypeIDIsBoolean(number) ? .bool(number.boolValue) : .number(number.doubleValue)
        default: return .null
        }
    }

    private static func CFGetTypeIDIsBoolean(_ number: NSNumber) -> Bool {
        String(cString: number.objCType) == "c"
    }

    /// The same tree, members in any order; Foundation reads numbers to some last bits only.
    private static func isSame(_ a: JSONValue, _ b: JSONValue) -> Bool {
        switch (a, b) {
        case (.number(let x), .number(let y)): return abs(x - y) <= 1e-14 * abs(y)
        case (.array(let x), .array(let y)):
            return x.count == y.count && zip(x, y).allSatisfy { isSame($0, $1) }
        case (.object(let x), .object(let y)):
            return x.members.count == y.members.count
                && x.members.allSatisfy { member in
                    y[member.key].map { isSame(member.value, $0) } ?? false
                }
        default: return a == b
        }
    }

    @Test("what is written reads back the same, here and by Foundation")
    func roundTrip() throws {
        var random = RandomStream(seed: 11)
        for _ in 0..<200 {
            let tree = JSONValue.array([Self.tree(&random, depth: 4)])
            #expect(try Self.parsed(tree.text) == tree)
            let other = try JSONSerialization.jsonObject(with: Data(tree.text.utf8))
            let isSame = Self.isSame(Self.foundation(other), tree)
            #expect(isSame, "\(tree.text)")
        }
    }

    @Test("a member is found by its key, the first of two, in small objects and large ones")
    func members() {
        for count in [3, 8, 9, 200] {
            let members = (0..<count).map { JSONObject.Member(key: "\($0)", value: .number(Double($0))) }
            let object = JSONObject(members + [.init(key: "1", value: "other")])
            for k in 0..<count { #expect(object["\(k)"] == .number(Double(k))) }
            #expect(object["\(count)"] == nil)
        }
    }

    @Test("every text that is cut short is refused with the line where it ends")
    func cut() throws {
        let text = "{\"a\": [1, 2.5e3,\n \"x\\u00e9\", null],\n \"b\": {\"c\": true}}"
        _ = try Self.parsed(text)
        for count in 1..<text.count {
            let error = #expect(throws: CrystalFileError.self) { try Self.parsed(String(text.prefix(count))) }
            #expect(error?.line == text.prefix(count).count { $0 == "\n" } + 1, "\(count)")
        }
    }

    @Test("Python's NaN and Infinity are null; nesting without end is refused")
    func extremes() throws {
        #expect(try Self.parsed("[NaN, Infinity, -Infinity]") == [.null, .null, .null])
        let deep = String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)
        #expect(throws: CrystalFileError.self) { try Self.parsed(deep) }
    }

    @Test("a key that stands twice in an object is refused: nobody says which counts", arguments: [2, 20])
    func repeatedKeys(count: Int) throws {
        let members = (0..<count).map { "\"k\($0)\": \($0)" }.joined(separator: ", ")
        #expect(try Self.parsed("{\(members)}").object?.members.count == count)
        let error = #expect(throws: CrystalFileError.self) { try Self.parsed("[{\(members), \"k1\": 5}]") }
        #expect(error?.description.contains("\"k1\" stands twice") == true)
    }
}
