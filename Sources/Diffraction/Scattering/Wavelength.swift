import Crystallography
import ReferenceData

/// X-ray wavelengths by name.
public enum Wavelength {
    /// Which measurement of the emission lines: Cu Kα1 is 1.5405929 Å on the Hölzer scale, 1.540562 Å on Bearden's.
    public enum Scale: String, Sendable, Hashable, CaseIterable {
        /// Hölzer et al. 1997 (Cr–Cu), Deslattes et al. 2003 (Mo, Ag).
        case holzer
        /// Bearden 1967.
        case old
    }

    /// The Kα1, Kα2 and Kβ1 lines of an anode in Å.
    public struct Lines: Sendable, Hashable {
        /// Kα₁, Å (International Tables C, 4.2.2).
        public let kAlpha1: Double
        /// Kα₂, Å.
        public let kAlpha2: Double
        /// Kβ₁, Å.
        public let kBeta1: Double
    }

    /// - `anode`: an element's symbol: Cr Mn Fe Co Ni Cu Mo Ag (no Mn on the old scale).
    public static func lines(anode: Element, scale: Scale = .holzer) -> Lines? {
        table[Key(anode: anode, scale: scale.rawValue)]
    }

    /// A radiation from what a user types: `CuKa` (the doublet, 2:1), `CuKa1`, `CuKa2`, `CuKb`, `Cu` (as `CuKa`),
    /// `CuKa-emission` (every line of Kα with the width of its emission), with α, β, spaces, hyphens and any case allowed, or a number in Å.
    public static func radiation(
        named text: String, probe: Radiation.Probe = .xray, scale: Scale = .holzer
    ) throws(DiffractionError) -> Radiation {
        if let number = Double(text) {
            try check(number)
            return Radiation(probe, wavelength: number)
        }
        guard probe == .xray else { throw .neutronsOfTube(text) }
        let name = text.lowercased().replacing("α", with: "a").replacing("β", with: "b")
            .replacing("alpha", with: "a").replacing("beta", with: "b").filter { $0.isLetter || $0.isNumber }
        if let element = Element(symbol: name.prefix(2)), name.dropFirst(2) == "kaemission" {
            guard let lines = emission(anode: element) else { throw .unknownWavelength(text) }
            guard let radiation = Radiation(probe, lines: lines) else { throw .unknownWavelength(text) }
            return radiation
        }
        guard let element = Element(symbol: name.prefix(2)), let lines = lines(anode: element, scale: scale)
        else { throw .unknownWavelength(text) }
        switch name.dropFirst(2) {
        case "", "ka", "ka12":
            return Radiation(
                probe, first: SpectralLine(wavelength: lines.kAlpha1, weight: 1),
                others: [SpectralLine(wavelength: lines.kAlpha2, weight: 0.5)])
        case "ka1": return Radiation(probe, wavelength: lines.kAlpha1)
        case "ka2": return Radiation(probe, wavelength: lines.kAlpha2)
        case "kb", "kb1": return Radiation(probe, wavelength: lines.kBeta1)
        default: throw .unknownWavelength(text)
        }
    }

    /// The anode of whose Kα doublet a wavelength in Å is the weighted mean, as textbooks give it (Cu 1.5418, Mo 0.7107), within 0.0003 Å; nil
    /// for any other.
    package static func anode(ofMean wavelength: Double) -> Element? {
        table.filter { key, lines in
            abs((2 * lines.kAlpha1 + lines.kAlpha2) / 3 - wavelength) < 3e-4
        }.keys.map(\.anode).first
    }

    /// The lines of the anode whose Kα₁ (any scale), or whose mean as textbooks give it, is a wavelength in Å within 0.0003 Å; nil for any
    /// other.
    private static func lines(near wavelength: Double) -> Lines? {
        func distance(_ lines: Lines) -> Double {
            let mean = (2 * lines.kAlpha1 + lines.kAlpha2) / 3
            return min(abs(lines.kAlpha1 - wavelength), abs(mean - wavelength))
        }
        return table.values.min { distance($0) < distance($1) }.flatMap { distance($0) < 3e-4 ? $0 : nil }
    }

    /// The Kα doublet (2:1) of the anode to which a wavelength in Å belongs; nil where it is none's.
    package static func doublet(near wavelength: Double) -> Radiation? {
        lines(near: wavelength).map { lines in
            Radiation(
                first: SpectralLine(wavelength: lines.kAlpha1),
                others: [SpectralLine(wavelength: lines.kAlpha2, weight: 0.5)])
        }
    }

    /// Kβ₁ of the anode to whose Kα a wavelength in Å belongs, Å; nil where it is none's.
    package static func beta(near wavelength: Double) -> Double? { lines(near: wavelength)?.kBeta1 }

    /// - Throws: where a wavelength in Å lies outside `Limits.wavelengths`, metres for example.
    package static func check(_ wavelength: Double) throws(DiffractionError) {
        guard wavelength > 0, wavelength.isFinite else { throw .wavelengthNotPositive(wavelength) }
        guard Limits.wavelengths.contains(wavelength) else { throw .wavelengthBeyondLimits(wavelength) }
    }

    /// The Lorentzian lines that an anode's Kα emission is made of (Hölzer et al. 1997), strongest first; Cu alone.
    package static func emission(anode: Element) -> [SpectralLine]? {
        let lines = ReferenceTable.rows(wyckoff_table_emission_lines()).compactMap { cell -> SpectralLine? in
            let numbers = cell.dropFirst(2).compactMap { Double($0) }
            guard Element(symbol: cell[0]) == anode, numbers.count == 3 else { return nil }
            let wavelength = PhotonEnergy.electronVoltÅngström / numbers[0]
            return SpectralLine(
                wavelength: wavelength, weight: numbers[2], width: wavelength * numbers[1] / numbers[0])
        }
        return lines.isEmpty ? nil : lines
    }

    private struct Key: Hashable {
        let anode: Element
        let scale: String
    }

    private static let table: [Key: Lines] = {
        var table: [Key: Lines] = [:]
        for cell in ReferenceTable.rows(wyckoff_table_wavelengths()) {
            let numbers = cell.dropFirst(2).compactMap { Double($0) }
            guard let anode = Element(symbol: cell[0]), numbers.count == 3 else { continue }
            table[Key(anode: anode, scale: String(cell[1]))] = Lines(
                kAlpha1: numbers[0], kAlpha2: numbers[1], kBeta1: numbers[2])
        }
        return table
    }()
}
