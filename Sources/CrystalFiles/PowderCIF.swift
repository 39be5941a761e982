import Crystallography
import Foundation

/// The measured profile in a powder CIF (pdCIF dictionary, Toby, Von Dreele & Larson 2003).
enum PowderCIF {
    private static let angleTags = [
        "_pd_proc_2theta_corrected", "_pd_meas_2theta_scan", "_pd_meas_2theta_corrected", "_pd_proc_2theta",
    ]
    private static let intensityTags = [
        "_pd_meas_counts_total", "_pd_meas_intensity_total", "_pd_proc_intensity_total",
        "_pd_proc_intensity_net", "_pd_meas_intensity_net", "_pd_meas_counts_net",
    ]

    static func parse(_ bytes: [UInt8], file: String) throws(CrystalFileError) -> PowderPattern {
        let document = try CIFDocument(parsing: bytes, file: file)
        for block in document.blocks {
            guard var pattern = try pattern(in: block) else { continue }
            // Wavelength and profile often stand in different blocks.
            pattern.radiation =
                radiation(in: block) ?? document.blocks.lazy.compactMap { radiation(in: $0) }.first
            return pattern
        }
        throw CrystalFileError(
            file: file, problem: "no measured powder profile in any data block",
            remedy: "give a CIF with _pd_meas_counts_total or _pd_proc_intensity_total")
    }

    private static func pattern(in block: CIFBlock) throws(CrystalFileError) -> PowderPattern? {
        let intensities = intensityTags.compactMap { block.column($0) }.filter { $0.values.count > 1 }
        guard let intensity = intensities.first else { return nil }
        let angle = angleTags.compactMap { block.column($0) }.first {
            $0.loop == intensity.loop && $0.values.count == intensity.values.count
        }
        let grid = try angle == nil ? grid(in: block, count: intensity.values.count) : nil
        guard angle != nil || grid != nil else {
            throw block.error(
                "a profile without angles", at: intensity,
                remedy: "give _pd_proc_2theta_corrected or _pd_meas_2theta_range_min, max and inc")
        }
        let esds = block.column(intensity.tag + "_su").flatMap { $0.loop == intensity.loop ? $0 : nil }
        let weights = block.column("_pd_proc_ls_weight").flatMap { $0.loop == intensity.loop ? $0 : nil }
        var twoTheta: [Double] = []
        var counts: [Double] = []
        var sigma: [Double] = []
        for row in intensity.values.indices {
            guard let text = intensity.values[row] else { continue }
            guard let measured = TextNumber.measured(text) else {
                throw block.error("\"\(text)\" is not an intensity", at: intensity, remedy: "give a number")
            }
            if let angle {
                guard let text = angle.values[row], let value = TextNumber.measured(text)?.value else {
                    throw block.error("an angle is missing", at: angle, remedy: "give 2θ of every point")
                }
                twoTheta.append(value)
            } else if let grid {
                twoTheta.append(grid.start + Double(row) * grid.step)
            }
            counts.append(measured.value)
            if let uncertainty = measured.uncertainty {
                sigma.append(uncertainty)
            } else if let text = esds?.values[row], let value = TextNumber.double(text) {
                sigma.append(value)
            } else if let text = weights?.values[row], let weight = TextNumber.double(text), weight > 0 {
                sigma.append(1 / weight.squareRoot())
            }
        }
        let title = block.text("_pd_phase_name", "_chemical_name_common", "_chemical_formula_sum")
        return PowderPattern(
            title: title ?? block.name, twoTheta: twoTheta, intensity: counts,
            sigma: sigma.count == counts.count ? PowderPatternFile.usable(sigma) : nil)
    }

    private static func grid(
        in block: CIFBlock, count: Int
    ) throws(CrystalFileError) -> (start: Double, step: Double)? {
        for kind in ["proc", "meas"] {
            guard let start = try block.number("_pd_\(kind)_2theta_range_min"),
                let step = try block.number("_pd_\(kind)_2theta_range_inc"), step > 0
            else { continue }
            if let end = try block.number("_pd_\(kind)_2theta_range_max") {
                let expected = ((end - start) / step).rounded() + 1
                // Off by one is common; more means that the grid belongs to something else.
                guard abs(expected - Double(count)) <= 1.5 else { continue }
            }
            return (start, step)
        }
        return nil
    }

    private static func radiation(in block: CIFBlock) -> Radiation? {
        guard let column = block.column("_diffrn_radiation_wavelength") else { return nil }
        let lengths = column.values.map { $0.flatMap { TextNumber.measured($0)?.value } }
        let weights = block.column("_diffrn_radiation_wavelength_wt")?.values
        let lines = lengths.enumerated().compactMap { row, length -> SpectralLine? in
            guard let length, length > 0 else { return nil }
            let weight = weights.flatMap { $0.indices.contains(row) ? $0[row] : nil }
            return SpectralLine(wavelength: length, weight: weight.flatMap { TextNumber.double($0) } ?? 1)
        }
        guard !lines.isEmpty else { return nil }
        let probe = block.text("_diffrn_radiation_probe", "_diffrn_radiation_type")?.lowercased() ?? ""
        return Radiation(probe.contains("neutron") ? .neutron : .xray, lines: lines)
    }
}
