extension HallSymbol {
    /// Why a text is no Hall symbol.
    public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
        public let text: String
        public let reason: String

        public var description: String {
            "'\(text)' is no Hall symbol (\(reason)); write it like -P 2ac 2n"
        }
    }
}
