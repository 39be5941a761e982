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
