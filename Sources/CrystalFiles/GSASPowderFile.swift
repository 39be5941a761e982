import Crystallography
import Foundation

/// GSAS raw powder data: a title line, comments, then `BANK n points records CONST start step 0 0 type`
/// with start and step in centidegrees (Larson & Von Dreele, GSAS manual, LAUR 86-748).
///
/// Types read: STD (counts in ten fields of eight characters, the first two of a field a multiplicity),
/// ESD (five pairs intensity, σ) and FXYE or FXY (2θ in centidegrees, intensity, σ).
enum GSASPowderFile {
    private struct Bank {
        var line: Int
        var points: Int
        var start: Double
        var step: Double
        var type: String
    }

    static func parse(_ lines: [Substring], file: String) throws(CrystalFileError) -> PowderPattern {
        let banks = lines.indices.filter { lines[$0].hasPrefix("BANK") }
        guard let first = banks.first else {
            throw CrystalFileError(file: file, problem: "no BANK line", remedy: "give a GSAS raw data file")
        }
        guard banks.count == 1 else {
            throw CrystalFileError(
                file: file, line: banks[1] + 1, problem: "\(banks.count) banks",
                remedy: "give a file with one bank")
        }
        let bank = try bank(lines[first], line: first + 1, file: file)
        let body = lines[(first + 1)...]
        var pattern: PowderPattern
        switch bank.type {
        case "STD": pattern = try standard(body, bank: bank, file: file)
        case "ESD": pattern = try pairs(body, bank: bank, file: file)
        case "FXYE", "FXY": pattern = try columns(body, bank: bank, file: file)
        default:
            throw CrystalFileError(
                file: file, line: bank.line, problem: "the GSAS type \(bank.type) is not read",
                remedy: "give STD, ESD, FXY or FXYE")
        }
        pattern.title = lines[0].hasPrefix("BANK") ? "" : lines[0].trimmingCharacters(in: .whitespaces)
        pattern.radiation = radiation(lines[..<first])
        return pattern
    }

    private static func bank(_ text: Substring, line: Int, file: String) throws(CrystalFileError) -> Bank {
        let words = text.split(whereSeparator: \.isWhitespace)
        let isConstant = words.count > 4 && words[4].hasPrefix("CON")
        guard words.count >= 7, isConstant, let points = Int(words[2]), points > 0, points < 10_000_000,
            let start = TextNumber.double(words[5]), let step = TextNumber.double(words[6]), step > 0
        else {
            let problem =
                words.count > 4 && !isConstant
                ? "a \(words[4]) bank is not a constant-step pattern" : "the BANK line is not complete"
            throw CrystalFileError(
                file: file, line: line, problem: problem,
                remedy: "give BANK n points records CONST start step 0 0 type")
        }
        let type = words.count > 9 ? String(words[9]) : "STD"
        return Bank(line: line, points: points, start: start / 100, step: step / 100, type: type)
    }

    /// 11-BM writes its wavelength into a comment.
    private static func radiation(_ head: ArraySlice<Substring>) -> Radiation? {
        for line in head where line.lowercased().contains("wavelength") {
            guard let text = line.split(separator: "=").last?.trimmingCharacters(in: .whitespaces),
                let value = TextNumber.double(text), value > 0
            else { continue }
            return Radiation(.xray, wavelength: value)
        }
        return nil
    }

    private static func standard(
        _ body: ArraySlice<Substring>, bank: Bank, file: String
    ) throws(CrystalFileError) -> PowderPattern {
        var intensity: [Double] = []
        var sigma: [Double] = []
        var leftOut = 0
        for (index, line) in zip(body.indices, body) {
            var rest = line[...]
            while intensity.count < bank.points, !rest.allSatisfy(\.isWhitespace) {
                let field = rest.prefix(8)
                rest = rest.dropFirst(8)
                guard let counts = TextNumber.double(field.dropFirst(2).filter { !$0.isWhitespace }) else {
                    throw wrong(field, line: index, file: file)
                }
                let multiplicity = max(1, TextNumber.double(field.prefix(2).filter { !$0.isWhitespace }) ?? 1)
                intensity.append(counts)
                sigma.append((max(counts, 1) / multiplicity).squareRoot())
            }
            leftOut += surplus(rest)
        }
        return said(
            try assembled(bank, intensity: intensity, sigma: sigma, file: file), leftOut: leftOut)
    }

