import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization

/// The powder pattern of one crystal or of a mixture, as a diffractometer would record it without noise.
public struct PatternSimulation: Sendable {
    /// The instrument.
    public var instrument: Instrument
    /// The table of form factors.
    public var scatteringTable = ScatteringTable.wk95
    /// Whether f′ and f″ are applied, where the wavelength is known.
    public var dispersion = true
    /// Weight fractions, one for each crystal, of any sum; nil for equal parts.
    public var fractions: [Double]?
    /// One for each crystal, or none.
    public var preferredOrientations: [PowderModel.PreferredOrientation?] = []
    /// Microstrain by invariants, one for each crystal, or none.
    package var microstrains: [MicrostrainStart?] = []
    /// Texture by harmonics, one for each crystal, or none.
    package var textures: [TextureStart?] = []
    /// exp(−2 B sin²θ/λ²) over all intensities, Å².
    public var overallB = 0.0
    /// Chebyshev coefficients over the grid's range, in the unit of `highest`.
    public var background: [Double] = []
    /// Where the highest point of the pattern without background lies; nil leaves the sum of
    /// volume fraction · m LP ⟨|F|²⟩/V² times the profiles as it is.
    public var highest: Double? = 10_000

    private static let mostReflections = 5_000_000

    /// Patterns as this instrument would measure them.
    public init(instrument: Instrument) {
        self.instrument = instrument
    }

    /// A reflection inside the range.
    public struct Reflection: Sendable, Hashable {
        /// Index into the crystals.
        public let phase: Int
        /// In the crystal's cell.
        public let index: SIMD3<Int>
        /// The number of equivalent reflections.
        public let multiplicity: Int
        /// Å.
        public let d: Double
        /// Degrees, of the first spectral line, shifts included.
        public let twoTheta: Double
        /// √⟨|F|²⟩ in electrons (fm for neutrons) for the crystal's cell.
        public let structureFactor: Double
        /// m O LP A ⟨|F|²⟩ e^{−2Bq} of the first spectral line; in a mixture times volume fraction/V².
        public let intensity: Double
    }

    /// A calculated pattern with its reflections.
    public struct Result: Sendable {
        /// The model that was calculated.
        public let model: PowderModel
        /// Degrees 2θ.
        public let twoTheta: [Double]
        /// One value for each angle, background included.
        public let calculated: [Double]
        /// One value for each angle.
        public let background: [Double]
        /// Ascending in 2θ.
        public let reflections: [Reflection]
        /// What limits the pattern, a line each.
        public let warnings: [String]

        /// As a pattern, to be written or compared.
        public var pattern: PowderPattern {
            PowderPattern(
                twoTheta: twoTheta, intensity: calculated, radiation: model.instrument.radiation)
        }
    }

    /// The model of the crystals, scaled by their weight fractions: scale = weight/density, the volume fraction,
    /// because intensity goes with volume · ⟨|F|²⟩/V² (Hill & Howard, J. Appl. Cryst. 20 (1987) 467).
    package func model(_ crystals: [PatternCrystal]) throws -> PowderModel {
        let weights = fractions ?? [Double](repeating: 1, count: crystals.count)
        guard weights.count == crystals.count else {
            throw PatternError.badFractions(
                "\(weights.count) fractions for \(crystals.count) files; give one for each")
        }
        let sum = weights.reduce(0, +)
        guard weights.allSatisfy({ $0 >= 0 && $0.isFinite }), sum > 0 else {
            throw PatternError.badFractions("fractions are numbers from 0 up, at least one above 0")
        }
        var volumes = zip(crystals, weights).map { $0.density > 0 ? $1 / sum / $0.density : 0 }
        let total = volumes.reduce(0, +)
        volumes = volumes.map { $0 / total }
        let phases = try crystals.indices.map { k in
            var phase = PowderModel.Phase(
                crystals[k].structure, name: "phase\(k + 1)", scale: volumes[k], overallB: overallB,
                preferredOrientation: k < preferredOrientations.count ? preferredOrientations[k] : nil)
            if k < microstrains.count {
                phase.microstrain = try microstrains[k]?.microstrain(of: crystals[k].structure)
            }
            if k < textures.count {
                phase.texture = try textures[k]?.texture(of: crystals[k].structure)
            }
            return phase
        }
        return PowderModel(
            phases: phases, instrument: instrument, scatteringTable: scatteringTable, dispersion: dispersion)
    }

