import CrystalFiles
import Crystallography
import Diffraction
import Foundation

/// GSAS-II's instrument parameters: `name:value` a line; the names are those of its documentation ("Instrument
/// parameters", constant wavelength).
enum GSASIIInstrumentFile {
    private static let known: Set<String> = [
        "Type", "Bank", "Lam", "Lam1", "Lam2", "I(L2)/I(L1)", "Zero", "Polariz.", "U", "V", "W", "X", "Y",
        "Z",
        "SH/L", "Azimuth", "Source",
    ]

    static func read(_ lines: [String], file: String) throws(CrystalFileError) -> InstrumentFile {
        var words: [String: (text: String, line: Int)] = [:]
        var isSecondBank = false
        for (number, line) in lines.enumerated() {
            if line.hasPrefix("#") {
                // Banks stand one after the other, each behind a comment of its number.
                if line.contains("Bank"), !words.isEmpty { isSecondBank = true }
                continue
            }
            guard !isSecondBank, let colon = line.firstIndex(of: ":") else { continue }
            let name = line[..<colon].trimmingCharacters(in: .whitespaces)
            let text = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            if words[name] == nil { words[name] = (text, number + 1) }
        }
        func number(_ name: String) throws(CrystalFileError) -> Double? {
            guard let word = words[name] else { return nil }
            guard let value = Double(word.text), value.isFinite else {
                throw CrystalFileError(
                    file: file, line: word.line, field: name, problem: "'\(word.text)' is no number",
                    remedy: "write \(name):0.0")
            }
            return value
        }
        let type = words["Type"]?.text ?? "PXC"
        guard type.count >= 3, type.hasPrefix("P"), type.dropFirst(2).first == "C" || type.hasPrefix("PXA")
        else {
            throw CrystalFileError(
                file: file, line: words["Type"]?.line,
                problem: "'\(type)' is no powder instrument of constant wavelength",
                remedy: "give one of type PXC or PNC")
        }
        let probe: Radiation.Probe = type.hasPrefix("PN") ? .neutron : .xray
        let (single, doublet) = (try number("Lam"), try number("Lam1"))
        guard let first = single ?? doublet, first > 0 else {
            throw CrystalFileError(file: file, problem: "no wavelength", remedy: "write Lam:1.5406")
        }
        var others: [SpectralLine] = []
        if words["Lam"] == nil, let second = try number("Lam2"), second > 0 {
            others.append(SpectralLine(wavelength: second, weight: try number("I(L2)/I(L1)") ?? 0.5))
        }
        var instrument = Instrument(
            radiation: Radiation(probe, first: SpectralLine(wavelength: first), others: others))
        instrument.zero = try number("Zero") ?? 0
        instrument.polarization = GSASUnits.polarization(try number("Polariz.") ?? 0.5)
        // A tube with its doublet stands before a flat sample, a monochromatic beam before a capillary.
        instrument.geometry = others.isEmpty ? .debyeScherrer : .braggBrentano
        instrument.widths = PeakWidths(
            u: (try number("U") ?? 0) * GSASUnits.variance, v: (try number("V") ?? 0) * GSASUnits.variance,
            w: (try number("W") ?? 0) * GSASUnits.variance, x: (try number("X") ?? 0) * GSASUnits.width,
            y: (try number("Y") ?? 0) * GSASUnits.width)
        // One number for both, which are taken to be equal.
        if let sum = try number("SH/L"), sum > 0 {
            instrument.axial = AxialDivergence(sample: sum / 2, slit: sum / 2)
        }
        var remarks: [String] = []
        if let z = try number("Z"), z != 0 {
            remarks.append("Z, a Lorentzian width for all angles, is passed over")
        }
        let passed = words.keys.filter { !known.contains($0) }.sorted()
        if !passed.isEmpty { remarks.append("passed over: \(passed.joined(separator: ", "))") }
        if isSecondBank { remarks.append("of several banks the first is taken") }
        return InstrumentFile(instrument, remarks: remarks)
    }
}
