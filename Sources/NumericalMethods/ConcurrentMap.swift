import Dispatch
import Foundation

/// Applies `transform` to every element on all cores and returns the results in the elements' order: the synchronous sibling of
/// `parallelMap`, for work inside one task.
///
/// Elements are done in waves of as many as there are cores. Between waves cancellation of the calling task is looked for: what
/// runs on another thread cannot see it. The first error, in the elements' order, is thrown.
/// - Parameters:
///   - width: elements at a time; nil for the number of active cores.
///   - done: gets each element with its result, in order and on the calling thread, when its wave has ended.
package func concurrentMap<Element: Sendable, Result: Sendable>(
    _ elements: [Element], width: Int? = nil, _ transform: @Sendable (Element) throws -> Result,
    done: (Element, Result) -> Void = { _, _ in }
) throws -> [Result] {
    let width = max(1, width ?? ProcessInfo.processInfo.activeProcessorCount)
    var results: [Result] = []
    results.reserveCapacity(elements.count)
    for first in stride(from: 0, to: elements.count, by: width) {
        try Task.checkCancellation()
        let part = elements[first..<min(first + width, elements.count)]
        let found = part.count == 1 ? try part.map(transform) : try Wave(part, transform).results()
        for (element, result) in zip(part, found) { done(element, result) }
        results += found
    }
    return results
}

/// The results of elements that are done at the same time.
///
/// Unchecked because the compiler cannot see that `outcomes` is written under the lock and read when all have ended.
private final class Wave<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var outcomes: [Result<Value, any Error>?]

    init<Element: Sendable>(
        _ elements: ArraySlice<Element>, _ transform: @Sendable (Element) throws -> Value
    ) {
        outcomes = [Result<Value, any Error>?](repeating: nil, count: elements.count)
        DispatchQueue.concurrentPerform(iterations: elements.count) { index in
            let outcome = Result { try transform(elements[elements.startIndex + index]) }
            lock.withLock { outcomes[index] = outcome }
        }
    }

    func results() throws -> [Value] { try outcomes.compactMap { try $0?.get() } }
}