    private static func pairs(
        _ body: ArraySlice<Substring>, bank: Bank, file: String
    ) throws(CrystalFileError) -> PowderPattern {
        var values: [Double] = []
        var leftOut = 0
        for (index, line) in zip(body.indices, body) {
            let words = line.split(whereSeparator: \.isWhitespace)
            let wanted = words.prefix(2 * bank.points - values.count)
            for word in wanted {
                guard let value = TextNumber.double(word) else { throw wrong(word, line: index, file: file) }
                values.append(value)
            }
            // Intensity and σ.
            leftOut += (surplus(words.dropFirst(wanted.count).joined(separator: " ")) + 1) / 2
        }
        let pattern = try assembled(
            bank, intensity: stride(from: 0, to: values.count, by: 2).map { values[$0] },
            sigma: stride(from: 1, to: values.count, by: 2).map { values[$0] }, file: file)
        return said(pattern, leftOut: leftOut)
    }

    private static func columns(
        _ body: ArraySlice<Substring>, bank: Bank, file: String
    ) throws(CrystalFileError) -> PowderPattern {
        var twoTheta: [Double] = []
        var intensity: [Double] = []
        var sigma: [Double] = []
        var leftOut = 0
        for (index, line) in zip(body.indices, body) {
            guard twoTheta.count < bank.points else {
                if surplus(line) > 1 { leftOut += 1 }
                continue
            }
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let first = words.first, first.first != "#" else { continue }
            let numbers = words.prefix(3).compactMap { TextNumber.double($0) }
            guard numbers.count == words.prefix(3).count, numbers.count >= 2 else {
                throw wrong(line, line: index, file: file)
            }
            if twoTheta.isEmpty, abs(numbers[0] / 100 - bank.start) > bank.step {
                throw CrystalFileError(
                    file: file, line: index + 1,
                    problem:
                        String(
                            format: "the first point stands at %g°, the BANK line says %g°", numbers[0] / 100,
                            bank.start),
                    remedy: "correct the BANK line; angles and steps count in hundredths of a degree")
            }
            twoTheta.append(numbers[0] / 100)
            intensity.append(numbers[1])
            if numbers.count > 2 { sigma.append(numbers[2]) }
        }
        guard twoTheta.count == bank.points else { throw short(bank, found: twoTheta.count, file: file) }
        guard sigma.count == twoTheta.count else {
            guard sigma.isEmpty else {
                throw CrystalFileError(
                    file: file, line: bank.line, problem: "\(twoTheta.count) points, \(sigma.count) with σ",
                    remedy: "give σ for every point")
            }
            return said(PowderPattern(twoTheta: twoTheta, intensity: intensity), leftOut: leftOut)
        }
        return said(
            pattern(twoTheta, intensity, StatedUncertainties(deviations: sigma, intensity: intensity)),
            leftOut: leftOut)
    }

    /// Numbers that are not zero behind the announced points; records are filled up with zeros.
    private static func surplus(_ text: some StringProtocol) -> Int {
        text.split(whereSeparator: \.isWhitespace).count { TextNumber.double($0).map { $0 != 0 } ?? false }
    }

    private static func said(_ pattern: PowderPattern, leftOut points: Int) -> PowderPattern {
        guard points > 0 else { return pattern }
        var pattern = pattern
        pattern.remarks.append("\(points) points beyond those of the BANK line are left out")
        return pattern
    }

    private static func assembled(
        _ bank: Bank, intensity: [Double], sigma: [Double], file: String
    ) throws(CrystalFileError) -> PowderPattern {
        guard intensity.count == bank.points, sigma.count == bank.points else {
            throw short(bank, found: min(intensity.count, sigma.count), file: file)
        }
        // The last record is filled up with zeros, which some programs count as points.
        let measured = (intensity.lastIndex { $0 != 0 } ?? -1) + 1
        let counts = Array(intensity.prefix(measured))
        return pattern(
            (0..<measured).map { bank.start + Double($0) * bank.step }, counts,
            StatedUncertainties(deviations: Array(sigma.prefix(measured)), intensity: counts))
    }

    private static func pattern(
        _ twoTheta: [Double], _ intensity: [Double], _ stated: StatedUncertainties
    ) -> PowderPattern {
        PowderPattern(
            twoTheta: twoTheta, intensity: intensity, sigma: stated.sigma, uncertaintySource: stated.source,
            remarks: stated.remarks)
    }

    private static func wrong(_ text: Substring, line: Int, file: String) -> CrystalFileError {
        CrystalFileError(
            file: file, line: line + 1, problem: "\"\(text)\" is not what the BANK line announces",
            remedy: "correct the line or the type on the BANK line")
    }

    private static func short(_ bank: Bank, found: Int, file: String) -> CrystalFileError {
        CrystalFileError(
            file: file, line: bank.line, problem: "\(bank.points) points are announced, \(found) follow",
            remedy: "give a complete file")
    }
}
