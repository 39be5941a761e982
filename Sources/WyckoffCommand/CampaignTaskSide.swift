import Campaigns
import Foundation

/// A command that a campaign runs as a task of it.
enum CampaignTaskSide {
    private static var folder: String? { ProcessInfo.processInfo.environment[TaskProcess.variable] }

    static var isTask: Bool { folder != nil }

    /// Goes to the task's folder, and ends with the campaign's process, however that ends: its end of the pipe that is
    /// standard input here closes then.
    static func begin() {
        guard let folder else { return }
        guard chdir(folder) == 0 else {
            Terminal.error("error: \(folder): the task's folder is not there; run the campaign again")
            exit(2)
        }
        Thread.detachNewThread {
            var byte: UInt8 = 0
            // Nobody writes: it returns with nothing when the other end is closed.
            while read(STDIN_FILENO, &byte, 1) < 0, errno == EINTR {}
            _exit(130)
        }
    }

    /// Seconds that a job took; of a task not told, so that its results are the same bytes in every run. The campaign
    /// measures them.
    static func seconds(_ measured: Double) -> Double { folder == nil ? measured : .nan }
}
