import Crystallography
import Foundation

/// What the lines before the columns say of them: the first column's quantity, a wavelength, neutrons, σ.
struct ColumnHeading {
    /// What the first column counts.
    enum Axis: Hashable {
        case degrees
        case radians
        /// 4π sinθ/λ; how many Å⁻¹ its unit is, nil where it is not said.
        case scatteringVector(perAngstrom: Double?)
        /// Å.
        case spacing
        /// Something that no wavelength turns into an angle.
        case other(String)
        /// A name that says nothing here: taken as degrees, and it is said.
        case unknown(String)
    }

    private(set) var axis = Axis.degrees
    /// Å.
    private(set) var wavelength: Double?
    private(set) var isNeutron = false
    /// The names of the columns, lower case; empty where no line holds them.
    private(set) var names: [String] = []

    /// - Parameter width: how many columns there are.
    init(_ lines: [String], width: Int) {
        for line in lines {
            let text = line.lowercased().replacing("θ", with: "theta").replacing("²", with: "2")
            if text.contains("neutron") { isNeutron = true }
            if let stated = Self.statedWavelength(text) { wavelength = stated }
        }
        // The line of names stands last; fit2d writes the axes on two lines before the number of points.
        for line in lines.suffix(4).reversed() {
            let words = Self.words(line)
            guard let found = Self.axis(of: line, words: words) else { continue }
            axis = found
            names = words
            break
        }
        if names.isEmpty { readUnusualNames(lines, width: width) }
        if names.count == width, let place = names.dropFirst().firstIndex(where: Self.isTwoTheta),
            !Self.isTwoTheta(names[0])
        {
            axis = .other("\"\(names[0])\", 2θ the column \(place + 1)")
        }
    }

    /// Names of columns among which no quantity is known, and quantities that stand elsewhere in a line.
    private mutating func readUnusualNames(_ lines: [String], width: Int) {
        for line in lines.suffix(4).reversed() {
            let words = Self.words(line)
            // A unit may stand apart: `position mm I`.
            let isNames =
                words.count == width || line.hasPrefix("#L ")
                || (words.count == width + 1 && words.last.map(Self.isIntensity) ?? false)
            if isNames, words.dropFirst().contains(where: Self.isIntensity) {
                names = words
                if Self.isTwoTheta(words[0]) { return }
                if words.count == width, words.contains(where: Self.isTwoTheta) { return }
                let head = words[0].filter { $0.isLetter || $0.isNumber }
                axis =
                    Self.other(words[0], head, words, among: Self.othersAmongNames) ?? .unknown(words[0])
                return
            }
            if words.count == width, Self.isIntensity(words[0]), words.contains(where: Self.isTwoTheta) {
                names = words
                return
            }
            if Self.namesScatteringVector(line) {
                axis = .scatteringVector(perAngstrom: Self.unit(line.lowercased()))
                return
            }
        }
    }

    /// `X-axis: Q (1/Å)`.
    private static func namesScatteringVector(_ line: String) -> Bool {
        let text = line.lowercased().filter { !$0.isWhitespace }
        return ["q(1/", "q[1/", "q(å", "q[å", "q(a", "q[a", "q(nm", "q[nm", "q_a", "q_nm", "q/nm", "q/å"]
            .contains { name in
                text.ranges(of: name).contains { range in
                    range.lowerBound == text.startIndex
                        || !text[text.index(before: range.lowerBound)].isLetter
                }
            }
    }

    private static func isTwoTheta(_ name: String) -> Bool {
        let letters = name.filter { $0.isLetter || $0.isNumber }
        return !letters.hasPrefix("sin")
            && (["2theta", "2th", "twotheta", "tth"].contains { letters.contains($0) }
                || letters.hasPrefix("angle"))
    }

    private static func isIntensity(_ name: String) -> Bool {
        let letters = name.filter { $0.isLetter || $0.isNumber }
        let whole: Set<String> = [
            "i", "y", "int", "cps", "cts", "obs", "iobs", "yobs", "det", "dos", "mu", "g", "gr", "sq",
        ]
        let beginnings = [
            "intens", "count", "signal", "detector", "impuls", "pulse", "yobs", "iobs", "height", "heatflow",
        ]
        return whole.contains(letters) || beginnings.contains { letters.hasPrefix($0) }
    }

    /// The second column by its name, where another one holds the intensities.
    func checkIntensities(width: Int, line: Int, file: String) throws(CrystalFileError) {
        guard names.count == width, width > 2, !Self.isIntensity(names[1]),
            let place = names.firstIndex(where: Self.isIntensity), place > 1
        else { return }
        throw CrystalFileError(
            file: file, line: line,
            problem: "the second column is \"\(names[1])\", the intensities are the column \(place + 1)",
            remedy: "give 2θ and intensity as the first two columns")
    }

