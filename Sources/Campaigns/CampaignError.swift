import ExplainedErrors

/// Why a campaign cannot be read, run or merged; one line.
package struct CampaignError: ExplainedError, Hashable {
    package let explanation: Explanation

    /// - Parameters:
    ///   - place: `tasks.csv:7`, a store, an input.
    ///   - problem: one clause.
    ///   - remedy: one clause.
    package init(_ place: String?, _ problem: String, remedy: String) {
        explanation = Explanation(problem, remedy: remedy, place: place)
    }
}
