import Campaigns
import Testing

@Suite struct SlurmScriptsTests {
    @Test("shards that follow one another are a range of the array, in whatever order they are named")
    func ranges() {
        #expect(SlurmScripts.list([1, 2, 3, 4]) == "1-4")
        #expect(SlurmScripts.list([7, 2, 6, 5]) == "2,5-7")
        #expect(SlurmScripts.list([3]) == "3" && SlurmScripts.list([]) == "")
    }
}
