import Foundation
import Publishing
import Testing

@Suite struct ShellQuotingTests {
    /// What a shell takes back is what was given.
    @Test func aQuotedCommandComesBackWordByWord() throws {
        let words = [
            "P n m a", "my dir/é", "it's", "", "a\"b", "$HOME", "`id`", "x;y", "*", "1.5", "a=4:5", "~", "\\",
            "two\nlines", "--space-group",
        ]
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "printf '%s\\0' " + ShellQuoting.command(words)]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let parts = data.split(separator: 0, omittingEmptySubsequences: false).dropLast()
        #expect(parts.map { String(decoding: $0, as: UTF8.self) } == words)
    }

    @Test func plainWordsStayAsTheyAre() {
        #expect(
            ShellQuoting.command(["wyckoff", "recover", "--range", "15:120"])
                == "wyckoff recover --range 15:120")
    }
}