    /// - Parameter twoTheta: degrees, ascending.
    package func simulate(_ crystals: [PatternCrystal], twoTheta: [Double]) throws -> Result {
        let warnings = try check(crystals, end: twoTheta.last ?? 0)
        var model = try model(crystals)
        let calculation = try PowderCalculation(model, twoTheta: twoTheta)
        let reflections = self.reflections(of: calculation, crystals, twoTheta)
        guard !reflections.isEmpty else {
            let (longest, wavelength) = (Self.longestSpacing(calculation), instrument.radiation.wavelength)
            throw PatternError.noReflection(
                from: twoTheta.first ?? 0, to: twoTheta.last ?? 0, longestSpacing: longest,
                wavelength: wavelength)
        }
        var net = calculation.calculated
        if let highest, let top = net.max(), top > 0 {
            for k in model.phases.indices { model.phases[k].scale *= highest / top }
            net = net.map { $0 * highest / top }
        }
        model.background = background
        let domain = Chebyshev(domain: twoTheta[0]...max(twoTheta[twoTheta.count - 1], twoTheta[0] + 1e-6))
        let base = twoTheta.map { angle in
            zip(background, domain.values(at: angle, count: background.count)).reduce(0) { $0 + $1.0 * $1.1 }
        }
        return Result(
            model: model, twoTheta: twoTheta, calculated: zip(net, base).map { $0 + $1 }, background: base,
            reflections: reflections, warnings: warnings)
    }

    /// Refuses what would take all the memory, and warns where a table ends.
    private func check(_ crystals: [PatternCrystal], end: Double) throws -> [String] {
        for line in instrument.radiation.lines { try Wavelength.check(line.wavelength) }
        let s = sin(min(end, 180) * .pi / 360) / instrument.radiation.shortestWavelength
        for crystal in crystals {
            let count = 4 / 3 * Double.pi * pow(2 * s, 3) * crystal.structure.lattice.volume / 2
            guard count < Double(Self.mostReflections) else {
                throw PatternError.tooManyReflections(Int(min(count, 1e15)))
            }
        }
        guard instrument.radiation.probe != .neutron else { return [] }
        let limit: Double = scatteringTable == .wk95 ? 6 : 2
        let standIns = neutralStandIns(crystals)
        guard s > limit else { return standIns }
        return standIns + [
            "sinθ/λ reaches \((s * 100).rounded() / 100) Å⁻¹; the table \(scatteringTable.rawValue) was fitted to "
                + "\(limit) Å⁻¹"
        ]
    }

    /// Ions that scatter as neutral atoms because the table knows no such charge.
    private func neutralStandIns(_ crystals: [PatternCrystal]) -> [String] {
        let species = crystals.flatMap { $0.structure.orbits.flatMap { $0.occupants.map(\.species) } }
        let ions = Set(
            species.filter { FormFactor.isNeutralStandIn(for: $0, table: scatteringTable) }.map(\.description)
        )
        guard !ions.isEmpty else { return [] }
        return [
            "the table \(scatteringTable.rawValue) has no form factor of \(ions.sorted().joined(separator: ", ")); "
                + "the neutral atom's is taken"
        ]
    }

    private func reflections(
        of calculation: PowderCalculation, _ crystals: [PatternCrystal], _ twoTheta: [Double]
    ) -> [Reflection] {
        let wavelength = instrument.radiation.wavelength
        let range = (twoTheta.first ?? 0)...(twoTheta.last ?? 0)
        let phases = calculation.model.phases
        return calculation.reflections.compactMap { reflection in
            let sine = wavelength / (2 * reflection.d)
            guard sine < 1, let position = reflection.twoTheta,
                range.contains(asin(sine) * 360 / .pi)
            else { return nil }
            let phase = phases[reflection.phase]
            let volume = phase.structure.lattice.volume
            let unit = phases.count == 1 ? volume * volume / phase.scale : 1
            return Reflection(
                phase: reflection.phase, index: reflection.index, multiplicity: reflection.multiplicity,
                d: reflection.d, twoTheta: position, structureFactor: reflection.structureFactor,
                intensity: reflection.intensity * unit)
        }.sorted { a, b in
            if abs(a.twoTheta - b.twoTheta) > 1e-9 { return a.twoTheta < b.twoTheta }
            if a.phase != b.phase { return a.phase < b.phase }
            return (a.index.x, a.index.y, a.index.z) > (b.index.x, b.index.y, b.index.z)
        }
    }

    private static func longestSpacing(_ calculation: PowderCalculation) -> Double {
        let listed = calculation.reflections.map(\.d).max() ?? 0
        let cells = calculation.model.phases.map { phase in
            1 / phase.structure.lattice.reciprocal.lengths.min()
        }
        return max(listed, cells.max() ?? 0)
    }
}
