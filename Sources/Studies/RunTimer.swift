import Dispatch
import Foundation

/// Processor time of a run's thread, on which the whole run takes place: what other programs do does not count.
package struct ThreadClock: Sendable {
    #if os(Linux)
        private let clock: clockid_t
    #endif
    private let begin: Double

    /// Of the calling thread, from now.
    package init() {
        #if os(Linux)
            var clock = clockid_t()
            // Without a clock of its own for the thread, the system's.
            self.clock = pthread_getcpuclockid(pthread_self(), &clock) == 0 ? clock : CLOCK_MONOTONIC
            begin = Self.now(self.clock)
        #else
            begin = Self.now(CLOCK_THREAD_CPUTIME_ID)
        #endif
    }

    /// Seconds since then; on Linux from any thread.
    package var seconds: Double {
        #if os(Linux)
            Self.now(clock) - begin
        #else
            Self.now(CLOCK_THREAD_CPUTIME_ID) - begin
        #endif
    }

    private static func now(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
}

/// Cancels a task that takes more processor time than a limit (elsewhere than on Linux: more time).
///
/// On a queue of its own and not as a task: the threads of tasks, and of the shared queues, may all be busy with runs.
///
/// Unchecked because the compiler cannot see that what changes is only touched under the lock.
package final class RunTimer: @unchecked Sendable {
    private static let queue = DispatchQueue(label: "Limits of runs")
    private let lock = NSLock()
    private let limit: Double
    private var cancel: (@Sendable () -> Void)?
    private var isStopped = false

    package init(seconds: Double) { limit = seconds }

    /// What the limit cancels.
    package func watch(_ cancel: @escaping @Sendable () -> Void) {
        lock.withLock { self.cancel = cancel }
    }

    /// Called by the task when it begins, on the thread that does the work.
    package func start() { look(at: ThreadClock(), after: limit) }

    package func stop() { lock.withLock { isStopped = true } }

    private func look(at clock: ThreadClock, after seconds: Double) {
        Self.queue.asyncAfter(deadline: .now() + seconds) { [weak self] in
            guard let self, !self.lock.withLock({ self.isStopped }) else { return }
            #if os(Linux)
                let left = self.limit - clock.seconds
            #else
                let left = 0.0
            #endif
            if left > 0 {
                self.look(at: clock, after: max(left, 0.01))
            } else {
                self.lock.withLock { self.cancel }?()
            }
        }
    }
}
