import Dispatch
import Foundation

/// Cancels a task that lasts longer than a limit, counted from where the task itself begins: it may have waited for a
/// thread before.
///
/// On a queue of its own and not as a task: the threads of tasks, and of the shared queues, may all be busy with runs.
final class RunTimer: @unchecked Sendable {
    private static let queue = DispatchQueue(label: "Limits of runs")
    private let lock = NSLock()
    private let seconds: Double
    private var cancel: (@Sendable () -> Void)?
    private var watch: DispatchWorkItem?

    init(seconds: Double) { self.seconds = seconds }

    /// What the limit cancels.
    func watch(_ cancel: @escaping @Sendable () -> Void) {
        lock.withLock { self.cancel = cancel }
    }

    /// Called by the task when it begins.
    func start() {
        let item = DispatchWorkItem { [weak self] in
            guard let self else { return }
            self.lock.withLock { self.cancel }?()
        }
        lock.withLock { watch = item }
        Self.queue.asyncAfter(deadline: .now() + seconds, execute: item)
    }

    func stop() {
        lock.withLock { watch }?.cancel()
    }
}
