import Foundation

/// A list of lines of a powder pattern that a person made or edited: position, then intensity and σ where they are known.
package struct LineListFile: Sendable {
    /// A row of it.
    package struct Row: Sendable, Hashable {
        /// As it stands: 2θ in degrees or d in Å.
        package var position: Double
        package var intensity: Double?
        /// Degrees 2θ.
        package var sigma: Double?
    }

    /// In the order of the file.
    package private(set) var rows: [Row] = []

    /// - Parameters:
    ///   - positions: what may stand first.
    ///   - meaning: what errors call it.
    /// - Throws: `CrystalFileError` with the line that cannot be read.
    package init(
        readingFrom path: String, positions: ClosedRange<Double>, meaning: String
    ) throws(CrystalFileError) {
        let text = try FileContent(path: path).text()
        for (number, row) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated()
        {
            let content = row.prefix { $0 != "#" && $0 != "!" }
            let words = content.split { $0.isWhitespace || $0 == "," || $0 == ";" }
            guard !words.isEmpty else { continue }
            rows.append(try Self.row(words, positions, meaning, file: path, line: number + 1))
        }
        guard !rows.isEmpty else {
            throw CrystalFileError(
                file: path, problem: "lists no line", remedy: "give \(meaning), intensity, σ: one line a row")
        }
    }

    private static func row(
        _ words: [Substring], _ positions: ClosedRange<Double>, _ meaning: String, file: String, line: Int
    ) throws(CrystalFileError) -> Row {
        var numbers: [Double] = []
        for word in words {
            guard let value = Double(word), value.isFinite else {
                throw CrystalFileError(
                    file: file, line: line, problem: "'\(word)' is no number",
                    remedy: "give \(meaning), intensity, σ; what follows # is passed over")
            }
            numbers.append(value)
        }
        guard numbers.count <= 3 else {
            throw CrystalFileError(
                file: file, line: line, problem: "\(numbers.count) numbers",
                remedy: "give \(meaning), intensity, σ and no more")
        }
        guard positions.contains(numbers[0]) else {
            throw CrystalFileError(
                file: file, line: line, problem: "'\(words[0])' is no \(meaning) of a line",
                remedy: "give \(positions.lowerBound) to \(positions.upperBound)")
        }
        let sigma = numbers.count > 2 ? numbers[2] : nil
        guard (sigma ?? 0.01) > 0, (sigma ?? 0.01) < 5 else {
            throw CrystalFileError(
                file: file, line: line, problem: "'\(words[2])' is no σ of an angle",
                remedy: "give degrees 2θ above 0 and below 5, or leave it out")
        }
        return Row(
            position: numbers[0], intensity: numbers.count > 1 ? numbers[1] : nil, sigma: sigma)
    }
}
