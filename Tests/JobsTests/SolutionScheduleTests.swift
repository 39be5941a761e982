import Jobs
import Recovery
import Testing

@Suite("SolutionSchedule") struct SolutionScheduleTests {
    private static let settings = RecoverySettings.Solution()

    @Test("every cell, batch and filling is gone through in every pass, simple ways once")
    func everything() throws {
        var schedule = SolutionSchedule([1, 0.5], simple: [0], Self.settings)
        var done: [Int: Int] = [:]
        var opened: [Int] = []
        var simple: [Int] = []
        while let (item, _) = schedule.next(isDeeper: true) {
            switch item.work {
            case .simple: simple.append(item.start)
            case .cell:
                opened.append(item.start)
                schedule.add([0.8, 0.2], fillings: 2, of: item)
            case .whole: done[item.start, default: 0] += 1
            }
        }
        #expect(simple == [0] && opened == [0, 1])
        #expect(done == [0: 4 * Self.settings.passes, 1: 4 * Self.settings.passes])
    }

    @Test("the likeliest comes first, a further pass counts for less than the one before it")
    func order() throws {
        var schedule = SolutionSchedule([1], simple: [], Self.settings)
        let first = schedule.next(isDeeper: true)
        let cell = try #require(first)
        #expect(cell.share == 1)
        schedule.add([0.9, 0.4, 0.001], fillings: 1, of: cell.item)
        var taken: [SolutionSchedule.Work] = []
        for _ in 0..<4 {
            let next = schedule.next(isDeeper: true)
            taken.append(try #require(next?.item.work))
        }
        // 0.9, 0.4, 0.045, 0.02, and only then what has a thousandth.
        #expect(
            taken == [
                .whole(batch: 0, filling: 0, pass: 0), .whole(batch: 1, filling: 0, pass: 0),
                .whole(batch: 0, filling: 0, pass: 1), .whole(batch: 1, filling: 0, pass: 1),
            ])
    }

    @Test("a likely cell is gone through before an unlikely one's simple ways, and not before a likely one's")
    func simple() throws {
        for (weight, isFirst) in [(0.5, true), (0.0001, false)] {
            var schedule = SolutionSchedule([1, weight], simple: [0, 1], Self.settings)
            let first = schedule.next(isDeeper: true)
            #expect(first?.item.work == .simple && first?.item.start == 0)
            let second = schedule.next(isDeeper: true)
            #expect((second?.item.work == .simple) == isFirst)
        }
    }

    @Test("where the pattern is explained there are no further passes")
    func explained() throws {
        var schedule = SolutionSchedule([1], simple: [], Self.settings)
        let first = schedule.next(isDeeper: true)
        let cell = try #require(first)
        schedule.add([1], fillings: 1, of: cell.item)
        let second = schedule.next(isDeeper: true)
        #expect(second?.item.work == .whole(batch: 0, filling: 0, pass: 0))
        let third = schedule.next(isDeeper: false)
        #expect(third == nil)
    }
}
