import Crystallography

/// What a powder CIF says of its radiation: in the profile's own block, else in the others where they agree.
struct PowderCIFRadiation {
    private(set) var radiation: Radiation?
    private(set) var probe: Radiation.Probe?
    private(set) var remarks: [String] = []

    init(block: CIFBlock, others: [CIFBlock]) throws(CrystalFileError) {
        probe = try Self.probe(in: block)
        if probe == nil {
            var stated: Set<Radiation.Probe> = []
            for other in others { if let probe = try Self.probe(in: other) { stated.insert(probe) } }
            if stated.count == 1 { probe = stated.first }
        }
        var lines = try Self.lines(in: block)
        if lines == nil {
            // Wavelength and profile often stand in different blocks.
            var stated: [[SpectralLine]] = []
            for other in others {
                if let own = try Self.lines(in: other), !stated.contains(own) { stated.append(own) }
            }
            if stated.count > 1 {
                remarks.append(
                    "\(stated.count) wavelengths are stated, none in data_\(block.name): give --wavelength")
            } else {
                lines = stated.first
            }
        }
        if let lines {
            radiation = Radiation(probe ?? .xray, lines: lines)
            remarks += Self.disagreements(of: lines, in: block)
        } else if let name = block.text("_diffrn_radiation_type"), probe != .neutron {
            // The doublet of a named anode; copper is what is taken anyway.
            let letters = name.lowercased().filter { $0.isLetter || $0.isNumber }
            let isDoublet =
                letters.hasPrefix("cuk") && !letters.contains("b")
                && (!letters.contains("1") || letters.contains("2"))
            if !isDoublet { remarks.append("the file states \(name) and no wavelength: give --wavelength") }
        }
    }

    /// Kα1 of the anodes of tubes, Å (Hölzer et al., Phys. Rev. A 1997, 4554; Bearden, Rev. Mod. Phys. 1967, 78).
    private static let anodes: [(name: String, wavelength: Double)] = [
        ("cr", 2.2897), ("fe", 1.9360), ("co", 1.7890), ("cu", 1.5406), ("mo", 0.7093), ("ag", 0.5594),
    ]
    /// Relative: from Kα1 to Kα2, and to the mean of both.
    private static let doublet = 0.01

    /// Statements of a wavelength beside the one that was taken.
    private static func disagreements(of lines: [SpectralLine], in block: CIFBlock) -> [String] {
        guard let taken = lines.first?.wavelength else { return [] }
        var remarks: [String] = []
        if let other = block.text("_pd_proc_wavelength").flatMap({ TextNumber.measured($0)?.value }),
            !lines.contains(where: { abs($0.wavelength / other - 1) < doublet })
        {
            remarks.append("two wavelengths are stated: \(taken) Å is taken, not \(other) Å")
        }
        let name = (block.text("_diffrn_radiation_type") ?? "").lowercased().filter(\.isLetter)
        for anode in anodes where name.hasPrefix(anode.name + "k") && !name.hasPrefix(anode.name + "kb") {
            guard abs(taken / anode.wavelength - 1) > doublet else { continue }
            remarks.append(
                "\(taken) Å is not the wavelength of \(block.text("_diffrn_radiation_type") ?? ""), which is stated too"
            )
        }
        for anode in anodes where abs(10 * taken / anode.wavelength - 1) < 1e-3 {
            remarks.append("\(taken) Å is a tenth of a tube's wavelength: wavelengths are in Å, not in nm")
        }
        return remarks
    }

    private static func probe(in block: CIFBlock) throws(CrystalFileError) -> Radiation.Probe? {
        let tags = [
            "_diffrn_radiation_probe", "_diffrn_radiation_type", "_diffrn_radiation_source", "_diffrn_source",
        ]
        for tag in tags {
            guard let text = block.text(tag)?.lowercased() else { continue }
            if ["neutron", "reactor", "spallation"].contains(where: { text.contains($0) }) {
                return .neutron
            }
            if text.contains("electron"), !text.contains("synchrotron"), tag == tags[0] || tag == tags[1] {
                throw block.error(
                    "\"\(text)\" is neither x-rays nor neutrons", at: block.column(tag),
                    remedy: "give a pattern of x-rays or neutrons")
            }
            if text.contains("x-ray") || text.contains("xray") || text.contains("synchrotron") {
                return .xray
            }
            if tag == tags[0] {
                throw block.error(
                    "\"\(text)\" is neither x-rays nor neutrons", at: block.column(tag),
                    remedy: "give a pattern of x-rays or neutrons")
            }
        }
        return nil
    }

    private static func lines(in block: CIFBlock) throws(CrystalFileError) -> [SpectralLine]? {
        if let column = block.column("_diffrn_radiation_wavelength", "_diffrn_radiation_wavelength_value") {
            let weights = block.column("_diffrn_radiation_wavelength_wt")?.values
            var lines: [SpectralLine] = []
            for (row, text) in column.values.enumerated() {
                guard let text else { continue }
                let length = try wavelength(text, at: column, in: block)
                let weight =
                    weights.flatMap { $0.indices.contains(row) ? $0[row] : nil }
                    .flatMap { TextNumber.measured($0)?.value } ?? 1
                if weight > 0 { lines.append(SpectralLine(wavelength: length, weight: weight)) }
            }
            if !lines.isEmpty { return lines }
        }
        guard let column = block.column("_pd_proc_wavelength") else { return nil }
        var values: Set<Double> = []
        for text in column.values {
            if let text { values.insert(try wavelength(text, at: column, in: block)) }
        }
        guard values.count < 2 else {
            throw block.error(
                "the wavelength differs from point to point", at: column,
                remedy: "give a pattern of one wavelength")
        }
        return values.first.map { [SpectralLine(wavelength: $0)] }
    }

    private static func wavelength(
        _ text: String, at column: CIFColumn, in block: CIFBlock
    ) throws(CrystalFileError) -> Double {
        guard let value = TextNumber.measured(text)?.value else {
            throw block.error("\"\(text)\" is not a wavelength", at: column, remedy: "give Å")
        }
        guard Limits.wavelengths.contains(value) else {
            throw block.error("\(value) Å is no wavelength of diffraction", at: column, remedy: "give Å")
        }
        return value
    }
}
