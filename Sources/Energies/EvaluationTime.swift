import Foundation

/// How long something takes, in milliseconds.
package struct EvaluationTime: Sendable, Hashable {
    /// Of all threads together.
    package var processor: Double
    /// By the clock on the wall: less where several threads share the work.
    package var elapsed: Double

    /// So many runs, and more until they have taken this long together (ms): short ones scatter.
    private static let (leastRuns, leastTime) = (3, 200.0)

    /// The least of several runs.
    package static func least(of body: () throws -> Void) rethrows -> EvaluationTime {
        var best = EvaluationTime(processor: .infinity, elapsed: .infinity)
        var (sum, runs) = (0.0, 0)
        while runs < leastRuns || sum < leastTime {
            let (start, began) = (clock(), ContinuousClock.now)
            try body()
            let processor = Double(clock() - start) * 1000 / Double(CLOCKS_PER_SEC)
            let elapsed = (ContinuousClock.now - began) / .milliseconds(1)
            best = EvaluationTime(
                processor: min(best.processor, processor), elapsed: min(best.elapsed, elapsed))
            sum += max(processor, 1e-3)
            runs += 1
        }
        return best
    }
}
