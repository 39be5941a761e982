import CrystalFiles

/// Which of the formats a file is of, told by content.
extension InstrumentFile {
    /// - Throws: `CrystalFileError` with the line where it can be said.
    public static func read(_ path: String) throws -> InstrumentFile {
        try parse(InstrumentText(path: path), file: path)
    }

    /// The same of a text that was read.
    package static func parse(content: String, file: String) throws -> InstrumentFile {
        try parse(InstrumentText(content: content), file: file)
    }

    private static func parse(_ text: InstrumentText, file path: String) throws -> InstrumentFile {
        if text.content.first(where: { !$0.isWhitespace }) == "{" {
            return try InstrumentJSON.read(text.content, file: path)
        }
        let lines = text.lines
        if lines.contains(where: { $0.hasPrefix("INS ") && $0.contains("ICONS") }) {
            return try GSASInstrumentFile.read(lines, file: path)
        }
        if lines.contains(where: { $0.hasPrefix("Type:") || $0.hasPrefix("Lam:") || $0.hasPrefix("Lam1:") }) {
            return try GSASIIInstrumentFile.read(lines, file: path)
        }
        if let file = try FullProfResolutionFile.read(lines, file: path) { return file }
        throw CrystalFileError(
            file: path, problem: "is no instrument that is known",
            remedy:
                "give GSAS-II's .instprm, GSAS's .prm, FullProf's .irf, or what wyckoff calibrate writes")
    }
}