    private static func words(_ line: String) -> [String] {
        var text = line.lowercased().replacing("θ", with: "theta").drop { "#!*'/;\"% ".contains($0) }
        // SPEC's line of names.
        if line.hasPrefix("#L ") { text = text.dropFirst(2) }
        let isSeparated = text.contains(",") || text.contains(";") || text.contains("\t")
        let separators = isSeparated ? ",;\t" : " "
        var words: [String] = []
        for part in text.split(whereSeparator: { separators.contains($0) }) {
            let word = part.trimmingCharacters(in: CharacterSet(charactersIn: " \"'"))
            // A unit in brackets belongs to the name before it.
            if let last = words.last, word.hasPrefix("(") || word.hasPrefix("[") {
                words[words.count - 1] = "\(last) \(word)"
            } else {
                words.append(word)
            }
        }
        return words
    }

    /// The quantity that the first name of a line stands for; nil where the line names none.
    private static func axis(of line: String, words: [String]) -> Axis? {
        guard let first = words.first else { return nil }
        let text = words.joined(separator: " ")
        let letters = first.filter { $0.isLetter || $0.isNumber }
        let head = letters.isEmpty ? first : letters
        if ["2theta", "twotheta", "tth", "2th", "angle", "thetatwotheta", "theta2theta", "pos2th"].contains(
            where: { head.hasPrefix($0) }) || text.hasPrefix("2 theta") || text.hasPrefix("two theta")
        {
            if text.contains("mrad") || text.contains("millirad") { return .other("in milliradians") }
            return isInRadians(text) ? .radians : .degrees
        }
        if head == "rad" || (head.hasPrefix("theta") || head == "th"), isInRadians(text) {
            return head == "rad" ? .radians : .other("θ")
        }
        if head == "theta" || head.hasPrefix("thetadeg") { return .other("θ") }
        if isName("q", first) || text.hasPrefix("scattering vector") || head.hasPrefix("scatteringvector")
            || text.hasPrefix("momentum transfer") || head.hasPrefix("momentumtransfer")
        {
            return .scatteringVector(perAngstrom: unit(text))
        }
        if head.hasPrefix("dspac") || head.hasPrefix("dvalue") || isName("d", first) { return .spacing }
        return other(first, head, words, among: others)
    }

    /// Quantities under which no one writes a title.
    private static let others = [
        "tof": "a time of flight", "timeofflight": "a time of flight", "energy": "an energy",
        "channel": "a channel", "omega": "ω", "r": "a distance", "stol": "sinθ/λ", "sinth": "sinθ/λ",
        "wavelength": "a wavelength",
    ]
    /// Words that titles may begin with: quantities in a line of names only.
    private static let othersAmongNames = [
        "radius": "a distance", "sin2": "a sine", "s": "a length of reciprocal space",
        "k": "a length of reciprocal space", "chi": "χ", "phi": "φ", "azimuth": "an azimuth",
        "time": "a time",
        "epoch": "a time", "temp": "a temperature", "pixel": "a pixel", "position": "a position",
        "wavenumber": "a wavenumber", "raman": "a Raman shift", "frequency": "a frequency",
        "lambda": "a wavelength",
    ]

    private static func other(
        _ first: String, _ head: String, _ words: [String], among quantities: [String: String]
    ) -> Axis? {
        for (name, meaning) in quantities.sorted(by: { $0.key < $1.key })
        where name.count > 2 ? head.hasPrefix(name) : isName(name, first) {
            // `wavelength 1.54` and `time 300 s` are no columns.
            return words.dropFirst().contains { $0.first?.isNumber ?? false } ? nil : .other(meaning)
        }
        return nil
    }

    /// `q`, `q_nm^-1`, `Q(1/A)`, `d/Å`, not `quartz` and not the path `d/phase.cif`.
    private static func isName(_ name: String, _ word: String) -> Bool {
        guard word.hasPrefix(name) else { return false }
        let rest = word.dropFirst(name.count)
        guard let next = rest.first else { return true }
        if next == "/" { return isUnit(rest.dropFirst()) }
        return !next.isLetter && !next.isNumber
    }

    /// `å`, `nm`, `1/a`, `a^-1`: of length or its inverse, as they stand behind a stroke.
    private static func isUnit(_ text: Substring) -> Bool {
        let letters = String(text.filter(\.isLetter))
        let unitless = text.allSatisfy { $0.isLetter || $0.isNumber || "/^-+(){}[],;".contains($0) }
        return unitless && ["å", "a", "ang", "angstrom", "nm", "pm", "m", "deg"].contains(letters)
    }

