/// What files say of the directions in which they repeat. A record is a crystal: it repeats in all three.
package enum Periodicity {
    /// One where the words, such as `T T F` or `[true, true, false]`, are not true three times.
    package static func warning(_ text: String) -> ReadingWarning? {
        let words = text.lowercased().split { $0.isWhitespace || "[],\"".contains($0) }
        let isPeriodic = words.map { ["t", "true", "1"].contains($0) }
        guard isPeriodic.contains(false) else { return nil }
        return .notPeriodic(stated: text)
    }
}
