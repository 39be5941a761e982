import CrystalFiles
import Foundation
import Testing
import Validation

/// Records of kinds that once passed though they are no crystals, each with what is wrong.
@Suite("Records that must not pass") struct KnownFaultTests {
    private func judged(_ line: String) throws -> ValidatedRecord {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).jsonl")
        try line.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        var records = try CrystalRecordStream(path: file.path).makeIterator()
        let first = records.next()
        return RecordValidation().validate(try #require(first))
    }

    private func pair(edge: Double, second: String, extra: String = "") -> String {
        "{\"lattice\":{\"matrix\":[[\(edge),0,0],[0,\(edge),0],[0,0,\(edge)]]},\"sites\":["
            + "{\"species\":[{\"element\":\"Cs\",\"occu\":1}],\"abc\":[0,0,0]},"
            + "{\"species\":[{\"element\":\"Cl\",\"occu\":1}],\(second)}]\(extra)}"
    }

    private func failing(_ record: ValidatedRecord) -> Set<String> {
        Set(record.clauses.filter { $0.outcome == .fails }.map(\.name))
    }

    @Test("caesium chloride itself passes")
    func sound() throws {
        #expect(try judged(pair(edge: 4.12, second: "\"abc\":[0.5,0.5,0.5]")).passed)
    }

    @Test("two atoms in a cell of 500 Å fail by density and by the empty cell")
    func emptyCell() throws {
        let record = try judged(pair(edge: 500, second: "\"abc\":[0.5,0.5,0.5]"))
        #expect(failing(record) == ["density", "cell"])
    }

    @Test("two atoms on one place fail, and their distance is 0")
    func onePlace() throws {
        let record = try judged(pair(edge: 4.12, second: "\"abc\":[1,0,0]"))
        #expect(failing(record).isSuperset(of: ["contacts", "symmetry"]))
        #expect(record.closestDistance == 0)
    }

    @Test("coordinates that are no numbers beside good ones are not read", arguments: ["null", "NaN"])
    func noNumbers(word: String) throws {
        let second = "\"abc\":[\(word),0.5,0.5],\"xyz\":[2.06,2.06,2.06]"
        #expect(failing(try judged(pair(edge: 4.12, second: second))) == ["readable"])
    }

    @Test("coordinates that contradict each other are not read")
    func contradiction() throws {
        let second = "\"abc\":[0.5,0.5,0.5],\"xyz\":[0.4,2.06,2.06]"
        #expect(failing(try judged(pair(edge: 4.12, second: second))) == ["readable"])
    }

    @Test("a claim that the atoms do not keep fails by its symmetry alone")
    func wrongClaim() throws {
        let second = "\"abc\":[0.5,0.5,0.5]"
        let wrong = try judged(pair(edge: 4.12, second: second, extra: ",\"spacegroup.number\":225"))
        #expect(failing(wrong) == ["symmetry"])
        #expect(try judged(pair(edge: 4.12, second: second, extra: ",\"spacegroup.number\":221")).passed)
    }

    @Test("a flat cell, an unknown element, too many occupants, a record that is cut off")
    func damaged() throws {
        let flat = pair(edge: 4.12, second: "\"abc\":[0.5,0.5,0.5]")
            .replacingOccurrences(of: "[0,0,4.12]", with: "[0,4.12,0]")
        let unknown = pair(edge: 4.12, second: "\"abc\":[0.5,0.5,0.5]")
            .replacingOccurrences(of: "\"Cl\"", with: "\"Qq\"")
        let crowded = pair(edge: 4.12, second: "\"abc\":[0.5,0.5,0.5]")
            .replacingOccurrences(of: "\"occu\":1}]", with: "\"occu\":1.7}]")
        let cut = String(pair(edge: 4.12, second: "\"abc\":[0.5,0.5,0.5]").dropLast(40))
        for line in [flat, unknown, crowded, cut] {
            #expect(failing(try judged(line)) == ["readable"])
        }
    }
}
