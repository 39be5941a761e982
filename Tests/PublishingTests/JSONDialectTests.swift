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
}
