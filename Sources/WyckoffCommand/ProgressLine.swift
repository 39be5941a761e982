import Foundation
import Jobs
import Publishing
import Reports

/// One line on standard error that is written over; silent where standard error is no terminal.
struct ProgressLine: Sendable {
    private let isShown: Bool

    init(isShown: Bool) {
        self.isShown = isShown && isatty(STDERR_FILENO) == 1
    }

    /// A step is written over, a remark stays.
    func show(_ progress: JobProgress) {
        switch progress.kind {
        case .step: show(progress.text)
        case .remark:
            clear()
            Terminal.error(progress.text)
        }
    }

    func show(_ text: String) { write("\r\u{1B}[K" + text) }

    func clear() { write("\r\u{1B}[K") }

    private func write(_ text: String) {
        guard isShown else { return }
        StandardOutput.error(text)
    }
}
