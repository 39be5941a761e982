import ExplainedErrors

extension HallSymbol {
    /// Why a text is no Hall symbol.
    package struct ParseError: ExplainedError, Hashable {
        package let text: String
        package let reason: String

        /// What went wrong, where, and what to do: the parts of the one line.
        package var explanation: Explanation {
            Explanation("'\(text)' is no Hall symbol (\(reason))", remedy: "write it like -P 2ac 2n")
        }
    }
}
