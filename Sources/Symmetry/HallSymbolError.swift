import ExplainedErrors

extension HallSymbol {
    /// Why a text is no Hall symbol.
    public struct ParseError: ExplainedError, Hashable {
        public let text: String
        public let reason: String

        public var explanation: Explanation {
            Explanation("'\(text)' is no Hall symbol (\(reason))", remedy: "write it like -P 2ac 2n")
        }
    }
}
