import CrystalFiles
import Foundation
import Reports
import Testing
import Validation

@Suite("what validate prints of a record") struct ValidationRowTests {
    @Test("every key is in every object, null where nothing is known")
    func keys() throws {
        let good = try RecordValidation().judged(CrystalRecord(Samples.copper()))
        var bad = good
        (bad.spaceGroup, bad.density, bad.closestPair, bad.name) = (nil, nil, nil, nil)
        let (first, second) = (
            try Samples.object(ValidationRow(good)), try Samples.object(ValidationRow(bad))
        )
        #expect(Set(first.keys) == Set(second.keys))
        #expect(second["spaceGroup"] is NSNull && second["density"] is NSNull)
        let group = try #require(first["spaceGroup"] as? [String: Any])
        #expect(group["number"] as? Int == 225 && group["symbol"] as? String == "F m -3 m")
        #expect(first["number"] as? Int == 225)
    }

    @Test("the line says whether it passes, and its group")
    func text() throws {
        let row = try ValidationRow(RecordValidation(expected: 225).judged(CrystalRecord(Samples.copper())))
        #expect(row.text.contains("record 1: F m -3 m (225)"))
        #expect(row.text.hasPrefix(row.passed ? "pass" : "FAIL"))
    }

    @Test("the totals stand under one key, and their text counts them")
    func totals() throws {
        var summary = SetValidation.Summary()
        (summary.records, summary.passed, summary.groups) = (3, 3, [225: 2, 62: 1])
        let totals = ValidationTotals(summary)
        let counts = try #require(try Samples.object(totals)["summary"] as? [String: Any])
        #expect(counts["records"] as? Int == 3)
        #expect((counts["groups"] as? [String: Int])?["225"] == 2)
        #expect(totals.text.contains("3 records, 3 pass, 0 fail"))
        #expect(totals.text.contains("2 space groups, most often 225 (2), 62 (1)"))
    }
}
