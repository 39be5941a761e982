import Foundation

/// The rows of numbers in a column file and the lines that stand before them.
struct ColumnTable {
    struct Row {
        /// From 1.
        var line: Int
        var values: [Double]
    }

    private(set) var heading: [String] = []
    private(set) var rows: [Row] = []
    private(set) var title = ""

    /// How many columns every row has.
    var width: Int { rows.last?.values.count ?? 0 }

    private static let commentMarks = "#!*'/"

    init(_ lines: [Substring], file: String) throws(CrystalFileError) {
        let style = try DecimalStyle(lines, file: file)
        for (index, line) in lines.enumerated() {
            let fields = style.fields(of: line)
            guard let first = fields.first else { continue }
            let isComment =
                first.first.map { Self.commentMarks.contains($0) } ?? false || line.first == ";"
                || (line.drop(while: \.isWhitespace).first == "\"" && style.number(first) == nil)
            if isComment || (rows.isEmpty && style.number(first) == nil) {
                if rows.isEmpty { heading.append(String(line)) }
                if title.isEmpty {
                    title = (isComment ? line.drop { !$0.isLetter && !$0.isNumber } : line).description
                }
                continue
            }
            guard style.number(first) != nil else {
                if Self.endWords.contains(first.lowercased()), index == lines.lastIndex(where: Self.hasText) {
                    break
                }
                throw CrystalFileError(
                    file: file, line: index + 1, problem: "\"\(first)\" is not a number",
                    remedy: "give 2θ and intensity, one pair a line")
            }
            var values: [Double] = []
            for field in fields {
                guard let value = style.number(field) else { break }
                values.append(value)
            }
            // A title that begins with a number; behind the first row of numbers it is a fault.
            if rows.isEmpty, values.count < 2, fields.count > 1 {
                heading.append(String(line))
                if title.isEmpty { title = line.description }
                continue
            }
            guard values.count == fields.count else {
                throw CrystalFileError(
                    file: file, line: index + 1,
                    problem: "\"\(fields[values.count])\" is not an intensity",
                    remedy: "give a finite number")
            }
            try append(Row(line: index + 1, values: values), file: file)
        }
        guard !rows.isEmpty else {
            throw CrystalFileError(
                file: file, problem: "no powder pattern of a known format",
                remedy: "give 2θ and intensity, one pair a line")
        }
        title = title.trimmingCharacters(in: .whitespaces)
    }

    private static let endWords: Set<String> = ["end", "eof", "stop"]

    private static func hasText(_ line: Substring) -> Bool { !line.allSatisfy(\.isWhitespace) }

    private mutating func append(_ row: Row, file: String) throws(CrystalFileError) {
        let columns = rows.last?.values.count ?? row.values.count
        // The first line of numbers may be a header: one number, or start, step and end.
        let mayDiffer = rows.count == 1 && [1, 3].contains(columns) && row.values.count > 1
        guard columns == row.values.count || mayDiffer else {
            if row.values.count == 1 || (columns == 1 && rows.count > 1) {
                throw CrystalFileError(
                    file: file, line: row.line, problem: "one column only",
                    remedy: "give 2θ and intensity, one pair a line")
            }
            throw CrystalFileError(
                file: file, line: row.line,
                problem: "\(row.values.count) columns, \(columns) in the lines before",
                remedy: "give every point the same columns, without separators between thousands")
        }
        rows.append(row)
    }

    func column(_ index: Int) -> [Double] { rows.map { $0.values[index] } }

    /// Removes a header of numbers before the columns.
    ///
    /// - Returns: the wavelength, where the header is one.
    mutating func takeLeadingNumber(file: String) throws(CrystalFileError) -> Double? {
        let header = rows[0]
        guard header.values.count == 1 || (header.values.count == 3 && width != 3) else {
            guard width == 1 else { return nil }
            throw oneColumn(header.line, file)
        }
        guard rows.count > 1, width > 1 else { throw oneColumn(header.line, file) }
        rows.removeFirst()
        let (value, count) = (header.values[0], rows.count)
        if header.values.count == 3 {
            let (first, last) = (rows[0].values[0], rows[count - 1].values[0])
            let step = (last - first) / Double(max(1, count - 1))
            guard abs(value - first) < 0.5 * abs(step), abs(header.values[2] - last) < 0.5 * abs(step) else {
                throw CrystalFileError(
                    file: file, line: header.line,
                    problem: "three numbers before \(width) columns that are not their start, step and end",
                    remedy: "remove the line or make it a comment")
            }
            return nil
        }
        if value == Double(count) { return nil }
        // The wavelengths of diffractometers; DASH writes one in front of its columns.
        if value != value.rounded(), (0.1...6).contains(value) { return value }
        throw CrystalFileError(
            file: file, line: header.line,
            problem:
                "\(value.formatted) stands before the columns, neither their number (\(count)) nor a wavelength",
            remedy: "remove the line or make it a comment")
    }

    private func oneColumn(_ line: Int, _ file: String) -> CrystalFileError {
        CrystalFileError(
            file: file, line: line, problem: "one column only",
            remedy: "give 2θ and intensity, one pair a line")
    }

    /// A first column 0, 1, 2 … beside a second one that ascends in even steps of its own numbers the points.
    func checkIndexColumn(file: String) throws(CrystalFileError) {
        guard width > 2, rows.count > 10 else { return }
        let (index, angle) = (column(0), column(1))
        // Time, angle and counts; angle, d and counts.
        let isRunning =
            Self.isMonotonic(angle) && !Self.isMonotonic(column(2)) && Set(column(2)).count > 10
        let isNumbered =
            zip(index.dropFirst(), index).allSatisfy { $0 - $1 == 1 } && [0, 1].contains(index[0])
        if isRunning, !isNumbered, rows.count > 20 {
            throw CrystalFileError(
                file: file, line: rows[0].line,
                problem: "the second column runs in one direction, as no intensities do",
                remedy: "give 2θ and intensity as the first two columns")
        }
        guard zip(index.dropFirst(), index).allSatisfy({ $0 - $1 == 1 }), [0, 1].contains(index[0]) else {
            return
        }
        let steps = zip(angle.dropFirst(), angle).map { $0 - $1 }
        guard let least = steps.min(), let most = steps.max(), least > 0, most < 1.5 * least else { return }
        throw CrystalFileError(
            file: file, line: rows[0].line, problem: "the first column numbers the points",
            remedy: "remove it: 2θ, intensity, σ")
    }

    private static func isMonotonic(_ values: [Double]) -> Bool {
        let pairs = zip(values.dropFirst(), values)
        return pairs.allSatisfy { $0 > $1 } || pairs.allSatisfy { $0 < $1 }
    }

    /// A lone first point far before the others is a header of two numbers.
    func checkFirstPoint(_ twoTheta: [Double], file: String) throws(CrystalFileError) {
        guard twoTheta.count > 20 else { return }
        let steps = zip(twoTheta.dropFirst(), twoTheta).map { $0 - $1 }
        guard let most = steps.dropFirst().max(), steps[0] > 50 * most else { return }
        throw CrystalFileError(
            file: file, line: rows[0].line,
            problem: "the first line stands \(steps[0].formatted)° before the others, as a header would",
            remedy: "remove the line or make it a comment")
    }
}

extension Double {
    /// Whole numbers without a point.
    fileprivate var formatted: String { self == rounded() && abs(self) < 1e15 ? "\(Int(self))" : "\(self)" }
}
