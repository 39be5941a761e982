extension StringProtocol {
    /// The text on one line: every break between lines (a carriage return with its line feed is one Character, and so
    /// escapes whoever replaces either) becomes a space.
    package var onOneLine: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
}
