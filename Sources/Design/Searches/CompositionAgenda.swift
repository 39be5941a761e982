/// Compositions that wait to be solved, the most promising first; each enters once, and again where it failed.
package struct CompositionAgenda {
    package struct Item: Sendable {
        package var decoration: Decoration
        package var attempt: Int
        /// Predicted or known loss, with a penalty for each attempt that failed.
        package var priority: Double
        /// For an order that depends on nothing else.
        package var number: Int
    }

    private let problem: DesignProblem
    private var queue: [Item] = []
    private var seen = Set<SiteComposition>()
    private var number = 0

    package init(_ problem: DesignProblem) { self.problem = problem }

    package var isEmpty: Bool { queue.isEmpty }

    /// - Returns: whether its composition is new; one that the problem does not admit is left out.
    @discardableResult
    package mutating func propose(_ decoration: Decoration, priority: Double) -> Bool {
        guard problem.admits(decoration), seen.insert(problem.composition(decoration)).inserted else {
            return false
        }
        add(decoration, attempt: 0, priority: priority)
        return true
    }

    /// Whether a composition is admitted and has not been proposed yet.
    package func isNew(_ decoration: Decoration) -> Bool {
        problem.admits(decoration) && !seen.contains(problem.composition(decoration))
    }

    /// The same composition from another start.
    package mutating func retry(_ item: Item, priority: Double) {
        add(item.decoration, attempt: item.attempt + 1, priority: priority)
    }

    private mutating func add(_ decoration: Decoration, attempt: Int, priority: Double) {
        number += 1
        queue.append(
            Item(decoration: decoration, attempt: attempt, priority: priority, number: number))
    }

    /// The first of the queue, which leave it.
    package mutating func next(_ count: Int) -> [Item] {
        queue.sort { ($0.priority, $0.number) < ($1.priority, $1.number) }
        let items = Array(queue.prefix(count))
        queue.removeFirst(items.count)
        return items
    }
}
