/// What was given to Slurm last.
package struct SlurmSubmission: Codable, Sendable, Hashable {
    package var tasks: Int
    /// Of the whole campaign.
    package var shards: Int
    /// Numbers of the shards that were submitted, from 1.
    package var submitted: [Int]
    /// Slurm's numbers.
    package var arrayJob: String
    package var mergeJob: String
}
