/// Every n-th task, so that several machines share a campaign without a word between them.
package struct CampaignShard: Sendable, Hashable {
    /// From 1 to `count`.
    package let number: Int
    package let count: Int
    package static let whole = CampaignShard(number: 1, count: 1)

    private init(number: Int, count: Int) { (self.number, self.count) = (number, count) }

    /// nil where it is no shard.
    /// - Parameter text: `3/8`.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let number = parts[0], let count = parts[1], count >= 1,
            (1...count).contains(number)
        else { return nil }
        self.init(number: number, count: count)
    }

    /// - Parameter index: of a task, from 0.
    package func holds(_ index: Int) -> Bool { index % count == number - 1 }
}
