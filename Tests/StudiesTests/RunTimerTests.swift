import Foundation
import Studies
import Synchronization
import Testing

@Suite struct RunTimerTests {
    /// Keeps a processor busy until it is told to stop, for some seconds at most.
    private func work(seconds: Double, until isDone: () -> Bool = { false }) -> Double {
        let clock = ThreadClock()
        var sum = 0.0
        while clock.seconds < seconds, !isDone() {
            for k in 1...20_000 { sum += 1 / Double(k) }
        }
        return sum > 0 ? clock.seconds : 0
    }

    /// Sleep costs no processor time.
    @Test func theClockCountsWorkAndNotWaiting() {
        let clock = ThreadClock()
        Thread.sleep(forTimeInterval: 0.2)
        let slept = clock.seconds
        #expect(work(seconds: 0.1) >= 0.1)
        #expect(slept < 0.1 && clock.seconds >= slept + 0.1)
    }

    @Test func aRunThatTakesTooLongIsCancelled() {
        let isCancelled = Mutex(false)
        let timer = RunTimer(seconds: 0.1)
        timer.watch { isCancelled.withLock { $0 = true } }
        timer.start()
        let taken = work(seconds: 20) { isCancelled.withLock { $0 } }
        #expect(isCancelled.withLock { $0 } && taken < 10)
    }

    /// What other programs do does not count, and what has ended is left alone.
    @Test func aRunThatWaitsOrHasEndedIsNot() {
        let isCancelled = Mutex(false)
        let waiting = RunTimer(seconds: 0.1)
        waiting.watch { isCancelled.withLock { $0 = true } }
        waiting.start()
        Thread.sleep(forTimeInterval: 0.4)
        #if os(Linux)
            #expect(!isCancelled.withLock { $0 })
        #endif
        waiting.stop()
        _ = work(seconds: 0.2)
        Thread.sleep(forTimeInterval: 0.1)
        #expect(!isCancelled.withLock { $0 })
    }
}
