import Foundation

/// Applies `transform` to every element on up to `width` tasks at a time and returns the results in the
/// elements' order, whatever the order they were done in.
///
/// Cancelling the calling task, or the first error thrown, starts no further element; running ones see
/// `Task.isCancelled`.
/// - Parameter width: tasks at a time; nil for the number of active cores.
package func parallelMap<Element: Sendable, Result: Sendable>(
    _ elements: [Element], width: Int? = nil,
    _ transform: @escaping @Sendable (Element) async throws -> Result
) async throws -> [Result] {
    let width = max(1, width ?? ProcessInfo.processInfo.activeProcessorCount)
    if width == 1 || elements.count < 2 {
        var results: [Result] = []
        results.reserveCapacity(elements.count)
        for element in elements {
            try Task.checkCancellation()
            results.append(try await transform(element))
        }
        return results
    }
    return try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        var results = [Result?](repeating: nil, count: elements.count)
        var started = 0
        func start() {
            let index = started
            let element = elements[index]
            started += 1
            group.addTask { (index, try await transform(element)) }
        }
        while started < min(width, elements.count) { start() }
        while let (index, result) = try await group.next() {
            results[index] = result
            try Task.checkCancellation()
            if started < elements.count { start() }
        }
        return results.compactMap { $0 }
    }
}
