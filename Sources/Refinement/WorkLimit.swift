import NumericalMethods

/// Until when the work of a task may go on: bound around a piece of work, asked by the loops deep inside it, so that no function
/// between them needs a parameter for it.
package struct WorkLimit: Sendable {
    /// From here on searches end with what they have; nil for never.
    package var searches: ContinuousClock.Instant?
    /// From here on everything throws as if it were cancelled; nil for never.
    package var everything: ContinuousClock.Instant?

    @TaskLocal private static var current = WorkLimit()

    package init(
        searches: ContinuousClock.Instant? = nil, everything: ContinuousClock.Instant? = nil
    ) {
        (self.searches, self.everything) = (searches, everything)
    }

    /// Does the work under this limit, or under the one around it where that is nearer.
    ///
    /// - Throws: what the work throws; `CancellationError` where the time is up.
    package func run<Value>(_ work: () throws -> Value) rethrows -> Value {
        func nearer(_ a: ContinuousClock.Instant?, _ b: ContinuousClock.Instant?) -> ContinuousClock.Instant?
        {
            [a, b].compactMap { $0 }.min()
        }
        let around = Self.current
        let limit = WorkLimit(
            searches: nearer(searches, around.searches), everything: nearer(everything, around.everything))
        return try Self.$current.withValue(limit) { try work() }
    }

    /// Whether searches are to end with what they have.
    package static var isSearchOver: Bool {
        guard let searches = current.searches else { return isOver }
        return ContinuousClock().now >= searches || isOver
    }

    /// Whether nothing is to go on: the time is up, or the task is cancelled.
    package static var isOver: Bool {
        if Task.isCancelled { return true }
        guard let everything = current.everything else { return false }
        return ContinuousClock().now >= everything
    }

    /// - Throws: where nothing is to go on.
    package static func check() throws(CancellationError) {
        if isOver { throw CancellationError() }
    }

    /// `concurrentMap` whose elements know the limit on whatever thread they run.
    package static func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ transform: @Sendable (Element) throws -> Result,
        done: (Element, Result) -> Void = { _, _ in }
    ) throws -> [Result] {
        let limit = current
        return try concurrentMap(
            elements,
            { element in
                try $current.withValue(limit) {
                    try check()
                    return try transform(element)
                }
            }, done: done)
    }
}
