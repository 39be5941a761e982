import ArgumentParser

/// `15:120` on the command line.
enum AngleRange {
    static func parse(_ text: String, option: String) throws -> ClosedRange<Double> {
        let ends = text.split(separator: ":").map { Double($0) }
        guard ends.count == 2, let from = ends[0], let to = ends[1], from >= 0, to <= 180, from < to else {
            throw ValidationError("\(option) takes two angles such as 15:120, not '\(text)'")
        }
        return from...to
    }
}
