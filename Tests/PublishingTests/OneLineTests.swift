import Publishing
import Testing

@Suite("Text on one line") struct OneLineTests {
    @Test("every kind of break becomes a blank, a carriage return with its line feed one")
    func breaks() {
        #expect("a\nb\r\nc\rd\u{2028}e".onOneLine == "a b c d e")
        #expect("plain".onOneLine == "plain")
    }
}

@Suite("ReleaseVersion") struct ReleaseVersionTests {
    @Test("the version is one that semver.org knows") func form() throws {
        let form = try Regex(#"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$"#)
        #expect(ReleaseVersion.text.wholeMatch(of: form) != nil)
    }
}
