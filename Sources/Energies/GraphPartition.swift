import NumericalMethods

/// A large graph cut into parts of whole centres that may be evaluated at the same time.
///
/// Where parts meet, at the bonds and neighbours that several of them see, each adds into rows of its own, and the rows
/// are added in the order of the parts: every number is the same, to the last bit, whatever the number of threads.
struct GraphPartition: Sendable {
    let split: WorkSplit
    let edges: [Range<Int>]
    let angles: [Range<Int>]
    /// Where an edge adds what is its bond's, and what is its neighbour's.
    let edgeBond: PartRows
    let edgeNeighbour: PartRows
    /// Where an angle adds what is its first or second bond's.
    let angleBond: PartRows

    /// Fewer directed edges, some fifty atoms, are evaluated as one part.
    static let fewestEdges = 4_000

    /// - Parameter threads: at most so many.
    init(_ graph: CrystalGraph, threads: Int) {
        let isLarge = graph.edgeCount >= Self.fewestEdges
        split = WorkSplit(threads: threads, nanoseconds: isLarge ? .infinity : 0)
        // An edge goes through four layers, an angle through three of the same size and two of half of it.
        var work = [Int](repeating: 0, count: graph.atomCount)
        for centre in graph.edgeCentre { work[Int(centre)] += 1 }
        for centre in graph.angleCentre { work[Int(centre)] += 1 }
        let total = work.reduce(0, +)
        var ends: [Int] = []
        var sum = 0
        for (centre, amount) in work.enumerated() {
            sum += amount
            while ends.count < split.parts - 1, sum * split.parts >= total * (ends.count + 1) {
                ends.append(centre + 1)
            }
        }
        while ends.count < split.parts { ends.append(graph.atomCount) }
        edges = Self.ranges(graph.edgeCentre, ends)
        angles = Self.ranges(graph.angleCentre, ends)
        edgeBond = PartRows([graph.edgeBond], targets: graph.bondCount, parts: edges)
        edgeNeighbour = PartRows([graph.edgeNeighbour], targets: graph.atomCount, parts: edges)
        angleBond = PartRows(
            [graph.angleBond1, graph.angleBond2], targets: graph.shortCount, parts: angles)
    }

    /// Rows of each part, by centres in ascending order.
    private static func ranges(_ centres: [Int32], _ ends: [Int]) -> [Range<Int>] {
        var (first, result) = (0, [Range<Int>]())
        for end in ends {
            var last = first
            while last < centres.count, centres[last] < end { last += 1 }
            result.append(first..<last)
            first = last
        }
        return result
    }
}

/// Rows that parts add into: one for each part and each target that it meets.
struct PartRows: Sendable {
    /// The row of each item, list by list.
    let rows: [[Int32]]
    let count: Int
    /// Rows of target t, in the order of parts: order[begin[t] ..< begin[t + 1]].
    let begin: [Int32]
    let order: [Int32]
    /// Whether a row is a target's only one, and stands where the target stands.
    let isDirect: Bool

    /// - Parameter lists: targets of the items; several lists share rows.
    init(_ lists: [[Int32]], targets: Int, parts: [Range<Int>]) {
        guard parts.count > 1 else {
            (rows, count, begin, order, isDirect) = (lists, targets, [], [], true)
            return
        }
        var rows = lists.map { [Int32](repeating: 0, count: $0.count) }
        var (known, owner) = ([Int32](repeating: -1, count: targets), [Int](repeating: -1, count: targets))
        var targetOfRow: [Int32] = []
        for (part, range) in parts.enumerated() {
            for (list, items) in lists.enumerated() {
                for item in range {
                    let target = Int(items[item])
                    if owner[target] != part {
                        owner[target] = part
                        known[target] = Int32(targetOfRow.count)
                        targetOfRow.append(items[item])
                    }
                    rows[list][item] = known[target]
                }
            }
        }
        var begin = [Int32](repeating: 0, count: targets + 1)
        for target in targetOfRow { begin[Int(target) + 1] += 1 }
        for target in 0..<targets { begin[target + 1] += begin[target] }
        var (next, order) = (begin, [Int32](repeating: 0, count: targetOfRow.count))
        for (row, target) in targetOfRow.enumerated() {
            order[Int(next[Int(target)])] = Int32(row)
            next[Int(target)] += 1
        }
        (self.rows, count, self.begin, self.order, isDirect) = (
            rows, targetOfRow.count, begin, order, false
        )
    }
}
