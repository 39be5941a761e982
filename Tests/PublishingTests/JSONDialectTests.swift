import Foundation
import Publishing
import Testing

@Suite struct JSONDialectTests {
    private struct Numbers: Encodable {
        var a = Double.nan
        var b = -Double.infinity
        var c = [1.5, .infinity]
        var d = "nan"
    }

    @Test func whatIsNotFiniteIsNull() throws {
        let text = #"{"a":null,"b":null,"c":[1.5,null],"d":"nan"}"#
        #expect(try JSONDialect.line(Numbers()) == text)
        let pretty = try JSONDialect.indented(Numbers())
        #expect(pretty.contains("\"a\" : null"))
    }

    @Test("a text between quotes reads back, and ends no script element of a page")
    func quoted() throws {
        let text = "</script> \\ \"é\" <b>"
        let quoted = JSONDialect.quoted(text)
        #expect(!quoted.contains("<"))
        #expect(try JSONDecoder().decode([String].self, from: Data("[\(quoted)]".utf8)) == [text])
        #expect(JSONDialect.quoted("a\nb\u{1}") == "\"a b \"")
    }

    @Test("an array has null where a number is none")
    func array() {
        #expect(JSONDialect.array([1, .nan, 1234567.8]) == "[1,null,1.23457e+06]")
        #expect(JSONDialect.array([0.5], { "\($0)" }) == "[0.5]")
    }
}

@Suite("an optional with a key") struct ExplicitNullTests {
    private struct Row: Codable {
        @ExplicitNull var a: Double?
        @ExplicitNull var b: [String]?
        @ExplicitNull var c: Double?
    }

    @Test("nil is null and not a key that is left out; what is not finite is null too")
    func null() throws {
        #expect(try JSONDialect.line(Row(a: nil, b: ["x"], c: .nan)) == #"{"a":null,"b":["x"],"c":null}"#)
    }

    @Test("null and a key that is left out read as nil")
    func reading() throws {
        let row = try JSONDecoder().decode(Row.self, from: Data(#"{"a":null,"c":2}"#.utf8))
        #expect(row.a == nil && row.b == nil && row.c == 2)
    }
}
