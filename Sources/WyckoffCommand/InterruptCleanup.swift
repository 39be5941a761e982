import Foundation

/// Does what must not be left undone where the command is interrupted meanwhile, then ends it.
final class InterruptCleanup {
    private static let signals = [SIGINT, SIGTERM, SIGHUP]
    private let queue = DispatchQueue(label: "Interrupts")
    /// Active ones only: a source that was never activated traps when it is released.
    private var sources: [any DispatchSourceSignal] = []

    /// Runs what may start a process that is watched: signals wait until it is, and where one made the body fail, the
    /// signal's own end comes before the failure's.
    func during<Result>(_ body: () throws -> Result) rethrows -> Result {
        Self.mask(SIG_BLOCK)
        defer { stop() }
        do {
            return try body()
        } catch {
            // A terminal gives the signal to the process that is watched too: its end may be seen first.
            usleep(100_000)
            queue.sync {}
            throw error
        }
    }

    /// A child process and a temporary folder, in the place of what was watched before.
    func watch(folder: URL, process: Int32) {
        watch {
            kill(process, SIGTERM)
            // It may be writing there until it has gone, or not hear the signal.
            for _ in 0..<25 where kill(process, 0) == 0 { usleep(20_000) }
            kill(process, SIGKILL)
            for _ in 0..<25 where kill(process, 0) == 0 { usleep(20_000) }
            // What cannot be removed is the system's to clean.
            try? FileManager.default.removeItem(at: folder)
        }
    }

    /// - Parameter cleanUp: runs on a thread of its own, in the place of what was watched before.
    func watch(_ cleanUp: @escaping @Sendable () -> Void) {
        for source in sources { source.cancel() }
        Self.mask(SIG_BLOCK)
        sources = Self.signals.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                cleanUp()
                _exit(128 + number)
            }
            source.activate()
            return source
        }
    }

    /// Nothing is left to be done: the signals end the command as ever.
    func stop() {
        for source in sources { source.cancel() }
        // A clean-up that runs already ends the command.
        queue.sync {}
        sources = []
        Self.mask(SIG_UNBLOCK)
    }

    /// A source sees a signal only where every thread holds it back; an ignored one is lost before.
    private static func mask(_ how: Int32) {
        var set = sigset_t()
        sigemptyset(&set)
        for number in signals { sigaddset(&set, number) }
        pthread_sigmask(how, &set, nil)
    }
}
