import Jobs
import Reports
import Symmetry
import Testing

@Suite("a space group in JSON") struct SpaceGroupRowTests {
    @Test("it is an object of number, symbol, choice and Hall number", arguments: [1, 292, 526, 530])
    func shape(hallNumber: Int) throws {
        let group = try #require(SpaceGroup(hallNumber: hallNumber))
        let object = try Samples.object(SpaceGroupRow(group))
        #expect(Set(object.keys) == ["number", "symbol", "choice", "hallNumber"])
        #expect(object["number"] as? Int == group.number && object["symbol"] as? String == group.symbol)
        #expect(object["hallNumber"] as? Int == hallNumber && object["choice"] as? String == group.choice)
    }

    /// Whatever prints a group prints it in this shape, and no number is a word.
    @Test("every summary of a structure names its group in that one shape")
    func everywhere() throws {
        let (record, reduced) = (try Samples.record("pbso4"), try Samples.reduced("pbso4"))
        let structure = record.structure
        let job = SymmetrizationJob(record, file: "x", to: .found(tolerance: 0.01))
        let enforced = try job.run { _ in }
        let objects: [[String: Any]] = [
            try Samples.object(
                SymmetrySummary.found(in: structure, of: "x", tolerance: 0.01, withLadder: true)),
            try Samples.object(ParameterSummary(file: "x", reduced)),
            try Samples.object(
                SymmetrizationSummary(enforced, file: "x", output: "y")),
            try Samples.object(ShakeSummary(file: "x", output: "y", seed: 1, from: reduced, to: reduced)),
            try Samples.object(SpaceGroupReport(reduced.spaceGroup)),
        ]
        for object in objects {
            let groups = Samples.values(of: "spaceGroup", in: object)
            #expect(!groups.isEmpty)
            for group in groups {
                let keys = (group as? [String: Any]).map { Set($0.keys) }
                #expect(keys == ["number", "symbol", "choice", "hallNumber"])
            }
            #expect((object["spaceGroup"] as? [String: Any])?["number"] as? Int == 62)
            // Its parts under their older names.
            #expect(object["number"] as? Int == 62)
        }
    }
}
