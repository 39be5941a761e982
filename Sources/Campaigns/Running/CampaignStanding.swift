/// How a store's tasks stand for somebody who looks on: what a process that has ended held is to be done.
extension CampaignStore {
    /// How many tasks stand how.
    package func standing() throws -> [TaskState: Int] {
        var counts = try counts()
        for (runner, held) in try holdings() where !RunnerLock.isAlive(runner, store: path) {
            counts[.running, default: 0] -= held
            counts[.pending, default: 0] += held
        }
        return counts
    }

    /// The processes that work on it, in words.
    package func workers() throws -> [String] {
        try runners().filter { RunnerLock.isAlive($0, store: path) }.map(RunnerLock.text)
    }
}
