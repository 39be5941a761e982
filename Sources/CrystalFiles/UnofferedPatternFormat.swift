/// Formats of patterns that are known by their looks and not read: the refusal names them.
enum UnofferedPatternFormat {
    private static let columns = "export 2θ and counts as two columns"

    static func refuse(_ lines: [Substring], file: String) throws(CrystalFileError) {
        guard let name = name(of: lines) else { return }
        throw CrystalFileError(file: file, problem: "\(name) is not read", remedy: columns)
    }

    private static func name(of lines: [Substring]) -> String? {
        let head = lines.prefix(200)
        func begins(_ text: String) -> Bool { head.contains { $0.hasPrefix(text) } }
        if lines.first?.hasPrefix("SIETRONICS") ?? false { return "Sietronics CPI" }
        if begins("RawScan"), begins("DataAngleRange") { return "Philips UDF" }
        if begins("*TYPE"), begins("*START"), begins("*STEP") { return "Rigaku .asc" }
        let hasCounts = head.contains { ["_COUNTS", "_CPS"].contains($0.prefix { !$0.isWhitespace }) }
        if begins("_FILEVERSION") || begins("_STEPSIZE"), hasCounts { return "UXD with counts alone" }
        if isMDI(lines) { return "MDI" }
        if isCounterAndCount(lines) { return "pairs of detector and count (FullProf INSTRM 1, D1A)" }
        return nil
    }

    /// A title with date and `DIF`, then start, step, time, anode, wavelength, end, points.
    private static func isMDI(_ lines: [Substring]) -> Bool {
        guard lines.count > 2 else { return false }
        let words = lines[1].split(whereSeparator: \.isWhitespace)
        guard words.count == 7, words[3].allSatisfy(\.isLetter) else { return false }
        return [0, 1, 2, 4, 5, 6].allSatisfy { TextNumber.double(words[$0]) != nil }
    }

    /// Lines of ten fields of eight characters, a small number of detectors and a count in each.
    private static func isCounterAndCount(_ lines: [Substring]) -> Bool {
        let body = lines.dropFirst(3).prefix(20).filter { !$0.allSatisfy(\.isWhitespace) }
        guard body.count > 2,
            TextNumber.double(lines.first?.split(whereSeparator: \.isWhitespace).first ?? "") != nil
        else { return false }
        return body.dropLast().allSatisfy { line in
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count >= 8, words.count % 2 == 0 else { return false }
            return stride(from: 0, to: words.count, by: 2).allSatisfy {
                words[$0].count <= 2 && Int(words[$0]) != nil
            }
                && Set(stride(from: 0, to: words.count, by: 2).map { words[$0] }).count == 1
                && line.count == words.count / 2 * 8
        }
    }
}
