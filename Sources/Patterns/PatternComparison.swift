import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Matching
import Parameterization
import Refinement

/// What a file holds that can be compared: a crystal, whose pattern is calculated, or a pattern.
package enum PatternSource: Sendable {
    case crystal(PatternCrystal, CrystalStructure)
    case pattern(PowderPattern)

    /// nil for a crystal.
    package var pattern: PowderPattern? {
        if case .pattern(let pattern) = self { pattern } else { nil }
    }

    /// By content: what reads as a structure is one (a CIF that holds a structure and a profile too), else what reads
    /// as a pattern.
    ///
    /// - Parameter prefersPattern: the pattern, which has to be there.
    package static func read(
        _ file: String, prefersPattern: Bool = false, symmetry: SymmetrySource = .file,
        tolerance: Double? = nil
    ) throws -> PatternSource {
        if prefersPattern {
            // A profile that cannot be read is no reason to take another one.
            return .pattern(try PowderPatternFile.read(file))
        }
        let record: CrystalRecord
        do {
            record = try CrystalFile.readFirst(file)
        } catch let asStructure {
            do {
                return .pattern(try PowderPatternFile.read(file))
            } catch let asPattern {
                throw CrystalFile.format(ofName: file) == nil ? asPattern : asStructure
            }
        }
        return .crystal(
            try PatternCrystal(record, file: file, symmetry: symmetry, tolerance: tolerance),
            record.structure)
    }
}

/// A measure of a comparison: one of Diffraction's similarities, or the variable-cell cross-correlation.
package enum ComparisonMetric: Sendable, Hashable {
    case similarity(SimilarityMeasure)
    /// Needs a crystal, whose cell may move by `strain`.
    case variableCell

    package static let all: [ComparisonMetric] =
        SimilarityMeasure.all.map(ComparisonMetric.similarity) + [.variableCell]

    package var name: String {
        switch self {
        case .similarity(let measure): measure.name
        case .variableCell: "variable-cell"
        }
    }

    package var isSimilarity: Bool {
        if case .similarity(let measure) = self { return measure.isSimilarity }
        return true
    }

    /// Names as typed, `all` for every one.
    package static func list(_ names: [String]) throws(PatternError) -> [ComparisonMetric] {
        var found: [ComparisonMetric] = []
        for name in names.flatMap({ $0.split(separator: ",").map(String.init) }) {
            if name == "all" {
                found += all
            } else if let metric = all.first(where: { $0.name == name }) {
                found.append(metric)
            } else {
                throw .unknownMetric(name, known: all.map(\.name))
            }
        }
        var seen = Set<ComparisonMetric>()
        return found.filter { seen.insert($0).inserted }
    }
}

/// Two patterns, two crystals, or one of each, under any of the measures.
///
/// A crystal's pattern is calculated: beside a measured pattern on that pattern's own grid, beside a crystal on the
/// grid given. The first is the target. For `mse` both have their highest point at 1; for `rwp` the second is scaled
/// by least squares, with weights 1/σ² from the first's file, else 1/max(y, 1) where it was measured, else 1; all
/// other measures are blind to scale.
public struct PatternComparison: Sendable {
    /// How patterns of crystals are calculated.
    public var simulation: PatternSimulation
    /// Of two crystals.
    public var grid: [Double]
    /// Whether the wavelength of a measured pattern's file gives way to the simulation's.
    public var overridesWavelength = false
    /// Narrows the comparison, degrees 2θ.
    public var range: ClosedRange<Double>?
    /// Estimates a measured pattern's background, which is then taken away; nil leaves it.
    public var background: (@Sendable (PowderPattern, Radiation) -> [Double])?
    /// The largest strain of the variable-cell measures, as a share.
    public var strain = 0.05
    /// Those of the structures' match, where both are crystals.
    public var tolerances = MatchTolerances()

    /// Comparisons on a grid of angles, degrees 2θ.
    public init(simulation: PatternSimulation, grid: [Double]) {
        self.simulation = simulation
        self.grid = grid
    }

    /// A measure and its value.
    public struct Measured: Sendable, Hashable {
        /// Which measure.
        package let metric: ComparisonMetric
        /// nil where the measure does not apply: the variable cell without a crystal, a pattern without intensity.
        public let value: Double?
    }

    /// A free lattice parameter where a measure ends.
    public struct CellParameter: Sendable, Hashable {
        /// As `Parameter.name`: `a`, `beta`.
        public let name: String
        /// Å or degrees.
        public let value: Double
    }

    /// Every measure that was asked for, with what was done before.
    public struct Result: Sendable {
        /// In the order in which they were asked for.
        public let values: [Measured]
        /// The grid and the scaling on which they were compared.
        package let common: CommonGrid
        /// Where both are crystals.
        public let match: StructureMatch?
        /// Whether structures, and not patterns alone, were given.
        public let bothAreCrystals: Bool
        /// The free lattice parameters that the variable-cell measure ends at.
        public let movedCell: [CellParameter]
        /// What limits the comparison, a line each.
        public let warnings: [String]
    }

