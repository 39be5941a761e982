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
        sources = Self.signals.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                kill(process, SIGTERM)
                // It may be writing there until it has gone.
                for _ in 0..<50 where kill(process, 0) == 0 { usleep(20_000) }
                // What cannot be removed is the system's to clean.
                try? FileManager.default.removeItem(at: folder)
                _exit(128 + number)
            }
            // The source sees the signal only where nothing else answers it.
            signal(number, SIG_IGN)
            source.activate()
            return source
        }
    }
}
