import Foundation

/// Ends a child process and removes a temporary folder where the command is interrupted meanwhile.
final class InterruptCleanup {
    private static let signals = [SIGINT, SIGTERM, SIGHUP]
    private let queue = DispatchQueue(label: "Interrupts")
    /// Active ones only: a source that was never activated traps when it is released.
    private var sources: [any DispatchSourceSignal] = []

    /// What is running now, in the place of what was before.
    func watch(folder: URL, process: Int32) {
        for source in sources { source.cancel() }
        Self.block()
        sources = Self.signals.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                kill(process, SIGTERM)
                // It may be writing there until it has gone, or not hear the signal.
                for _ in 0..<25 where kill(process, 0) == 0 { usleep(20_000) }
                kill(process, SIGKILL)
                for _ in 0..<25 where kill(process, 0) == 0 { usleep(20_000) }
                // What cannot be removed is the system's to clean.
                try? FileManager.default.removeItem(at: folder)
                _exit(128 + number)
            }
            source.activate()
            return source
        }
    }

    /// A source sees a signal only where every thread holds it back; an ignored one is lost before.
    private static func block() {
        var set = sigset_t()
        sigemptyset(&set)
        for number in signals { sigaddset(&set, number) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }
}
