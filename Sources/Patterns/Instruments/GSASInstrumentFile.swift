import CrystalFiles
import Crystallography
import Diffraction
import Foundation

/// GSAS's instrument parameter file (Larson & Von Dreele, LAUR 86-748, chapter "Instrument parameter file"): records with
/// a key of 12 columns. Read are HTYPE, ICONS (wavelengths, zero, polarisation, Kα2/Kα1) and the first profile PRCF of
/// type 2 or 3.
enum GSASInstrumentFile {
    static func read(_ lines: [String], file: String) throws(CrystalFileError) -> InstrumentFile {
        let records = Dictionary(
            lines.enumerated().compactMap { number, line -> (String, Record)? in
                guard line.hasPrefix("INS"), line.count > 12 else { return nil }
                let key = line.prefix(12).split(separator: " ").dropFirst().joined(separator: " ")
                return (key, Record(text: Array(line.dropFirst(12)), line: number + 1, file: file))
            }, uniquingKeysWith: { first, _ in first })
        let type = records["HTYPE"]?.words.first ?? "PXCR"
        guard type.hasPrefix("PXC") || type.hasPrefix("PNC") else {
            throw CrystalFileError(
                file: file, line: records["HTYPE"]?.line,
                problem: "'\(type)' is no powder instrument of constant wavelength",
                remedy: "give one of type PXCR or PNCR")
        }
        let isNeutron = type.hasPrefix("PNC")
        guard let constants = records["1 ICONS"] else {
            throw CrystalFileError(
                file: file, problem: "no record INS  1 ICONS", remedy: "give wavelengths and zero in one")
        }
        // 3F10, ten columns of nothing, F10, I5, F10.
        let first = try constants.number(0, 10)
        guard first > 0 else {
            throw CrystalFileError(
                file: file, line: constants.line, problem: "no wavelength",
                remedy: "write it in columns 13–22")
        }
        let (second, zero) = (try constants.number(10, 10), try constants.number(20, 10))
        let (polarization, kind) = (try constants.number(40, 10), try constants.number(50, 5))
        let ratio = try constants.number(55, 10)
        let others = second > 0 ? [SpectralLine(wavelength: second, weight: ratio > 0 ? ratio : 0.5)] : []
        var instrument = Instrument(
            radiation: Radiation(
                isNeutron ? .neutron : .xray, first: SpectralLine(wavelength: first), others: others))
        instrument.zero = zero * GSASUnits.width
        instrument.geometry = others.isEmpty ? .debyeScherrer : .braggBrentano
        // IPOLA 1: (1 + POLA cos²2θ); 0: ((1 − POLA) cos²2θ + POLA).
        instrument.polarization =
            kind == 1
            ? min(1, max(0, polarization)) : GSASUnits.polarization(polarization > 0 ? polarization : 0.5)
        var result = InstrumentFile(instrument)
        try profile(records, &result, file: file)
        return result
    }

    /// PRCF1 names type, number and cutoff; PRCF11, PRCF12 … hold four coefficients each.
    private static func profile(
        _ records: [String: Record], _ result: inout InstrumentFile, file: String
    ) throws(CrystalFileError) {
        guard let head = records["1PRCF1"], let kind = head.words.first.flatMap({ Int($0) }) else {
            result.remarks.append("the file has no profile")
            return
        }
        var values: [Double] = []
        for key in ["1PRCF11", "1PRCF12", "1PRCF13"] {
            guard let record = records[key] else { break }
            for word in record.words {
                guard let value = Double(word) else {
                    throw CrystalFileError(
                        file: file, line: record.line, problem: "'\(word)' is no number",
                        remedy: "write four numbers")
                }
                values.append(value)
            }
        }
        values += [Double](repeating: 0, count: max(0, 12 - values.count))
        func widths(p: Double, x: Double, y: Double) -> PeakWidths {
            PeakWidths(
                u: values[0] * GSASUnits.variance, v: values[1] * GSASUnits.variance,
                w: values[2] * GSASUnits.variance, p: p * GSASUnits.variance, x: x * GSASUnits.width,
                y: y * GSASUnits.width)
        }
        switch kind {
        case 2:
            result.instrument.widths = widths(p: values[8], x: values[3], y: values[4])
            if values[6] != 0 {
                result.remarks.append("the asymmetry of profile function 2 is passed over; free SL")
            }
        case 3, 4:
            result.instrument.widths = widths(
                p: kind == 3 ? values[3] : 0, x: values[4], y: kind == 3 ? values[5] : 0)
            let heights = kind == 3 ? (values[6], values[7]) : (0, 0)
            if heights.0 > 0 || heights.1 > 0 {
                result.instrument.axial = AxialDivergence(sample: heights.0, slit: heights.1)
            }
            if kind == 4 { result.remarks.append("of profile function 4 U, V, W and LX are taken") }
        default:
            result.remarks.append("the profile function \(kind) is none of 2, 3 and 4: widths are the usual")
        }
    }

    private struct Record {
        let text: [Character]
        let line: Int
        let file: String

        var words: [String] { String(text).split(separator: " ").map(String.init) }

        /// A field of fixed columns; blank is 0.
        func number(_ start: Int, _ length: Int) throws(CrystalFileError) -> Double {
            guard start < text.count else { return 0 }
            let field = String(text[start..<min(text.count, start + length)])
                .trimmingCharacters(in: .whitespaces)
            if field.isEmpty { return 0 }
            guard let value = Double(field), value.isFinite else {
                throw CrystalFileError(
                    file: file, line: line,
                    problem: "'\(field)' in columns \(start + 13) to \(start + 12 + length) is no number",
                    remedy: "write the record in its columns (F10)")
            }
            return value
        }
    }
}
