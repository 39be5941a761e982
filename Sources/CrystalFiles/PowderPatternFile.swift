import Crystallography
import Foundation
import Publishing

/// Measured powder patterns. The format is found from the content; the name only helps where that is not
/// enough.
public enum PowderPatternFile {
    /// - Throws: a one-line reason with file, line and remedy: no numbers, one column, angles that do not
    ///   ascend, an unknown format.
    /// - Parameter path: `FILE#NAME` names the data block of a powder CIF that holds several profiles.
    public static func read(_ path: String) throws(CrystalFileError) -> PowderPattern {
        if let (file, block) = blockNamed(in: path) {
            let content = try FileContent(path: file)
            return try checked(PowderCIF.parse(content.bytes, file: file, block: block), file: file)
        }
        let content = try FileContent(path: path)
        return try parse(content.bytes, name: path)
    }

    /// A file may have the sign in its own name.
    private static func blockNamed(in path: String) -> (file: String, block: String)? {
        guard let sign = path.lastIndex(of: "#"), !FileManager.default.fileExists(atPath: path) else {
            return nil
        }
        let (file, block) = (String(path[..<sign]), String(path[sign...].dropFirst()))
        guard !block.isEmpty, FileManager.default.fileExists(atPath: file) else { return nil }
        return (file, block)
    }

    /// A pattern from the bytes of a file; `name` gives the format by its extension and stands in errors.
    /// Throws `CrystalFileError`.
    public static func parse(_ bytes: [UInt8], name: String) throws(CrystalFileError) -> PowderPattern {
        if ZipArchive.matches(bytes) {
            let archive = try ZipArchive(bytes, file: name)
            let isRigaku = archive.names.contains { $0.contains("Profile") && $0.hasSuffix(".txt") }
            let pattern =
                isRigaku
                ? try RigakuFile.parseRASX(archive, file: name) : try BRMLFile.parse(archive, file: name)
            return try checked(pattern, file: name)
        }
        if BrukerRAWFile.matches(bytes), bytes.contains(0) {
            return try checked(BrukerRAWFile.parse(bytes, file: name), file: name)
        }
        let text = TextCheck.withoutHarmlessZeros(bytes)
        try TextCheck.refuseBinary(text, file: name)
        return try checked(parseText(text, name: name), file: name)
    }

    private static func parseText(_ bytes: [UInt8], name: String) throws(CrystalFileError) -> PowderPattern {
        let text = TextCheck.string(bytes)
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        if text.prefix(4096).contains("<xrdMeasurements") { return try XRDMLFile.parse(bytes, file: name) }
        if RigakuFile.matches(lines) { return try RigakuFile.parseRAS(lines, file: name) }
        if lines.contains(where: { $0.prefix(5).lowercased() == "data_" }) {
            return try PowderCIF.parse(bytes, file: name)
        }
        if lines.contains(where: { $0.hasPrefix("BANK") }) {
            return try GSASPowderFile.parse(lines, file: name)
        }
        if StepBlockFile.matches(lines) { return try StepBlockFile.parse(lines, file: name) }
        try UnofferedPatternFormat.refuse(lines, file: name)
        return try ColumnFile.parse(lines, file: name)
    }

    /// The share of intensities below zero that taking off a background leaves at most.
    private static let mostBelowZero = 0.25

    /// What every pattern must fulfil, whatever its format.
    static func checked(_ pattern: PowderPattern, file: String) throws(CrystalFileError) -> PowderPattern {
        guard pattern.twoTheta.count >= 2 else {
            throw CrystalFileError(
                file: file, problem: "fewer than two points", remedy: "give a pattern with 2θ and intensity")
        }
        guard pattern.twoTheta.count <= Limits.points else {
            throw CrystalFileError(
                file: file, problem: "more than \(Limits.points) points", remedy: "rebin the pattern")
        }
        for line in pattern.radiation?.lines ?? [] where !Limits.wavelengths.contains(line.wavelength) {
            throw CrystalFileError(
                file: file, field: "wavelength",
                problem: "\(line.wavelength) Å is no wavelength of diffraction",
                remedy:
                    "correct it in the file: Å, \(Limits.wavelengths.lowerBound) to \(Limits.wavelengths.upperBound)"
            )
        }
        guard pattern.intensity.allSatisfy(\.isFinite), pattern.twoTheta.allSatisfy(\.isFinite) else {
            throw CrystalFileError(
                file: file, problem: "a value is not a finite number", remedy: "correct or remove it")
        }
        for i in 1..<pattern.twoTheta.count where pattern.twoTheta[i] <= pattern.twoTheta[i - 1] {
            let (before, after) = (pattern.twoTheta[i - 1], pattern.twoTheta[i])
            throw CrystalFileError(
                file: file, field: "2θ", problem: "angles do not ascend: \(after) follows \(before)",
                remedy: "sort the points by angle, one value an angle")
        }
        guard let first = pattern.twoTheta.first, let last = pattern.twoTheta.last, first > -180, last <= 180
        else {
            throw CrystalFileError(
                file: file, field: "2θ", problem: "angles beyond 180°", remedy: "give 2θ in degrees")
        }
        guard pattern.intensity.contains(where: { $0 > 0 }) else {
            throw CrystalFileError(
                file: file, problem: "no intensity above zero", remedy: "give the measured intensities")
        }
        var said = pattern
        if last <= .pi, pattern.twoTheta.count > 20 {
            said.remarks.append(
                "no angle is above \((last * 1000).rounded() / 1000)°: 2θ counts in degrees, not in radians")
        }
        let negative = pattern.intensity.count { $0 < 0 }
        if Double(negative) > mostBelowZero * Double(pattern.intensity.count) {
            said.remarks.append(
                "\(negative) of \(pattern.intensity.count) intensities are below zero: a background was taken off, or it is no powder pattern"
            )
        }
        return said
    }

    /// Two columns, 2θ and intensity, or three with σ; a comment line with the title before them.
    public static func serialise(_ pattern: PowderPattern) -> String {
        var lines: [String] = []
        let title = pattern.title.onOneLine
        if !title.isEmpty { lines.append("# \(title)") }
        for i in pattern.twoTheta.indices {
            // Angles of a grid carry rounding noise far below any goniometer's.
            let angle = (pattern.twoTheta[i] * 1e7).rounded() / 1e7
            let sigma = pattern.sigma.map { " \($0[i])" } ?? ""
            lines.append("\(angle) \(pattern.intensity[i])\(sigma)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Writes columns atomically.
    public static func write(_ pattern: PowderPattern, to path: String) throws(CrystalFileError) {
        try FileContent.write(serialise(pattern), to: path)
    }
}
