import ArgumentParser

/// What the options of a command say of each of several patterns: one value for each, in their order.
struct MeasurementList {
    let count: Int

    /// nil where the option is not given.
    func each<Value>(_ given: [Value], option: String, example: [Value]) throws -> [Value]? {
        guard !given.isEmpty else { return nil }
        guard given.count == count else {
            let patterns = count == 1 ? "one pattern" : "\(count) patterns"
            let written = example.map { "\(option) \($0)" }.joined(separator: " ")
            throw ValidationError(
                "\(option) is given \(given.count == 1 ? "once" : "\(given.count) times") for \(patterns); "
                    + (count == 1 ? "give it once" : "give it for each, in their order: \(written)"))
        }
        return given
    }

    /// Ranges of one pattern as they are, of several with the pattern's number before them: 2@30:32.
    func ranges(_ given: [String], option: String) throws -> [[ClosedRange<Double>]] {
        var result = [[ClosedRange<Double>]](repeating: [], count: count)
        for text in given {
            let parts = text.split(separator: "@", omittingEmptySubsequences: false)
            if parts.count == 1, count == 1 {
                result[0].append(try AngleRange.parse(text, option: option))
            } else if parts.count == 2, let number = Int(parts[0]), (1...count).contains(number) {
                result[number - 1].append(try AngleRange.parse(String(parts[1]), option: option))
            } else {
                throw ValidationError(
                    "\(option) \(text): of \(count) patterns say which, by its number from 1 to \(count): 1@30:32"
                )
            }
        }
        return result
    }
}
