import Campaigns
import Dispatch
import Testing

@Suite struct LockedTableTests {
    @Test("what many threads write at the same time is all there")
    func threads() {
        let table = LockedTable<Int, Int>()
        DispatchQueue.concurrentPerform(iterations: 1000) { table[$0] = 2 * $0 }
        #expect((0..<1000).allSatisfy { table[$0] == 2 * $0 })
        table[3] = nil
        #expect(table[3] == nil && table[1000] == nil)
    }
}
