import Foundation

/// Lets something through at most once in so many seconds, from whatever task it comes.
///
/// Unchecked because the compiler cannot see that `next` is only touched under the lock.
final class Pace: @unchecked Sendable {
    private let lock = NSLock()
    private var next = ContinuousClock.now
    private let interval: Duration

    init(seconds: Double) { interval = .seconds(seconds) }

    func isDue() -> Bool {
        lock.withLock {
            let now = ContinuousClock.now
            guard now >= next else { return false }
            next = now + interval
            return true
        }
    }
}
