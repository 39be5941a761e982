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
    private static let processedTags = ["_pd_proc_intensity_total", "_pd_proc_intensity_net"]

    /// - Parameter name: the data block whose profile is wanted; nil for the first that has one.
    static func parse(
        _ bytes: [UInt8], file: String, block name: String? = nil
    ) throws(CrystalFileError) -> PowderPattern {
        let document = try CIFDocument(parsing: bytes, file: file)
        var found: (pattern: PowderPattern, block: CIFBlock)?
        var profiles: [String] = []
        for block in document.blocks where intensity(in: block) != nil {
            profiles.append(block.name)
            guard found == nil, name == nil || name?.lowercased() == block.name.lowercased() else { continue }
            if let pattern = try pattern(in: block) { found = (pattern, block) }
        }
        if let name, found == nil {
            throw CrystalFileError(
                file: file, field: "data_\(name)",
                problem: "no measured powder profile in a block of this name",
                remedy: profiles.isEmpty
                    ? "give a CIF with one" : "there are \(profiles.joined(separator: ", "))")
        }
        guard case (var pattern, let block)? = found else {
            throw CrystalFileError(
                file: file, problem: "no measured powder profile in any data block",
                remedy: "give a CIF with _pd_meas_counts_total or _pd_proc_intensity_total")
        }
        if profiles.count > 1, name == nil {
            pattern.remarks.append(
                "\(profiles.count) profiles in the file: that of data_\(block.name) is taken, not that of "
                    + profiles.filter { $0 != block.name }.map { "data_\($0)" }.joined(separator: ", ")
                    + "; FILE#NAME takes the block NAME")
        }
        let source = try PowderCIFRadiation(block: block, others: document.blocks)
        (pattern.radiation, pattern.probe) = (source.radiation, source.probe)
        pattern.remarks += source.remarks
        return pattern
    }

    private static func intensity(in block: CIFBlock) -> CIFColumn? {
        intensityTags.lazy.compactMap { block.column($0) }.first { $0.values.count > 1 }
    }

    private static func pattern(in block: CIFBlock) throws(CrystalFileError) -> PowderPattern? {
        guard let intensity = intensity(in: block) else { return nil }
        let angles = try angles(of: intensity, in: block)
        var (twoTheta, counts): ([Double], [Double]) = ([], [])
        var rows: [Int] = []
        var sigma: [Double?] = []
        let esds = column(intensity.tag + "_su", beside: intensity, in: block)
        for row in intensity.values.indices {
            guard let text = intensity.values[row] else { continue }
            guard let measured = TextNumber.measured(text) else {
                throw block.error("\"\(text)\" is not an intensity", at: intensity, remedy: "give a number")
            }
            guard let angle = angles[row] else {
                throw block.error("an angle is missing", at: intensity, remedy: "give 2θ of every point")
            }
            twoTheta.append(angle)
            counts.append(measured.value)
            rows.append(row)
            sigma.append(measured.uncertainty ?? esds?.values[row].flatMap { TextNumber.measured($0)?.value })
        }
        var stated = StatedUncertainties(deviations: sigma, intensity: counts)
        if stated.sigma == nil, let weights = column("_pd_proc_ls_weight", beside: intensity, in: block) {
            stated = try weighted(weights, rows: rows, counts: counts, intensity: intensity, in: block)
        }
        var remarks = stated.remarks
        let missing = intensity.values.count - counts.count
        if missing > 0 { remarks.append("\(missing) points without an intensity are left out") }
        remarks += asides(of: intensity, twoTheta, in: block) + otherProfiles(than: intensity, in: block)
        let title = block.text("_pd_phase_name", "_chemical_name_common", "_chemical_formula_sum")
        return PowderPattern(
            title: title ?? block.name, twoTheta: twoTheta, intensity: counts, sigma: stated.sigma,
            uncertaintySource: stated.source, remarks: remarks)
    }

    /// Profiles in loops of their own, and a loop that repeats the tags of the one before.
    private static func otherProfiles(than taken: CIFColumn, in block: CIFBlock) -> [String] {
        let others = intensityTags.compactMap { block.column($0) }.filter {
            $0.loop != taken.loop && $0.values.count > 1
        }
        let repeated = block.duplicateTags.filter { (intensityTags + angleTags).contains($0) }
        return others.map {
            "the profile of \(taken.tag), \(taken.values.count) points, is taken, not that of \($0.tag), "
                + "\($0.values.count) points"
        }
            + repeated.prefix(1).map {
                "\($0) stands more than once in data_\(block.name); the first profile is taken"
            }
    }

    /// What the block says of the angles beside their list.
    private static func asides(
        of intensity: CIFColumn, _ twoTheta: [Double], in block: CIFBlock
    ) -> [String] {
        var remarks: [String] = []
        if let regions = block.text("_pd_proc_info_excluded_regions"), regions.contains(where: \.isNumber) {
            let line = regions.split(whereSeparator: \.isNewline).joined(separator: " ")
            remarks.append(
                "regions that the file excludes are not left out: \(line.prefix(80)); --exclude does")
        }
        if let offset = block.text("_pd_calib_2theta_offset").flatMap({ TextNumber.measured($0)?.value }),
            offset != 0
        {
            remarks.append("the offset of 2θ that the file states, \(offset)°, is not applied")
        }
        guard let first = twoTheta.first, let last = twoTheta.last else { return remarks }
        for kind in ["meas", "proc"] {
            let ends = ["min", "max"].map { end in
                block.text("_pd_\(kind)_2theta_range_\(end)").flatMap { TextNumber.measured($0)?.value }
            }
            guard let from = ends[0], let to = ends[1], from > last || to < first else { continue }
            remarks.append("the list of angles is taken, not the range from \(from) to \(to)°")
        }
        return remarks
    }

    private static func column(_ tag: String, beside other: CIFColumn, in block: CIFBlock) -> CIFColumn? {
        guard let column = block.column(tag), column.loop == other.loop,
            column.values.count == other.values.count
        else { return nil }
        return column
    }

    /// The weights of a least-squares fit belong to the processed intensities; where those are other numbers than the
    /// counts, σ goes with their ratio.
    private static func weighted(
        _ weights: CIFColumn, rows: [Int], counts: [Double], intensity: CIFColumn, in block: CIFBlock
    ) throws(CrystalFileError) -> StatedUncertainties {
        var values: [Double?] = []
        for row in rows {
            guard let text = weights.values[row] else {
                values.append(nil)
                continue
            }
            guard let value = TextNumber.measured(text)?.value else {
                throw block.error("\"\(text)\" is not a weight", at: weights, remedy: "give a number")
            }
            values.append(value)
        }
        let processed = processedTags.lazy.compactMap { column($0, beside: intensity, in: block) }.first
        guard let processed, processed.tag != intensity.tag else {
            return StatedUncertainties(weights: values, intensity: counts)
        }
        for (index, row) in rows.enumerated() {
            guard let weight = values[index], let text = processed.values[row],
                let value = TextNumber.measured(text)?.value, value > 0, counts[index] > 0
            else { continue }
            let ratio = value / counts[index]
            values[index] = weight * ratio * ratio
        }
        return StatedUncertainties(weights: values, intensity: counts)
    }

    /// 2θ of every row, nil where the row has none.
    private static func angles(
        of intensity: CIFColumn, in block: CIFBlock
    ) throws(CrystalFileError) -> [Double?] {
        if let column = angleTags.lazy.compactMap({ column($0, beside: intensity, in: block) }).first {
            return column.values.map { $0.flatMap { TextNumber.measured($0)?.value } }
        }
        if let grid = try grid(in: block, count: intensity.values.count) {
            return intensity.values.indices.map { grid.start + Double($0) * grid.step }
        }
        let others = [
            "_pd_meas_time_of_flight": "times of flight", "_pd_proc_energy_incident": "energies",
            "_pd_proc_d_spacing": "d spacings", "_pd_proc_recip_len_q": "Q",
        ]
        for (tag, name) in others.sorted(by: { $0.key > $1.key }) where block.column(tag) != nil {
            throw block.error(
                "a profile over \(name), without angles", at: intensity,
                remedy: "give one of angles, with _pd_proc_2theta_corrected")
        }
        throw block.error(
            "a profile without angles", at: intensity,
            remedy: "give _pd_proc_2theta_corrected or _pd_meas_2theta_range_min, max and inc")
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
}
