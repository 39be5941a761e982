import Foundation

/// Values as CIF 1.1 writes them: bare, in quotes, or as a text field, so that they read back as they are.
package enum CIFWord {
    /// Words that the grammar keeps for itself.
    private static let reserved: Set<String> = ["loop_", "stop_", "global_"]
    private static let reservedBeginnings = ["data_", "save_"]
    /// What opens something else at the beginning of a word.
    private static let openers: Set<Character> = ["_", "#", "$", "'", "\"", "[", "]", ";"]

    package static func quoted(_ text: String) -> String {
        if isBare(text) { return text }
        if !text.contains(where: \.isNewline) {
            // A quote ends the word only where a blank follows it; none inside is safe with every reader.
            if !text.contains("'") { return "'\(text)'" }
            if !text.contains("\"") { return "\"\(text)\"" }
        }
        // A line that begins with ';' would end the field.
        return "\n;\(text.replacing("\n;", with: "\n ;"))\n;"
    }

    private static func isBare(_ text: String) -> Bool {
        guard let first = text.first, !openers.contains(first), text != "?", text != "." else { return false }
        let word = text.lowercased()
        guard !reserved.contains(word), !reservedBeginnings.contains(where: { word.hasPrefix($0) }) else {
            return false
        }
        return text.unicodeScalars.allSatisfy { (0x21...0x7E).contains($0.value) }
    }

    /// Whether CIF 1.1 has all these characters, ASCII that prints and blanks, and one kind of quotes can hold them:
    /// some readers lose a loop's row with a text field.
    package static func isWritableInALoop(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) }
            && !(text.contains("'") && text.contains("\""))
    }

    /// A number without what arithmetic on decimals left behind: 0.01, not 0.009999999999999998. Other numbers read
    /// back to the same bits.
    package static func number(_ value: MeasuredValue) -> String {
        let number = value.value
        let decimal = (number * 1e12).rounded() / 1e12
        let isResidue = abs(number - decimal) <= 16 * max(abs(number), 1e-1).ulp
        let rounded = isResidue ? (decimal == 0 ? 0 : decimal) : number
        return MeasuredValue(rounded, uncertainty: value.uncertainty).text
    }
}
