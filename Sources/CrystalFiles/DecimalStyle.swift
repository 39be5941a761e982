/// How the lines of a column file write and separate their numbers: decimal points with any separator, or decimal commas
/// with tabs, blanks or semicolons between them. Nothing in between is guessed.
package struct DecimalStyle {
    private let hasDecimalCommas: Bool

    /// - Throws: where commas may be decimal marks, separators of columns or of thousands.
    package init(_ lines: [Substring], file: String) throws(CrystalFileError) {
        var commaFirst = false
        var commaLater: Int?
        var pointLine: Int?
        var separatedByCommaOnly: (line: Int, fields: Int)?
        for (index, line) in lines.enumerated() where line.contains(where: { $0 == "," || $0 == "." }) {
            guard Self.beginsWithNumber(line) else { continue }
            let fields = Self.split(line, atCommas: false)
            // A comma at the end of a field separates: `10.0, 100`.
            if fields.contains(where: { $0.hasSuffix(",") }) {
                pointLine = pointLine ?? index + 1
                continue
            }
            if fields.count == 1, fields[0].contains(","), line.first(where: { !$0.isWhitespace }) != "\"" {
                let count = fields[0].split(separator: ",").count
                if !fields[0].contains("."), separatedByCommaOnly == nil {
                    separatedByCommaOnly = (index + 1, count)
                } else if fields[0].contains(".") {
                    pointLine = pointLine ?? index + 1
                }
                continue
            }
            guard fields.allSatisfy({ Self.isNumber($0) }) else { continue }
            if fields.contains(where: { $0.contains(".") }) { pointLine = pointLine ?? index + 1 }
            if fields[0].contains(",") { commaFirst = true }
            if fields.dropFirst().contains(where: { $0.contains(",") }) {
                commaLater = commaLater ?? index + 1
            }
        }
        let hasCommas = commaFirst || commaLater != nil
        if hasCommas, pointLine != nil || !commaFirst {
            throw CrystalFileError(
                file: file, line: commaLater ?? pointLine,
                problem: "a comma that may separate thousands or decimals",
                remedy: "write numbers with a decimal point and no other mark")
        }
        if let lone = separatedByCommaOnly, pointLine == nil, lone.fields > 3 {
            throw CrystalFileError(
                file: file, line: lone.line, problem: "commas that may be decimal marks or separate columns",
                remedy: "write decimal points, or tabs or semicolons between the columns")
        }
        hasDecimalCommas = hasCommas
    }

    /// The words of a line, quotes removed.
    package func fields(of line: Substring) -> [Substring] { Self.split(line, atCommas: !hasDecimalCommas) }

    package func number(_ field: Substring) -> Double? {
        hasDecimalCommas ? TextNumber.double(field.replacing(",", with: ".")) : TextNumber.double(field)
    }

    /// Digits with at most one mark, point or comma, between or before digits.
    private static func isNumber(_ field: Substring) -> Bool {
        field.filter { $0 == "," }.count <= 1 && TextNumber.double(field.replacing(",", with: ".")) != nil
    }

    private static func beginsWithNumber(_ line: Substring) -> Bool {
        guard let first = line.first(where: { !$0.isWhitespace && $0 != "\"" }) else { return false }
        return first.isNumber || "+-.".contains(first)
    }

    private static func split(_ line: Substring, atCommas: Bool) -> [Substring] {
        // Quotes keep their commas together.
        guard line.contains("\"") else {
            return line.split { $0.isWhitespace || $0 == ";" || (atCommas && $0 == ",") }
        }
        var fields: [Substring] = []
        for (index, part) in line.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
            if index % 2 == 1 {
                fields.append(part)
            } else {
                fields += part.split { $0.isWhitespace || $0 == ";" || $0 == "," }
            }
        }
        return fields.filter { !$0.isEmpty }
    }
}
