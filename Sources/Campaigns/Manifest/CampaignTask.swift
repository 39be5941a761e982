/// One run of one command, as a manifest asks for it.
package struct CampaignTask: Sendable, Hashable {
    /// A file or folder that the command reads.
    package struct Input: Sendable, Hashable {
        /// As the command gets it: relative to its folder, or absolute.
        package var word: String
        /// Where it is, absolute.
        package var source: String

        /// Whether it is lent to the task's folder under its relative name.
        var isLent: Bool { !word.hasPrefix("/") }
    }

    /// Its place in the campaign, from 0.
    package var index: Int
    package var name: String
    package var command: CarriedCommand
    /// Everything after `wyckoff`.
    package var words: [String]
    package var inputs: [Input]
    /// What its random choices come of; nil for a command that makes none.
    package var seed: String?
    /// Where the manifest asks for it: `tasks.csv:7`, or the file itself.
    package var place: String
}
