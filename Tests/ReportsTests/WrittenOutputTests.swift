import Foundation
import Testing

import Reports

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

@Suite struct JSONLineTests {
    private struct Numbers: Encodable {
        var a = Double.nan
        var b = -Double.infinity
        var c = [1.5, .infinity]
        var d = "nan"
    }

    @Test func whatIsNotFiniteIsNull() throws {
        let text = #"{"a":null,"b":null,"c":[1.5,null],"d":"nan"}"#
        #expect(try JSONLine.text(Numbers()) == text)
        let pretty = try JSONLine.text(Numbers(), isPretty: true)
        #expect(pretty.contains("\"a\" : null"))
    }

    /// All the work was done: a number that is none must not take it away.
    @Test func aRecoveryWithoutAFiniteRwpIsWritten() throws {
        var summary = try RecoveryReportTests.report().summary
        summary.rBragg = .nan
        #expect(try summary.json().contains("\"rBragg\" : null"))
    }
}

@Suite struct OutputProbeTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "probe-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    @Test func aProbeLeavesNothing() throws {
        try withFolder { folder in
            try AtomicFile.probe(folder: folder + "/a/b/c")
            try AtomicFile.probe(folder: folder)
            try AtomicFile.probe(folder: folder + "//d//")
            try AtomicFile.probe(file: folder + "/x.cif")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test func whatCannotBeWrittenIsFound() throws {
        try withFolder { folder in
            try AtomicFile.write("x", to: URL(fileURLWithPath: folder + "/file"))
            #expect(throws: ReportError.self) { try AtomicFile.probe(folder: folder + "/file") }
            #expect(throws: ReportError.self) { try AtomicFile.probe(folder: folder + "/file/sub") }
            #expect(throws: ReportError.self) { try AtomicFile.probe(file: folder) }
            #expect(throws: ReportError.self) { try AtomicFile.probe(file: folder + "/none/x.cif") }
            #expect(throws: ReportError.self) { try AtomicFile.probe(folder: "/proc/wyckoff/result") }
        }
    }

    /// /dev/full takes no bytes; it must not be replaced by a file either.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
    func aFullDeviceIsNamedAndStaysADevice() throws {
        let full = URL(fileURLWithPath: "/dev/full")
        let error = #expect(throws: ReportError.self) { try AtomicFile.write("x", to: full) }
        #expect(error?.description.contains("/dev/full: cannot be written: no space is left") == true)
        let type = try FileManager.default.attributesOfItem(atPath: "/dev/full")[.type] as? FileAttributeType
        #expect(type == .typeCharacterSpecial)
        try AtomicFile.write("x", to: URL(fileURLWithPath: "/dev/null"))
    }

    @Test func aLinkStaysALinkAndModesAreKept() throws {
        try withFolder { folder in
            let (file, link) = (folder + "/file", folder + "/link")
            try AtomicFile.write("one", to: URL(fileURLWithPath: file))
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
            try AtomicFile.write("two", to: URL(fileURLWithPath: link))
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "two")
            let linked = try FileManager.default.attributesOfItem(atPath: link)[.type] as? FileAttributeType
            #expect(linked == .typeSymbolicLink)
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o640)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
        }
    }
}
