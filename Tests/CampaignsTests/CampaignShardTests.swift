import Campaigns
import Testing

@Suite struct CampaignShardTests {
    @Test("Shards share all tasks, each in one of them", arguments: [1, 2, 7, 8])
    func share(count: Int) throws {
        let shards = try (1...count).map { try #require(CampaignShard("\($0)/\(count)")) }
        for index in 0..<100 { #expect(shards.count { $0.holds(index) } == 1) }
    }

    @Test(
        "What is no part of a whole is no shard", arguments: ["0/3", "4/3", "1/0", "1", "a/b", "1/2/3", ""])
    func none(text: String) { #expect(CampaignShard(text) == nil) }
}
