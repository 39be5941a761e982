import Jobs
import Recovery
import Testing

@Suite("SolutionSchedule") struct SolutionScheduleTests {
    private static let settings = RecoverySettings.Solution()

    @Test(
        "every cell, batch and filling is gone through once before any is for the third time as likely ones are, and then no more"
    )
    func everything() throws {
        var schedule = SolutionSchedule([1, 0.5], Self.settings)
        var done: [Int: Int] = [:]
        var opened: [Int] = []
        while let (item, _) = schedule.next(isDeeper: true) {
            if item.work == nil {
                opened.append(item.start)
                schedule.add([0.8, 0.2], fillings: 2, of: item)
            } else {
                done[item.start, default: 0] += 1
            }
        }
        #expect(opened == [0, 1])
        #expect(done == [0: 4 * Self.settings.passes, 1: 4 * Self.settings.passes])
    }

    @Test("the likeliest comes first, a further pass counts for less than the one before it")
    func order() throws {
        var schedule = SolutionSchedule([1], Self.settings)
        let first = schedule.next(isDeeper: true)
        let cell = try #require(first)
        #expect(cell.share == 1)
        schedule.add([0.9, 0.4, 0.01], fillings: 1, of: cell.item)
        var taken: [SolutionSchedule.Work] = []
        for _ in 0..<4 {
            let next = schedule.next(isDeeper: true)
            taken.append(try #require(next?.item.work))
        }
        // 0.9, 0.4, 0.9/4, 0.4/4, and only then what has a hundredth.
        #expect(
            taken == [
                .init(batch: 0, filling: 0), .init(batch: 1, filling: 0),
                .init(batch: 0, filling: 0, pass: 1),
                .init(batch: 1, filling: 0, pass: 1),
            ])
    }

    @Test("where the pattern is explained there are no further passes")
    func explained() throws {
        var schedule = SolutionSchedule([1], Self.settings)
        let first = schedule.next(isDeeper: true)
        let cell = try #require(first)
        schedule.add([1], fillings: 1, of: cell.item)
        let second = schedule.next(isDeeper: true)
        #expect(second?.item.work?.pass == 0)
        let third = schedule.next(isDeeper: false)
        #expect(third == nil)
    }
}
