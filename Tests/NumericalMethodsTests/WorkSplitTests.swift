import NumericalMethods
import Testing

@Suite("Shared work") struct WorkSplitTests {
    @Test("parts cover every item once, in order", arguments: [0, 1, 7, 8, 1199])
    func ranges(count: Int) {
        let split = WorkSplit(threads: 2, nanoseconds: 1e9)
        #expect((0..<split.parts).flatMap { split.range($0, of: count) } == Array(0..<count))
    }

    @Test("every part is done once, on any number of threads", arguments: [1, 2, 3, 8])
    func parts(threads: Int) {
        let split = WorkSplit(threads: threads, nanoseconds: 1e9)
        let done = UnsafeMutablePointer<Int>.allocate(capacity: split.parts)
        defer { done.deallocate() }
        done.initialize(repeating: 0, count: split.parts)
        split.forEach { done[$0] += 1 }
        #expect((0..<split.parts).allSatisfy { done[$0] == 1 })
    }

    @Test("the parts depend on the work, not on the threads; little work is one part")
    func independence() {
        for nanoseconds in [1e3, 1e5, 1e9] {
            let parts = Set((1...4).map { WorkSplit(threads: $0, nanoseconds: nanoseconds).parts })
            #expect(parts.count == 1)
        }
        #expect(WorkSplit(threads: 2, nanoseconds: 1e3).threads == 1)
    }
}
