import Crystallography
import Foundation

/// Two or three columns: 2θ in degrees, intensity, standard uncertainty. Blanks, tabs, commas or semicolons
/// between them; comment and title lines anywhere before the numbers.
enum ColumnFile {
    static func parse(_ lines: [Substring], file: String) throws(CrystalFileError) -> PowderPattern {
        var twoTheta: [Double] = []
        var intensity: [Double] = []
        var sigma: [Double] = []
        var title = ""
        for (index, line) in lines.enumerated() {
            let words = line.split { $0.isWhitespace || $0 == "," || $0 == ";" }
            guard let first = words.first else { continue }
            if "#!*'/\"".contains(first.prefix(1)) {
                if title.isEmpty { title = line.drop { !$0.isLetter && !$0.isNumber }.description }
                continue
            }
            guard let angle = TextNumber.double(first) else {
                if twoTheta.isEmpty {
                    if title.isEmpty { title = line.description }
                    continue
                }
                throw CrystalFileError(
                    file: file, line: index + 1, problem: "\"\(first)\" is not a number",
                    remedy: "give 2θ and intensity, one pair a line")
            }
            guard words.count >= 2 else {
                throw CrystalFileError(
                    file: file, line: index + 1, problem: "one column only",
                    remedy: "give 2θ and intensity, one pair a line")
            }
            guard let counts = TextNumber.double(words[1]) else {
                if twoTheta.isEmpty { continue }
                throw CrystalFileError(
                    file: file, line: index + 1, problem: "\"\(words[1])\" is not an intensity",
                    remedy: "give a finite number")
            }
            if let last = twoTheta.last, angle <= last {
                throw CrystalFileError(
                    file: file, line: index + 1, field: "2θ",
                    problem: "angles do not ascend: \(angle) follows \(last)",
                    remedy: "sort the points by angle, one value an angle")
            }
            twoTheta.append(angle)
            intensity.append(counts)
            if words.count >= 3, let s = TextNumber.double(words[2]) { sigma.append(s) }
        }
        guard !twoTheta.isEmpty else {
            throw CrystalFileError(
                file: file, problem: "no powder pattern of a known format",
                remedy: "give 2θ and intensity, one pair a line")
        }
        return PowderPattern(
            title: title.trimmingCharacters(in: .whitespaces), twoTheta: twoTheta, intensity: intensity,
            sigma: sigma.count == twoTheta.count ? PowderPatternFile.usable(sigma) : nil)
    }
}
