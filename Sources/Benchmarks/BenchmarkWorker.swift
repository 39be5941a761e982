import Foundation

/// `wyckoff-bench`: times one job at a time, as it is told on standard input, so that a script can run it in turn
/// with other programs (Scripts/bench).
///
/// The first line of the output names the jobs. Every line of the input is a job, seconds, a file and
/// perhaps a number of threads, parted by tabs;
/// the answer is the median and the least milliseconds of a call, the number of calls and a remark, parted by tabs, or
/// `error` and a message.
@main struct BenchmarkWorker {
    static func main() {
        print("jobs", BenchmarkJob.allCases.map(\.rawValue).joined(separator: "\t"), separator: "\t")
        flush()
        while let line = readLine() {
            print(answer(to: line.split(separator: "\t").map(String.init)))
            flush()
        }
    }

    private static func answer(to request: [String]) -> String {
        guard (3...4).contains(request.count), let job = BenchmarkJob(rawValue: request[0]),
            let seconds = Double(request[1])
        else { return "error\texpected job, seconds, file" }
        let threads = request.count > 3 ? Int(request[3]) ?? 1 : 1
        do {
            let prepared = try job.prepare(file: request[2], threads: threads)
            let time = Stopwatch.time(seconds: seconds, prepared.call)
            return "\(time.median)\t\(time.least)\t\(time.calls)\t\(prepared.remark(time))"
        } catch {
            return "error\t\("\(error)".replacingOccurrences(of: "\n", with: " "))"
        }
    }

    private static func flush() { fflush(nil) }
}

/// Milliseconds of a call.
struct CallTime {
    let median: Double
    let least: Double
    let calls: Int
}

enum Stopwatch {
    /// Calls in batches of about 0.1 ms at least, so that the clock costs nothing, until the time is over.
    static func time(seconds: Double, _ call: () -> Void) -> CallTime {
        call()
        let clock = ContinuousClock()
        func milliseconds(_ body: () -> Void) -> Double {
            let duration = clock.measure(body).components
            return Double(duration.seconds) * 1e3 + Double(duration.attoseconds) * 1e-15
        }
        let first = max(milliseconds(call), 1e-5)
        let batch = max(1, Int(0.1 / first))
        var times: [Double] = []
        var total = 0.0
        while total < seconds * 1e3 || times.count < 5 {
            let time = milliseconds { for _ in 0..<batch { call() } }
            total += time
            times.append(time / Double(batch))
        }
        times.sort()
        return CallTime(median: times[times.count / 2], least: times[0], calls: times.count * batch)
    }
}
