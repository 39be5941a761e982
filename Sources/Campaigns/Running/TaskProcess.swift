import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A command as a process of its own: a crash ends one task, and the task ends with the process that runs it.
///
/// Its standard input is a pipe whose other end the runner holds: it closes with the runner, however that ends, and the
/// task, which waits for that, goes too (`TaskSide`).
package final class TaskProcess: Sendable {
    /// Names the folder that a command goes to before it does anything; where it is set, the command watches its
    /// standard input and tells no times.
    package static let variable = "WYCKOFF_CAMPAIGN_TASK"

    struct End: Sendable {
        var status: Int32?
        var signal: Int32?
        var cost: TaskCost
    }

    private let program: String
    /// Of the pipe that all tasks wait on.
    private let (readEnd, writeEnd): (Int32, Int32)

    init(program: String) throws {
        self.program = program
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw CampaignError(
                nil, "no pipe can be made: \(String(cString: strerror(errno)))", remedy: "use fewer --jobs")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Starts the program and waits for its end.
    ///
    /// - Parameters:
    ///   - words: after its name.
    ///   - folder: in which it works.
    ///   - output: the file that takes its standard output.
    func run(_ words: [String], in folder: String, output: String, errors: String) async throws -> End {
        let begin = ContinuousClock.now
        let process = try start(words, folder, output, errors)
        let (status, usage) = await withCheckedContinuation { continuation in
            // Waiting blocks a thread, which is not one of those that Swift's tasks share.
            Thread.detachNewThread {
                var status: Int32 = 0
                var usage = rusage()
                while wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
                continuation.resume(returning: (status, usage))
            }
        }
        var cost = TaskCost()
        cost.seconds = begin.duration(to: .now) / .seconds(1)
        let times = [usage.ru_utime, usage.ru_stime].map { Double($0.tv_sec) + 1e-6 * Double($0.tv_usec) }
        cost.processorSeconds = times[0] + times[1]
        #if os(Linux)
            cost.memory = usage.ru_maxrss * 1024
        #else
            cost.memory = usage.ru_maxrss
        #endif
        cost.host = ProcessInfo.processInfo.hostName
        let signal = status & 0x7f
        return End(
            status: signal == 0 ? status >> 8 & 0xff : nil, signal: signal == 0 ? nil : signal, cost: cost)
    }

    private func start(
        _ words: [String], _ folder: String, _ output: String, _ errors: String
    ) throws -> pid_t {
        #if os(Linux)
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #else
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, readEnd, STDIN_FILENO)
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, flags, 0o666)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, flags, 0o666)
        // A key that interrupts the campaign ends it; its tasks go with it, and are not taken for failed before.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        posix_spawnattr_setpgroup(&attributes, 0)
        // The threads that Swift's tasks share hold signals back; the program must hear them.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        var environment = ProcessInfo.processInfo.environment
        environment[Self.variable] = folder
        var process: pid_t = 0
        let code = Self.withTexts([program] + words) { words in
            Self.withTexts(environment.map { "\($0.key)=\($0.value)" }) {
                posix_spawn(&process, program, &actions, &attributes, words, $0)
            }
        }
        guard code == 0 else {
            throw CampaignError(
                program, "cannot be started: \(String(cString: strerror(code)))",
                remedy: code == EAGAIN || code == ENOMEM
                    ? "use fewer --jobs" : "check the disk and that the program is where it was")
        }
        return process
    }

    /// Texts as C takes a list of them.
    private static func withTexts<R>(
        _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R
    ) -> R {
        var pointers = texts.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { buffer in
            // A list that ends with nil is never empty.
            withExtendedLifetime(buffer) { body(UnsafePointer(buffer.baseAddress.unsafelyUnwrapped)) }
        }
    }
}
