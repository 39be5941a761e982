import Campaigns
import Testing

@Suite struct CompactJSONTests {
    @Test("Values come out one a line, to the last digit as they were printed")
    func values() {
        let text = "{\n  \"a\" : 0.10000000000000001,\n  \"b c\" : \"x \\\" { y\"\n}\n{\"d\":[1, 2e-300]}\n"
        #expect(
            CompactJSON.values(in: Array(text.utf8)) == [
                "{\"a\":0.10000000000000001,\"b c\":\"x \\\" { y\"}", "{\"d\":[1,2e-300]}",
            ])
        #expect(CompactJSON.values(in: []) == [])
    }

    @Test("What is no row of objects is none", arguments: ["solved", "{\"a\":1", "}", "{} word", "\"text\""])
    func others(text: String) { #expect(CompactJSON.values(in: Array(text.utf8)) == nil) }

    @Test("Numbers, truths and texts have their keys; lists, nulls and what lies deeper are left out")
    func scalars() {
        let value =
            "{\"n\":-1.5e3,\"list\":[{\"x\":1}],\"none\":null,\"o\":{\"p\":true,\"q\":{\"r\":1}},\"t\":\"a\\u00c5\\\"b\"}"
        let found = CompactJSON.scalars(of: value)
        #expect(found.map(\.key) == ["n", "o.p", "t"])
        #expect(found.map(\.text) == ["-1.5e3", "true", "aÅ\"b"])
    }
}
