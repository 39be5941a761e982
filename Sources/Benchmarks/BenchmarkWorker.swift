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
