import ArgumentParser
import Jobs
import Wyckoff

/// How a measured pattern is fitted: what `refine` says of every pattern beside how it is calculated.
struct FittingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Part of the pattern to leave out; may be repeated.", valueName: "from:to"))
    var exclude: [String] = []

    @Option(
        help: "chebyshev, or inverse-q: n!/Q^2n (GSAS's function 5), for what air scatters.",
        completion: .list(BackgroundFunction.allCases.map(\.rawValue)))
    var backgroundFunction = "chebyshev"

    @Option(help: "Number of terms, 0 to 36.")
    var backgroundTerms = 6

    @Option(
        help: ArgumentHelp(
            "March–Dollase plane and ratio, in the order of the files; none for a file without.",
            valueName: "h,k,l:ratio"))
    var preferredOrientation: [String] = []

    @Option(
        help: ArgumentHelp(
            "Texture of a sample that is spun or pressed along its normal, by the harmonics of the Laue class: their largest order, or C2.1=0.4,C4.1=-0.2; in the order of the files, none for a file without.",
            valueName: "order|C…=value,…"))
    var texture: [String] = []

    @Option(
        help: ArgumentHelp(
            "Microstrain that differs with direction, by the invariants of the Laue class (Stephens 1999): the strain to begin with, or S400=1.2,S004=0.4,zeta=0.5 (10⁻⁸ Å⁻⁴; zeta: the Lorentzian share); in the order of the files, none for a file without.",
            valueName: "strain|S…=value,…"))
    var microstrain: [String] = []

    func check(files: Int) throws {
        guard BackgroundFunction(rawValue: backgroundFunction) != nil else {
            let known = BackgroundFunction.allCases.map(\.rawValue).joined(separator: " or ")
            throw ValidationError("--background-function takes \(known), not '\(backgroundFunction)'")
        }
        guard (0...36).contains(backgroundTerms) else {
            throw ValidationError("--background-terms takes a number from 0 to 36")
        }
        _ = try exclude.map { try AngleRange.parse($0, option: "--exclude") }
        _ = try PreferredOrientationList.parse(preferredOrientation, files: files)
        _ = try MicrostrainList.parse(microstrain, files: files)
        _ = try TextureList.parse(texture, files: files)
    }

    /// The pattern inside --range, and what fits it.
    func item(of pattern: String, _ options: PatternOptions, files: Int) throws -> RefinementJob.Item {
        var measured = try PowderPatternFile.read(pattern)
        if let range = try options.range.map({ try AngleRange.parse($0, option: "--range") }) {
            measured = measured.restricted(to: range)
        }
        guard measured.twoTheta.count >= 10 else {
            throw CrystalFileError(
                file: pattern, problem: "only \(measured.twoTheta.count) points lie within --range",
                remedy: "widen the range")
        }
        var simulation = try options.simulation(of: measured)
        for remark in measured.remarks { Terminal.error("\(pattern): \(remark)") }
        if !measured.weighting.hasExpectedR { Terminal.error("\(pattern): \(measured.weighting.sentence)") }
        simulation.preferredOrientations = try PreferredOrientationList.parse(
            preferredOrientation, files: files)
        simulation.textures = try TextureList.parse(texture, files: files)
        simulation.microstrains = try MicrostrainList.parse(microstrain, files: files)
        var refinement = PatternRefinement(simulation: simulation)
        refinement.backgroundFunction = BackgroundFunction(rawValue: backgroundFunction) ?? .chebyshev
        refinement.backgroundTerms = backgroundTerms
        var item = RefinementJob.Item(
            name: pattern, measured,
            excluded: try exclude.map { try AngleRange.parse($0, option: "--exclude") }, refinement)
        if let wavelength = options.wavelength, wavelength != "file" {
            let radiation = simulation.instrument.radiation
            item.illumination = Double(wavelength) == nil ? .emission(radiation) : .number(radiation)
        }
        item.isWavelengthAssumed =
            options.wavelength == nil && options.instrument == nil && measured.radiation == nil
        return item
    }
}

/// Another pattern of the same sample, as --with gives it: a file and the options of `refine` that concern it.
struct FurtherPattern: ParsableArguments {
    @Argument(help: "The measured pattern.", completion: .file())
    var pattern: String

    @OptionGroup var options: PatternOptions

    @OptionGroup var fitting: FittingOptions

    func check(files: Int) throws {
        try fitting.check(files: files)
        _ = try options.range.map { try AngleRange.parse($0, option: "--range") }
    }
}

/// Words between blanks; quotes keep blanks together.
struct ShellWords {
    let words: [String]

    init(_ text: String) {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in text {
            if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let whole = word { words.append(whole) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        self.words = words
    }
}
