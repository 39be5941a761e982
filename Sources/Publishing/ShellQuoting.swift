/// A command as a POSIX shell takes it: what is printed can be pasted and run again.
package enum ShellQuoting {
    /// Words with blanks between them, each quoted where it has to be.
    package static func command(_ words: [String]) -> String { words.map(word).joined(separator: " ") }

    /// As it is where no shell reads anything into it, else in single quotes.
    package static func word(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy(plain.contains)
        return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }

    /// `~` and `=` mean something at the beginning of a word only, but a quote does no harm.
    private static let plain = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:,@%".utf8)
}
