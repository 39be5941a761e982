import Dispatch

/// One piece of work cut into parts that may be done at the same time.
///
/// How many parts there are and where they meet depends on the work alone, never on the threads: sums over parts are
/// added in the parts' order, so that every number comes out the same, to the last bit, whatever the number of threads.
package struct WorkSplit: Sendable, Hashable {
    package let parts: Int
    package let threads: Int

    /// Parts of work that is large enough.
    package static let parts = 8
    /// Below, in nanoseconds of one thread, starting a second thread costs more than it saves (`Scripts/bench`).
    package static let threshold = 100_000.0

    /// - Parameter nanoseconds: about how long the work takes one thread.
    package init(threads: Int, nanoseconds: Double) {
        parts = nanoseconds < Self.threshold ? 1 : Self.parts
        self.threads = min(max(threads, 1), parts)
    }

    /// The items of a part; together the parts are 0..<count.
    package func range(_ part: Int, of count: Int) -> Range<Int> {
        part * count / parts..<(part + 1) * count / parts
    }

    /// Calls `body` once for each part, on up to `threads` threads; returns when all are done.
    ///
    /// The caller sees to it that different parts write to different memory. Nothing is allocated with one thread.
    package func forEach(_ body: (Int) -> Void) {
        guard threads > 1 else {
            for part in 0..<parts { body(part) }
            return
        }
        withoutActuallyEscaping(body) { body in
            // Sound by the caller's promise that parts touch different memory.
            nonisolated(unsafe) let shared = body
            DispatchQueue.concurrentPerform(iterations: threads) { thread in
                for part in stride(from: thread, to: parts, by: threads) { shared(part) }
            }
        }
    }
}