    private static func isInRadians(_ text: String) -> Bool {
        ["(rad", "[rad", "_rad", "/rad", " rad ", "radian"].contains { (text + " ").contains($0) }
            && !text.contains("radiation")
    }

    private static func unit(_ text: String) -> Double? {
        if text.contains("nm") { return 0.1 }
        let angstroms = ["å", "1/a", "a-1", "a^-1", "a^{-1}", "angstrom", "ang", "(a", "_a"]
        return angstroms.contains { text.contains($0) } ? 1 : nil
    }

    /// `wavelength 1.5406`, `Wavelength: 1.5406e-10m`, `lambda = 0.041 nm`, in Å.
    private static func statedWavelength(_ text: String) -> Double? {
        guard let range = text.range(of: "wavelength") ?? text.range(of: "lambda") else { return nil }
        let rest = text[range.upperBound...].drop { !$0.isNumber && $0 != "." && $0 != "\n" }
        let digits = rest.prefix { $0.isNumber || ".e+-".contains($0) }
        guard var value = TextNumber.double(digits.trimmingCharacters(in: CharacterSet(charactersIn: "e+-")))
        else {
            return nil
        }
        let unit = rest.dropFirst(digits.count).drop { " ([,;\"".contains($0) }
        if unit.hasPrefix("nm") {
            value *= 10
        } else if value < 1e-8 {
            // Metres: no wavelength of diffraction is so short in Å.
            value = (value * 1e16).rounded() / 1e6
        }
        return Limits.wavelengths.contains(value) ? value : nil
    }

    /// Cu Kα as headers state it: the doublet that is taken without a wavelength says more.
    func isUsualTube(_ wavelength: Double) -> Bool {
        !isNeutron && axis == .degrees && self.wavelength == wavelength
            && (1.5403...1.5420).contains(wavelength)
    }

    /// Which column holds σ; nil for none.
    func sigmaColumn(count: Int) -> Int? {
        let marks = ["sig", "esd", "su", "e.s.d", "err", "unc", "std", "σ", "dev", "e"]
        let named =
            names.count == count
            ? names.firstIndex { name in
                marks.contains { name == $0 || ($0.count > 2 && name.hasPrefix($0)) }
            } : nil
        if let named, named > 1 { return named }
        let others = ["calc", "ycal", "fit", "model", "back", "bkg", "diff"]
        let isOther = names.count == count && others.contains { names.last?.contains($0) ?? false }
        return count == 3 && !isOther ? 2 : nil
    }

    /// The angles of the first column.
    func twoTheta(
        _ values: [Double], wavelength: Double?, line: Int, file: String
    ) throws(CrystalFileError) -> (degrees: [Double], remarks: [String]) {
        func refusal(_ quantity: String, _ missing: String) -> CrystalFileError {
            CrystalFileError(
                file: file, line: line, problem: "the first column is \(quantity), not 2θ in degrees",
                remedy: missing)
        }
        let degree = 180 / Double.pi
        switch axis {
        case .degrees: return (values, [])
        case .unknown(let name):
            return (values, ["the first column is called \"\(name)\": it is taken as 2θ in degrees"])
        case .radians: return (values.map { $0 * degree }, ["2θ is converted from radians"])
        case .other(let quantity): throw refusal(quantity, "give 2θ in degrees")
        case .scatteringVector(let unit):
            guard let unit else { throw refusal("Q without a unit", "name it Q (1/Å) or Q (1/nm)") }
            guard let wavelength else {
                throw refusal("Q", "give 2θ, or state the wavelength before the columns")
            }
            return try Self.angles(
                values.map { $0 * unit * wavelength / (4 * .pi) }, "Q", wavelength, line, file)
        case .spacing:
            guard let wavelength else {
                throw refusal("d", "give 2θ, or state the wavelength before the columns")
            }
            return try Self.angles(values.map { wavelength / (2 * $0) }, "d", wavelength, line, file)
        }
    }

    private static func angles(
        _ sines: [Double], _ quantity: String, _ wavelength: Double, _ line: Int, _ file: String
    ) throws(CrystalFileError) -> (degrees: [Double], remarks: [String]) {
        guard sines.allSatisfy({ $0 > 0 && $0 <= 1 }) else {
            throw CrystalFileError(
                file: file, line: line, problem: "\(quantity) that no angle has at \(wavelength) Å",
                remedy: "correct the unit or the wavelength")
        }
        return (
            sines.map { 2 * asin($0) * 180 / .pi }, ["2θ is converted from \(quantity) with \(wavelength) Å"]
        )
    }
}
