import Crystallography
import Foundation

/// A line `start step end [title]`, then the intensities in free format, any number a line (FullProf INSTRM 0,
/// DBWS).
enum StepBlockFile {
    private struct Header {
        var line: Int
        var start: Double
        var step: Double
        var end: Double
        var title: String

        /// Points from start to end, both included.
        var count: Int { Int(((end - start) / step).rounded()) + 1 }
    }

    static func matches(_ lines: [Substring]) -> Bool { header(of: lines) != nil }

    /// Within the first lines, three numbers that span a range in whole steps, followed by a line that has
    /// not exactly two or three columns (those would be a column file).
    private static func header(of lines: [Substring]) -> Header? {
        for (index, line) in lines.prefix(6).enumerated() {
            let words = line.split { $0.isWhitespace || $0 == "," }
            let numbers = words.prefix(3).compactMap { TextNumber.double($0) }
            guard numbers.count == 3 else { continue }
            let (start, step, end) = (numbers[0], numbers[1], numbers[2])
            guard step > 0, step < 5, end > start, end <= 180, start > -180,
                (end - start) / step < Double(Limits.points)
            else {
                return nil
            }
            let following = lines.dropFirst(index + 1).first { !$0.allSatisfy(\.isWhitespace) }
            let values = following?.split { $0.isWhitespace || $0 == "," } ?? []
            guard let first = values.first, TextNumber.double(first) != nil else { return nil }
            let isColumnFile =
                (2...4).contains(values.count)
                && TextNumber.double(first).map { $0 >= start && $0 <= start + 2 * step } ?? false
                && isColumn(lines.dropFirst(index + 1), step: step)
            if isColumnFile { return nil }
            let title = words.dropFirst(3).joined(separator: " ")
            return Header(line: index + 1, start: start, step: step, end: end, title: title)
        }
        return nil
    }

    /// Whether the first numbers of the next two lines are one step apart.
    private static func isColumn(_ lines: ArraySlice<Substring>, step: Double) -> Bool {
        let firsts = lines.lazy.compactMap { line in
            line.split { $0.isWhitespace || $0 == "," }.first.flatMap { TextNumber.double($0) }
        }.prefix(2)
        guard let first = firsts.first, let second = firsts.dropFirst().first else { return true }
        return second > first && second - first < 2.1 * step
    }

    static func parse(_ lines: [Substring], file: String) throws(CrystalFileError) -> PowderPattern {
        guard let header = header(of: lines) else {
            throw CrystalFileError(
                file: file, problem: "no line with start, step and end", remedy: "give 2θ start, step, end")
        }
        var values: [Double] = []
        for (index, line) in lines.enumerated().dropFirst(header.line) {
            for word in line.split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
                guard let value = TextNumber.double(word) else {
                    throw CrystalFileError(
                        file: file, line: index + 1, problem: "\"\(word)\" is not an intensity",
                        remedy: "give finite numbers only")
                }
                values.append(value)
            }
        }
        guard values.count >= header.count else {
            throw CrystalFileError(
                file: file, line: header.line,
                problem: "\(header.count) points are announced, \(values.count) follow",
                remedy: "give a complete file or correct start, step and end")
        }
        // Blocks are filled up with zeros to whole lines; anything else behind the end is a wrong header.
        guard values.dropFirst(header.count).allSatisfy({ $0 == 0 }) else {
            throw CrystalFileError(
                file: file, line: header.line,
                problem: "\(header.count) points are announced, \(values.count) follow",
                remedy: "correct start, step and end")
        }
        let count = header.count
        return PowderPattern(
            title: header.title,
            twoTheta: (0..<count).map { header.start + Double($0) * header.step },
            intensity: Array(values.prefix(count)))
    }
}
