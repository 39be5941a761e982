extension Statistics {
    /// Kendall's τ_b, corrected for ties, in O(n log n) (Knight, J. Am. Stat. Assoc. 61 (1966) 436): pairs in disorder are the
    /// exchanges of a merge sort by y of what is sorted by x. NaN where either side is constant.
    package static func kendall(_ x: [Double], _ y: [Double]) -> Double {
        precondition(x.count == y.count, "unequal counts")
        let order = x.indices.sorted { (x[$0], y[$0]) < (x[$1], y[$1]) }
        let sortedX = order.map { x[$0] }
        var sortedY = order.map { y[$0] }
        let pairs = pairCount(x.count)
        let tiedX = tiedPairs(sortedX)
        let tiedBoth = tiedPairs(Array(zip(sortedX, sortedY)), areEqual: ==)
        let exchanges = sortCountingExchanges(&sortedY)
        let tiedY = tiedPairs(sortedY)
        let balance = pairs - tiedX - tiedY + tiedBoth - 2 * exchanges
        return Double(balance) / (Double(pairs - tiedX).squareRoot() * Double(pairs - tiedY).squareRoot())
    }

    private static func pairCount(_ n: Int) -> Int { n * (n - 1) / 2 }

    private static func tiedPairs(_ sorted: [Double]) -> Int { tiedPairs(sorted, areEqual: ==) }

    /// Pairs of equal elements, of which equal ones stand together.
    private static func tiedPairs<Element>(
        _ sorted: [Element], areEqual: (Element, Element) -> Bool
    ) -> Int {
        var (total, run) = (0, 1)
        for i in sorted.indices.dropFirst() {
            if areEqual(sorted[i - 1], sorted[i]) {
                run += 1
            } else {
                total += pairCount(run)
                run = 1
            }
        }
        return total + pairCount(run)
    }

    /// Sorts by merging from below; returns in how many pairs the later element was the smaller one.
    private static func sortCountingExchanges(_ values: inout [Double]) -> Int {
        var exchanges = 0
        var merged = values
        var width = 1
        while width < values.count {
            for start in stride(from: 0, to: values.count, by: 2 * width) {
                let middle = min(start + width, values.count)
                let end = min(start + 2 * width, values.count)
                var (left, right) = (start, middle)
                for slot in start..<end {
                    if right < end, left == middle || values[right] < values[left] {
                        exchanges += middle - left
                        merged[slot] = values[right]
                        right += 1
                    } else {
                        merged[slot] = values[left]
                        left += 1
                    }
                }
            }
            swap(&values, &merged)
            width *= 2
        }
        return exchanges
    }
}