    /// - Throws: `PatternError`; `CancellationError` where the task is cancelled, in the middle of a match too.
    package func compare(
        _ a: PatternSource, _ b: PatternSource, metrics: [ComparisonMetric]
    ) throws -> Result {
        var warnings: [String] = []
        let radiation = radiation(of: a) ?? radiation(of: b) ?? simulation.instrument.radiation
        let first = try pattern(of: a, beside: b, radiation: radiation, &warnings)
        let second = try pattern(of: b, beside: a, radiation: radiation, &warnings)
        let common = try CommonGrid(first, second, range: range)
        let weights = Self.weights(common, isMeasured: a.isPattern)
        var moved: [CellParameter] = []
        var values: [Measured] = []
        for metric in metrics {
            try Task.checkCancellation()
            switch metric {
            case .similarity(let measure):
                values.append(Measured(metric: metric, value: value(measure, common, weights)))
            case .variableCell:
                let found = try variableCell(a, b, common, radiation)
                moved = found?.cell ?? []
                values.append(Measured(metric: metric, value: found?.value))
            }
        }
        var match: StructureMatch?
        var both = false
        if case .crystal(_, let x) = a, case .crystal(_, let y) = b {
            both = true
            match = try StructureMatch.find(
                MatchCandidate(x, tolerance: tolerances.primitive, settings: tolerances.search),
                MatchCandidate(y, tolerance: tolerances.primitive, settings: tolerances.search),
                tolerances: tolerances, check: { try Task.checkCancellation() })
        }
        try Task.checkCancellation()
        return Result(
            values: values, common: common, match: match, bothAreCrystals: both, movedCell: moved,
            warnings: warnings)
    }

    private func radiation(of source: PatternSource) -> Radiation? {
        guard !overridesWavelength, case .pattern(let pattern) = source else { return nil }
        return pattern.radiation
    }

    private func pattern(
        of source: PatternSource, beside other: PatternSource, radiation: Radiation,
        _ warnings: inout [String]
    ) throws -> PowderPattern {
        switch source {
        case .crystal(let crystal, _):
            warnings += crystal.warnings.map { "\(crystal.file): \($0)" }
            var simulation = simulation
            simulation.instrument.radiation = radiation
            let grid: [Double] =
                if case .pattern(let measured) = other {
                    measured.twoTheta.filter { $0 >= 0 && $0 < 180 }
                } else { self.grid }
            let result = try simulation.simulate([crystal], twoTheta: grid)
            warnings += result.warnings
            return result.pattern
        case .pattern(var pattern):
            if overridesWavelength { pattern.radiation = radiation }
            if let background {
                let base = background(pattern, pattern.radiation ?? radiation)
                pattern.intensity = zip(pattern.intensity, base).map { $0 - $1 }
            }
            return pattern
        }
    }

    private static func weights(_ common: CommonGrid, isMeasured: Bool) -> [Double] {
        guard isMeasured else { return [Double](repeating: 1, count: common.first.count) }
        return PowderPattern(
            twoTheta: common.twoTheta, intensity: common.first, sigma: common.firstSigma
        ).weights()
    }

    private func value(_ measure: SimilarityMeasure, _ common: CommonGrid, _ weights: [Double]) -> Double? {
        var (x, y) = (common.first, common.second)
        switch measure {
        case .meanSquaredError:
            guard let top = x.max(), let other = y.max(), top > 0, other > 0 else { return nil }
            x = x.map { $0 / top }
            y = y.map { $0 / other }
        case .weightedProfileR:
            var (product, square) = (0.0, 0.0)
            for i in x.indices {
                product += weights[i] * x[i] * y[i]
                square += weights[i] * y[i] * y[i]
            }
            guard square > 0 else { return nil }
            y = y.map { $0 * product / square }
        default: break
        }
        let prepared = measure.prepared(target: x, twoTheta: common.twoTheta, weights: weights)
        let value = prepared.value(y)
        return value.isFinite ? value : nil
    }

    /// The cell of a crystal moves (the second's if both are) against the pattern of the other.
    private func variableCell(
        _ a: PatternSource, _ b: PatternSource, _ common: CommonGrid, _ radiation: Radiation
    ) throws -> (value: Double, cell: [CellParameter])? {
        let crystal: PatternCrystal
        let target: [Double]
        switch (a, b) {
        case (_, .crystal(let second, _)): (crystal, target) = (second, common.first)
        case (.crystal(let first, _), _): (crystal, target) = (first, common.second)
        default: return nil
        }
        var simulation = simulation
        simulation.instrument.radiation = radiation
        let measure = VariableCellCrossCorrelation(strain: strain)
        let found = try measure.evaluate(
            simulation.model([crystal]), target: target, twoTheta: common.twoTheta,
            check: { try Task.checkCancellation() })
        return (
            found.similarity,
            zip(crystal.structure.latticeParameters.names, found.lattice).map {
                CellParameter(name: $0, value: $1)
            }
        )
    }
}

extension PatternSource {
    package var isPattern: Bool {
        if case .pattern = self { return true }
        return false
    }
}
