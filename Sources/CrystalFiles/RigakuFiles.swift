import Crystallography

/// Rigaku RAS text and RASX archive: angle, counts, attenuator factor; the intensity is their product.
enum RigakuFile {
    static func matches(_ lines: [Substring]) -> Bool { lines.first?.hasPrefix("*RAS_") ?? false }

    static func parseRAS(_ lines: [Substring], file: String) throws(CrystalFileError) -> PowderPattern {
        var header: [String: String] = [:]
        var rows: [(line: Int, text: Substring)] = []
        var isData = false
        var scans = 0
        for (index, line) in lines.enumerated() {
            if line.hasPrefix("*RAS_INT_START") {
                isData = true
                scans += 1
            } else if line.hasPrefix("*RAS_INT_END") {
                isData = false
            } else if isData {
                rows.append((index + 1, line))
            } else if scans == 0, line.hasPrefix("*") {
                let key = line.dropFirst().prefix { !$0.isWhitespace }
                let value = line.dropFirst(key.count + 1).filter { $0 != "\"" }
                header[String(key)] = value.drop(while: \.isWhitespace).description
            }
        }
        guard scans == 1 else {
            throw CrystalFileError(
                file: file, problem: scans == 0 ? "no points" : "\(scans) scans in one file",
                remedy: "give a file with one scan")
        }
        func number(_ key: String) -> Double? {
            header[key].flatMap { TextNumber.double($0.filter { !$0.isWhitespace }) }
        }
        if let axis = header["MEAS_SCAN_AXIS_X"] ?? header["MEAS_SCAN_AXIS_X_INTERNAL"] {
            try ScanAxis.check(axis, file: file)
        }
        var pattern = try points(rows, file: file)
        pattern.title = header["FILE_SAMPLE"] ?? ""
        // The file gives no ratio; 1 : 2 is the ratio of the transition probabilities.
        pattern.radiation = .doublet(
            alpha1: number("HW_XG_WAVE_LENGTH_ALPHA1"), alpha2: number("HW_XG_WAVE_LENGTH_ALPHA2"), ratio: 0.5
        )
        return pattern
    }

    static func parseRASX(_ archive: ZipArchive, file: String) throws(CrystalFileError) -> PowderPattern {
        let names = archive.names.filter { $0.contains("Profile") && $0.hasSuffix(".txt") }
        guard let name = names.first, names.count == 1, let bytes = try archive.contents(of: name) else {
            throw CrystalFileError(
                file: file, problem: "\(names.count) scans in one file", remedy: "give a file with one scan")
        }
        let lines = TextCheck.string(bytes).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        var pattern = try points(lines.enumerated().map { ($0 + 1, $1) }, file: "\(file) (\(name))")
        let conditions = archive.names.first { $0.contains("Conditions") && $0.hasSuffix(".xml") }
        if let conditions, let bytes = try archive.contents(of: conditions), let tree = XMLTree(bytes) {
            if let scan = tree.descendants("ScanInformation").first,
                let axis = tree.text("AxisName", of: scan)
            {
                try ScanAxis.check(axis, file: file)
            }
            pattern.radiation = .doublet(
                alpha1: tree.number("WavelengthKalpha1"), alpha2: tree.number("WavelengthKalpha2"), ratio: 0.5
            )
        }
        return pattern
    }

    private static func points(
        _ rows: [(line: Int, text: Substring)], file: String
    ) throws(CrystalFileError) -> PowderPattern {
        var pattern = PowderPattern(twoTheta: [], intensity: [])
        var factors: [Double] = []
        for (line, text) in rows where !text.allSatisfy(\.isWhitespace) {
            let words = text.split(whereSeparator: \.isWhitespace)
            let numbers = words.compactMap { TextNumber.double($0) }
            guard numbers.count == words.count, numbers.count >= 2 else {
                throw CrystalFileError(
                    file: file, line: line, problem: "not 2θ, counts and attenuator factor",
                    remedy: "correct the line")
            }
            let factor = numbers.count > 2 ? numbers[2] : 1
            guard factor > 0 else {
                throw CrystalFileError(
                    file: file, line: line, problem: "an attenuator factor of \(factor)",
                    remedy: "correct the line")
            }
            pattern.twoTheta.append(numbers[0])
            pattern.intensity.append(numbers[1] * factor)
            factors.append(factor)
        }
        pattern.uncertaintySource = .counting
        pattern.sigma = AbsorberStatistics.sigma(intensity: pattern.intensity, factor: factors)
        return pattern
    }
}
